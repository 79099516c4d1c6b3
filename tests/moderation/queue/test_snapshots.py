"""What texts said when they were reported or decided about is kept no longer than needed."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.moderation.queue import snapshots
from forum.moderation.queue.models import Snapshot
from forum.worker.jobs import forget_expired
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Person
from tests.databases import on_one_database
from tests.moderation.queue.scene import claim_next, decided, report
from tests.worker import work_off


def kept(session: Session) -> set[str]:
    """The words that are kept."""
    session.rollback()
    return {*session.scalars(select(Snapshot.body))}


def test_what_was_decided_about_is_kept_while_one_can_appeal(
    community: Community, moderator: Person, session: Session, let_pass: LetPass
) -> None:
    report(community, community.reply(body="Decided."))
    decided(moderator, claim_next(moderator), "remove")
    report(community, community.reply(body="Waiting."))
    for days, words in ((29, {"Decided.", "Waiting."}), (2, {"Waiting."})):
        let_pass(days=days)
        session.rollback()
        forget_expired()
        assert kept(session) == words


@on_one_database
def test_what_was_decided_late_is_kept_from_then_on(
    community: Community, moderator: Person, session: Session, let_pass: LetPass
) -> None:
    report(community, community.thread(body="Decided late."))
    let_pass(days=20)
    decided(moderator, claim_next(moderator), "dismiss")
    for days, words in ((20, {"Decided late."}), (11, set[str]())):
        let_pass(days=days)
        session.rollback()
        forget_expired()
        assert kept(session) == words


@on_one_database
def test_it_goes_part_by_part_and_the_oldest_first(
    community: Community,
    moderator: Person,
    session: Session,
    let_pass: LetPass,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(snapshots, "MOST_FORGOTTEN", 1)
    for body in ("First.", "Second."):
        report(community, community.reply(body=body))
        decided(moderator, claim_next(moderator), "dismiss")
    let_pass(days=31)
    for left in ({"Second."}, set[str]()):
        session.rollback()
        forget_expired()
        assert kept(session) == left


@pytest.mark.parametrize("content", ["keep", "remove"])
def test_it_goes_with_its_author(community: Community, session: Session, content: str) -> None:
    author = community.member(password=PASSWORD)
    thread = community.thread(author, body="Mine.")
    for text in (thread, community.reply(author, thread, body="Mine, too."), community.reply()):
        report(community, text)
    author.ok("POST", "/me/erasure", {"password": PASSWORD, "content": content})
    work_off(community.app)
    assert kept(session) == {"I would stay."}
