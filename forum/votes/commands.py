"""Voting on threads and replies. Casting again replaces; 0 withdraws."""

from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, delete, insert, literal, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.accounts import sanctions
from forum.accounts.errors import EmailNotConfirmed
from forum.accounts.identity import Viewer
from forum.accounts.models import VOTING
from forum.accounts.policy import may_judge
from forum.config import settings_of
from forum.core import clock, outbox
from forum.core.db import Model, execute, table_of
from forum.core.many import add_missing
from forum.replies import commands as replies
from forum.replies.models import Reply
from forum.threads import commands as threads
from forum.threads.models import Thread
from forum.votes.errors import SelfVote
from forum.votes.events import ReplyVoted, ThreadVoted
from forum.votes.models import ReplyVote, ThreadVote


class Tally(NamedTuple):
    """How many votes there are on a thread or reply."""

    up: int
    down: int


def vote_on_thread(session: Session, actor: Viewer, thread_id: int, value: int) -> Tally:
    """Vote +1 or -1, or withdraw with 0.

    Raises `ThreadNotFound`, `ThreadIsGone`, `SelfVote`, `EmailNotConfirmed` or `Sanctioned`.
    """
    _require_voter(session, actor)
    thread = threads.lock_for_votes(session, _ON_THREADS.lock, of=thread_id, by=actor.id)
    if thread.author_id == actor.id:
        raise SelfVote
    up, down = _replace(session, _ON_THREADS, thread, actor.id, value)
    if up or down:
        threads.count_votes(session, thread, up, down)
        outbox.record(session, ThreadVoted(thread.post_id, thread_id, actor.id, value))
    return Tally(thread.up + up, thread.down + down)


def vote_on_reply(session: Session, actor: Viewer, reply_id: int, value: int) -> Tally:
    """Vote +1 or -1, or withdraw with 0.

    Raises `ReplyNotFound`, `ReplyIsGone`, `SelfVote`, `EmailNotConfirmed` or `Sanctioned`.
    """
    _require_voter(session, actor)
    reply = replies.lock_for_votes(session, _ON_REPLIES.lock, of=reply_id, by=actor.id)
    if reply.author_id == actor.id:
        raise SelfVote
    up, down = _replace(session, _ON_REPLIES, reply, actor.id, value)
    if up or down:
        replies.count_votes(session, reply, up, down)
        voted = ReplyVoted(reply.post_id, reply.thread_id, reply_id, actor.id, value)
        outbox.record(session, voted)
    return Tally(reply.up + up, reply.down + down)


def carry_to_thread(session: Session, reply: Reply, thread: Thread) -> None:
    """Let the votes on a hidden reply be votes on a thread."""
    up, down = reply.up, reply.down
    _carry(session, ReplyVote.reply_id, reply.id, ThreadVote.thread_id, thread.id)
    replies.set_votes(session, reply, 0, 0)
    threads.set_votes(session, thread, up, down)


def carry_to_reply(session: Session, thread: Thread, reply: Reply) -> None:
    """Let the votes on a thread be votes on a hidden reply."""
    up, down = thread.up, thread.down
    _carry(session, ThreadVote.thread_id, thread.id, ReplyVote.reply_id, reply.id)
    threads.set_votes(session, thread, 0, 0)
    replies.set_votes(session, reply, up, down)


def _require_voter(session: Session, actor: Viewer) -> None:
    if not may_judge(actor, settings_of(session).judging_needs_confirmed_email):
        raise EmailNotConfirmed
    sanctions.refuse_barred(actor, VOTING)


class _Votes:
    """The statements on one of the two tables, built once; `lockable` is what is voted on."""

    def __init__(self, model: type[Model], target: str, lockable: Select[Any]) -> None:
        self.model, table = model, table_of(model)
        mine = (table.c[target] == bindparam("of"), table.c.member_id == bindparam("by"))
        was = table.c.value == bindparam("before")
        named = {target: "of", "member_id": "by", "value": "new", "voted_at": "at"}
        self.read = select(table.c.value).where(*mine)
        self.lock = lockable.add_columns(self.read.scalar_subquery().label("before"))
        self.add = select(
            *(bindparam(b, type_=table.c[name].type).label(name) for name, b in named.items())
        )
        self.remove = delete(table).where(*mine, was)
        self.change = (
            update(table).where(*mine, was).values(value=bindparam("new"), voted_at=bindparam("at"))
        )


_ON_THREADS = _Votes(ThreadVote, "thread_id", threads.FOR_VOTES)
_ON_REPLIES = _Votes(ReplyVote, "reply_id", replies.FOR_VOTES)


def _replace(
    session: Session, votes: _Votes, locked: Row[Any], member_id: int, value: int
) -> tuple[int, int]:
    """Store the vote; gives by how much the votes up and down change.

    The vote before was found when the lock was asked for: if the same member has voted until it was
    given, nothing is stored in place of that one, and it is found again.
    """
    key, before = {"of": locked.id, "by": member_id}, locked.before or 0
    while value != before and not _stored(session, votes, key, before, value):
        before = execute(session, votes.read, key).scalar() or 0
    return (value == 1) - (before == 1), (value == -1) - (before == -1)


def _stored(session: Session, votes: _Votes, key: dict[str, int], before: int, value: int) -> bool:
    """Store a vote in place of another one; whether that is the one that was there."""
    if value == 0:
        return execute(session, votes.remove, {**key, "before": before}).rowcount == 1
    vote = {**key, "new": value, "at": clock.now()}
    if before == 0:
        return add_missing(session, votes.model, votes.add, vote) == 1
    return execute(session, votes.change, {**vote, "before": before}).rowcount == 1


def _carry(
    session: Session,
    source: InstrumentedAttribute[int],
    source_id: int,
    target: InstrumentedAttribute[int],
    target_id: int,
) -> None:
    """Put the votes on one thing among those on another."""
    left, joined = source.class_, target.class_
    found = select(literal(target_id), left.member_id, left.value, left.voted_at)
    columns = [target.key, "member_id", "value", "voted_at"]
    session.execute(insert(joined).from_select(columns, found.where(source == source_id)))
    gone = delete(left).where(source == source_id)
    session.execute(gone.execution_options(synchronize_session=False))
