"""Replies put into the database by the thousand, as commands would have left them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Integer, LargeBinary, Text, case, cast, func, insert, literal, select, update
from sqlalchemy.orm import Session

from forum.core import ranking
from forum.core.db import is_sqlite
from forum.replies import tree_key
from forum.replies.models import FLAGS, TECHNICAL, Reply
from tests.community import Json

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Sketch:
    """A reply to be: below which earlier one, whom it answers, and what became of it."""

    parent: int | None = None
    answers: int | None = None
    up: int = 0
    down: int = 0
    path: str | None = None
    bridge: bool = False
    gone: str | None = None
    minute: int = 0

    @property
    def at(self) -> datetime:
        return BEGINNING + timedelta(minutes=self.minute)


def plant(session: Session, thread: Json, author_id: int, sketches: Sequence[Sketch]) -> list[int]:
    """Store the replies, parents first, with all that is derived of them; gives their ids."""
    first = (session.scalar(select(func.max(Reply.id))) or 0) + 1
    reply_counts, child_counts = _count(sketches)
    keys: list[bytes] = []
    rows = []
    for index, sketch in enumerate(sketches):
        above = b"" if sketch.parent is None else keys[sketch.parent]
        keys.append(tree_key.child_key(above, first + index))
        answers = sketch.parent if sketch.answers is None else sketch.answers
        rows.append(
            {
                "id": first + index,
                "thread_id": thread["id"],
                "post_id": thread["post_id"],
                "author_id": author_id,
                "parent_id": None if sketch.parent is None else first + sketch.parent,
                "reply_to_id": None if answers is None else first + answers,
                "depth": len(above) // tree_key.STEP,
                "tree_key": keys[index],
                "body": f"Number {index}.",
                "body_html": f"<p>Number {index}.</p>",
                "created_at": sketch.at,
                "reply_count": reply_counts[index],
                "child_count": child_counts[index],
                "up": sketch.up,
                "down": sketch.down,
                "best": ranking.wilson_lower_bound(sketch.up, sketch.down),
                "controversy": ranking.controversy(sketch.up, sketch.down),
                "path": sketch.path,
                "contested": sketch.bridge,
                "bridge": sketch.bridge,
                **_entrances(sketch),
                "deleted_at": sketch.at if sketch.gone == "deleted" else None,
                "removed_at": sketch.at if sketch.gone == "removed" else None,
                "turned_at": sketch.at if sketch.gone else None,
            }
        )
    if rows:
        session.execute(insert(Reply), rows)
    _leave(session)
    return [row["id"] for row in rows]


def plant_children(session: Session, parent_id: int, number: int) -> None:
    """Add so many direct replies; quick, made in one query.

    The first half has no votes, so that all of it ranks alike, and nobody is on the other path.
    """
    parent = session.get_one(Reply, parent_id)
    last = session.scalar(select(func.max(Reply.id))) or 0
    numbers = select(literal(1, Integer).label("n")).cte("numbers", recursive=True)
    numbers = numbers.union_all(select(numbers.c.n + 1).where(numbers.c.n < number))
    n = numbers.c.n
    values = {
        "id": last + n,
        "thread_id": literal(parent.thread_id),
        "post_id": literal(parent.post_id),
        "author_id": literal(parent.author_id),
        "parent_id": literal(parent.id),
        "reply_to_id": literal(parent.id),
        "depth": literal(parent.depth + 1),
        "tree_key": cast("child " + cast(n, Text), LargeBinary),
        "body": literal("One of many."),
        "body_html": literal("<p>One of many.</p>"),
        "created_at": literal(BEGINNING, Reply.created_at.type),
        "up": case((n > number // 2, n % 7), else_=0),
        "best": case((n > number // 2, n % 1000 / 1000.0), else_=0.0),
        "controversy": case((n > number // 2, n % 10 / 10.0), else_=0.0),
        "path": case((n % 50 == 0, TECHNICAL)),
        "technical_entered_at": case((n % 50 == 0, literal(BEGINNING, Reply.created_at.type))),
    }
    session.execute(insert(Reply).from_select(list(values), select(*values.values())))
    counts = {"reply_count": number, "child_count": number}
    session.execute(update(Reply).where(Reply.id == parent_id).values(counts))
    _leave(session)


def _count(sketches: Sequence[Sketch]) -> tuple[list[int], list[int]]:
    """Visible replies below each, and direct ones that are visible or have visible ones below."""
    below = [0] * len(sketches)
    children = [0] * len(sketches)
    for index in reversed(range(len(sketches))):
        parent, visible = sketches[index].parent, sketches[index].gone is None
        if parent is not None:
            below[parent] += below[index] + visible
            children[parent] += visible or below[index] > 0
    return below, children


def _entrances(sketch: Sketch) -> Json:
    """When it came to the paths that it stands on."""
    stands_on = {flag: sketch.bridge or sketch.path == path for flag, path in FLAGS.items()}
    return {
        f"{flag}_{time}": sketch.at if is_on and was_so else None
        for flag, is_on in stands_on.items()
        for time, was_so in (("entered_at", True), ("turned_at", sketch.gone is not None))
    }


def _leave(session: Session) -> None:
    """Let others see the rows, and the next id be above theirs."""
    if not is_sqlite(session.connection()):
        highest = select(func.max(Reply.id)).scalar_subquery()
        session.execute(select(func.setval(func.pg_get_serial_sequence("replies", "id"), highest)))
    session.commit()
