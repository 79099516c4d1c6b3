"""Paths that the community cannot agree on come before the moderators."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core import clock
from forum.core.db import writing
from forum.moderation.queue.models import DISPUTE, Evidence, ReviewItem
from tests.clocks import LetPass
from tests.community import Community, Json
from tests.databases import on_one_database
from tests.worker import work_off


def disputes(session: Session) -> list[Json]:
    """Why moderators are to settle paths."""
    session.rollback()
    of_item = Evidence.item_id == ReviewItem.id
    found = select(Evidence.why).join(ReviewItem, of_item).where(ReviewItem.kind == DISPUTE)
    return [*session.scalars(found.order_by(Evidence.id))]


def dismiss(session: Session) -> None:
    """Decide the open dispute, and change nothing."""
    session.rollback()
    with writing():
        item = session.scalars(select(ReviewItem).where(ReviewItem.decided_at.is_(None))).one()
        item.decided_at = clock.now()
        session.commit()


@pytest.fixture
def contested(community: Community) -> Json:
    """A reply that six voters cannot agree on."""
    reply = community.reply()
    community.cast(reply, technical=2, management=2, neither=2)
    work_off(community.app)
    return reply


def test_what_is_contested_for_a_day_comes_up_once(
    community: Community, contested: Json, session: Session, let_pass: LetPass
) -> None:
    let_pass(hours=23)
    work_off(community.app)
    assert disputes(session) == []
    let_pass(hours=2)
    work_off(community.app)
    (why,) = disputes(session)
    assert (why["dispute"], why["voters"]) == ("contested", 6)
    community.cast(contested, neither=1)
    let_pass(days=9)
    work_off(community.app)
    assert len(disputes(session)) == 1


@on_one_database
def test_who_decides_about_a_dispute_reads_how_the_votes_stand(
    community: Community, contested: Json, let_pass: LetPass
) -> None:
    let_pass(days=2)
    work_off(community.app)
    path = community.moderator().ok("POST", "/moderation/queue/next")["path"]
    assert path == community.member().ok("GET", f"/replies/{contested['id']}")["path"]
    assert path["ballots"] == {"technical-path": 2, "management-path": 2, "neither": 2}


@on_one_database
def test_a_day_begins_anew_when_people_agree_meanwhile(
    community: Community, contested: Json, session: Session, let_pass: LetPass
) -> None:
    let_pass(hours=23)
    community.cast(contested, technical=7)
    work_off(community.app)
    community.cast(contested, management=5)
    work_off(community.app)
    let_pass(hours=2)
    work_off(community.app)
    assert disputes(session) == []


@on_one_database
@pytest.mark.parametrize("ballots", [{"technical": 3, "management": 3}, {"technical": 2}])
def test_a_bridge_or_what_few_vote_on_is_no_dispute(
    community: Community, session: Session, let_pass: LetPass, ballots: dict[str, int]
) -> None:
    community.cast(community.reply(), **ballots)
    work_off(community.app)
    let_pass(days=3)
    work_off(community.app)
    assert disputes(session) == []


@on_one_database
def test_a_pinned_path_is_no_dispute(
    community: Community, contested: Json, session: Session, let_pass: LetPass
) -> None:
    pin = {"path": "technical-path", "reason": "It is."}
    community.moderator().ok("PUT", f"/replies/{contested['id']}/pin", pin)
    work_off(community.app)
    let_pass(days=3)
    work_off(community.app)
    assert disputes(session) == []


def test_what_flips_too_often_comes_up(community: Community, session: Session) -> None:
    reply = community.reply(path="technical-path")
    for ballots in ({"management": 3}, {"technical": 2}):
        community.cast(reply, **ballots)
        work_off(community.app)
    assert disputes(session) == []
    community.cast(reply, management=2)
    work_off(community.app)
    assert disputes(session) == [{"dispute": "flipping", "flips": 3}]


@on_one_database
def test_a_dispute_rests_when_it_is_dismissed(
    community: Community, contested: Json, session: Session, let_pass: LetPass
) -> None:
    let_pass(hours=25)
    work_off(community.app)
    dismiss(session)
    community.cast(contested, neither=1)
    work_off(community.app)
    let_pass(days=6)
    work_off(community.app)
    assert len(disputes(session)) == 1
    let_pass(days=2)
    work_off(community.app)
    assert len(disputes(session)) == 2
