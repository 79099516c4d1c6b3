"""Leaving: the account ends at once, and all that can be much goes part by part afterwards."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from functools import partial

from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.accounts.events import WordsDestroyed
from forum.accounts.identity import Viewer
from forum.core import clock, outbox
from forum.moderation.queue import items, snapshots
from forum.moderation.reports import commands as reports
from forum.notifications import commands as notifications
from forum.portability.models import REMOVE, Erasure
from forum.replies import erasure as words
from forum.replies.erasure import Words

TOGETHER = 100
"""Texts or notifications that go in one transaction; on SQLite it keeps other writers waiting."""
MEANWHILE = timedelta(minutes=1)
"""No request takes longer: after it nothing comes of those that began before the account ended."""

Step = Callable[[Session], None]
Forget = Callable[[Session, Sequence[int]], None]


def leave(session: Session, actor: Viewer, content: str) -> None:
    """End the account of `actor`; with `content` "remove" what they wrote goes soon afterwards.

    Raises `LastAdmin`, and `InvalidToken` for who has left already.
    """
    member = accounts.lock_for_erasure(session, actor.id)
    if member.email and member.email_confirmed_at:
        notifications.forget_address(session, member.email)
    accounts.erase(session, member, content)
    now = clock.now()
    session.add(Erasure(member_id=actor.id, content=content, asked_at=now, due_at=now))


def steps(session: Session, erasure: Erasure) -> Iterator[Step]:
    """What is left to be done, each step in a transaction of its own; any number of times."""
    member_id = erasure.member_id
    if erasure.content == REMOVE:
        for part in words.words_of(session, member_id).parts(TOGETHER):
            yield partial(_destroy, member_id, part)
        yield partial(_forget_reasons, member_id)
    yield from _each_part(snapshots.forget, snapshots.of_author(session, member_id))
    yield from _each_part(notifications.forget, notifications.told_to(session, member_id))
    yield partial(_finish, erasure.id)


def go_on_later(erasure_id: int, session: Session) -> None:
    """Let somebody do the rest."""
    session.get_one(Erasure, erasure_id).due_at = clock.now()


def _destroy(member_id: int, part: Words, session: Session) -> None:
    items.forget_words(session, part.thread_ids, part.reply_ids)
    words.destroy(session, member_id, part)
    outbox.record(session, WordsDestroyed(member_id))


def _forget_reasons(member_id: int, session: Session) -> None:
    reports.forget_notes(session, member_id)


def _each_part(forget: Forget, ids: Sequence[int]) -> Iterator[Step]:
    for at in range(0, len(ids), TOGETHER):
        yield partial(_forget, forget, ids[at : at + TOGETHER])


def _forget(forget: Forget, ids: Sequence[int], session: Session) -> None:
    forget(session, ids)


def _finish(erasure_id: int, session: Session) -> None:
    """Look again when no request can be under way that began before the account ended."""
    erasure = session.get_one(Erasure, erasure_id)
    accounts.withdraw_access(session, erasure.member_id)
    notifications.forget_member(session, erasure.member_id)
    last_look = erasure.asked_at + MEANWHILE
    is_over = clock.now() >= last_look
    erasure.due_at = None if is_over else last_look
    erasure.finished_at = clock.now() if is_over else None
