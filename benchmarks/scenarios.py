"""What is measured, in the order of the report."""

from dataclasses import dataclass
from enum import Enum

from benchmarks import isso_work, work
from benchmarks.generators import CLIENTS
from benchmarks.work import Work

WRITE = "write"
NOT_MODIFIED = "not-modified"
CROWD = 128


class Stage(Enum):
    """What the product runs with: all replies or few, and whether it keeps rendered pages."""

    USUAL = "usual"
    UNCACHED = "uncached"
    FEW = "few"


@dataclass(frozen=True)
class Scenario:
    """One kind of work.

    `ceiling` names the scenario whose bytes the bare view returns, or is `WRITE` or
    `NOT_MODIFIED`; `aims` are the shares of it to reach on SQLite and on PostgreSQL. Instead,
    `against` names the scenario that this one may cost `at_most` times as much as. Requests come
    over `clients` connections, and for `warm_up` seconds before anything is measured.
    """

    name: str
    title: str
    work: Work
    ceiling: str | None = None
    aims: tuple[float, float] | None = None
    isso: Work | None = None
    stage: Stage = Stage.USUAL
    against: str | None = None
    at_most: float = 1.0
    clients: int = CLIENTS
    warm_up: int = 1


USUAL = (
    Scenario(
        "page",
        "page of 20 replies",
        work.page,
        ceiling="page",
        aims=(0.70, 0.40),
        isso=isso_work.page,
    ),
    Scenario(
        "page-missed",
        "page of 20 replies, every time of another thread",
        work.another_page,
        ceiling="page",
        aims=(0.20, 0.12),
        isso=isso_work.another_page,
    ),
    Scenario("tree", "tree of a thread as it opens", work.tree, ceiling="tree"),
    Scenario(
        "signed-in",
        "page of 20 replies with one's own votes and ballots",
        work.signed_in_page,
        ceiling="page",
        aims=(0.12, 0.08),
    ),
    Scenario("counts", "counts of 100 pages", work.counts, ceiling="counts", isso=isso_work.counts),
    Scenario(
        "feed",
        "feed of the newest",
        work.feed,
        ceiling="feed",
        aims=(0.60, 0.60),
        isso=isso_work.feed,
    ),
    Scenario(
        "feed-unchanged",
        "feed with a matching validator",
        work.unchanged_feed,
        ceiling=NOT_MODIFIED,
        aims=(0.70, 0.70),
        isso=isso_work.unchanged_feed,
    ),
    Scenario(
        "reply",
        "new reply",
        work.new_replies,
        ceiling=WRITE,
        aims=(0.40, 0.40),
        isso=isso_work.new_replies,
    ),
    Scenario("vote", "vote", work.votes, ceiling=WRITE, aims=(0.40, 0.40), isso=isso_work.votes),
    Scenario(
        "mix",
        "95 % pages by Zipf's law over 1,000 threads, 5 % writes",
        work.mix,
        ceiling="page",
        aims=(0.40, 0.40),
        warm_up=5,
    ),
)

UNCACHED = (
    Scenario(
        "counts-missed",
        "counts of 100 pages, nothing kept",
        work.counts,
        ceiling="counts",
        isso=isso_work.counts,
        stage=Stage.UNCACHED,
    ),
    Scenario("small", "page of a thread of 100", work.small_thread, stage=Stage.UNCACHED),
    Scenario(
        "huge",
        "page of the huge thread",
        work.huge_thread,
        stage=Stage.UNCACHED,
        against="small",
        at_most=1.3,
    ),
    *(
        Scenario(
            f"huge-{name}",
            f"the huge thread, {title}",
            asked,
            stage=Stage.UNCACHED,
            against="huge",
            at_most=1.5,
        )
        for name, title, asked in (
            ("last", "its last page", work.last_page),
            ("more", "its deepest `more`", work.deepest_more),
            ("new", "`sort=new`", work.huge_sorted("new")),
            ("balanced", "`sort=balanced`", work.huge_sorted("balanced")),
        )
    ),
    *(
        Scenario(f"crowd-{name}", f"{title} for 128 connections", asked, ceiling, clients=CROWD)
        for name, title, asked, ceiling in (
            ("page", "page of 20 replies, every time of another thread", work.another_page, "page"),
            ("reply", "new reply", work.new_replies, WRITE),
        )
    ),
    Scenario("few", "any page, few replies in all", work.another_page, stage=Stage.FEW),
    Scenario(
        "many",
        "any page, all replies",
        work.another_page,
        stage=Stage.UNCACHED,
        against="few",
        at_most=1.3,
    ),
)

SCENARIOS = (*USUAL, *UNCACHED)
