"""Only what stands at the end decides a path: not when or in which order it was said."""

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from forum.paths.commands import path_state
from forum.replies.models import Reply
from tests.community import Community, Json, Person

TECHNICAL, MANAGEMENT, NEITHER = "technical-path", "management-path", "neither"
VOTERS = 7

Ballots = Sequence[tuple[int, str | None]]

few_examples = settings(
    max_examples=max(10, settings().max_examples // 5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
declarations = st.sampled_from([TECHNICAL, MANAGEMENT, None])
values = st.sampled_from([TECHNICAL, MANAGEMENT, NEITHER, None])
final_ballots = st.lists(values, min_size=VOTERS, max_size=VOTERS)
detours = st.lists(st.tuples(st.integers(0, VOTERS - 1), values), max_size=8)


@pytest.fixture
def voters(community: Community) -> list[Person]:
    return community.members(VOTERS)


def cast(voters: list[Person], reply: Json, ballots: Ballots) -> None:
    """Cast or withdraw, one after the other."""
    for voter, value in ballots:
        url = f"/replies/{reply['id']}/ballot"
        if value is None:
            voters[voter].ok("DELETE", url)
        else:
            voters[voter].ok("PUT", url, {"path": value})


@few_examples
@given(declared=declarations, final=final_ballots, detours=detours, data=st.data())
def test_the_same_ballots_in_any_order_give_the_same_path(
    community: Community,
    voters: list[Person],
    declared: str | None,
    final: list[str | None],
    detours: Ballots,
    data: st.DataObject,
) -> None:
    thread = community.thread()
    straight, shuffled = (community.reply(thread=thread, path=declared) for _ in range(2))
    ballots = list(enumerate(final))
    cast(voters, straight, ballots)
    cast(voters, shuffled, [*detours, *data.draw(st.permutations(ballots))])
    paths = [
        community.passer_by.ok("GET", f"/replies/{reply['id']}/path")
        for reply in (straight, shuffled)
    ]
    assert paths[0] == paths[1]


@few_examples
@given(declared=declarations, ballots=detours, pinned=st.booleans())
def test_rebuilding_from_the_rows_gives_the_stored_state(
    community: Community,
    session: Session,
    voters: list[Person],
    declared: str | None,
    ballots: Ballots,
    pinned: bool,
) -> None:
    reply = community.reply(path=declared)
    if pinned:
        pin = {"path": MANAGEMENT, "reason": "Settled."}
        community.moderator().ok("PUT", f"/replies/{reply['id']}/pin", pin)
    cast(voters, reply, ballots)
    session.rollback()
    stored = session.get_one(Reply, reply["id"])
    rebuilt = path_state(session, stored, stored.declared)
    assert vars(rebuilt) == {name: getattr(stored, name) for name in vars(rebuilt)}
