"""Voting on threads and replies. Casting again replaces; 0 withdraws."""

from sqlalchemy.orm import Session

from forum.accounts.errors import EmailNotConfirmed
from forum.accounts.identity import Viewer
from forum.accounts.policy import may_judge
from forum.config import settings_of
from forum.core import clock, outbox
from forum.replies import commands as replies
from forum.threads import commands as threads
from forum.votes.errors import SelfVote
from forum.votes.events import ReplyVoted, ThreadVoted
from forum.votes.models import ReplyVote, ThreadVote


def vote_on_thread(session: Session, actor: Viewer, thread_id: int, value: int) -> None:
    """Vote +1 or -1, or withdraw with 0; raises `ThreadNotFound`, `ThreadIsGone`, `SelfVote`."""
    _require_voter(session, actor)
    thread = threads.lock_row(session, thread_id)
    threads.require_visible(thread)
    if thread.author_id == actor.id:
        raise SelfVote
    up, down = _replace(session, ThreadVote, {"thread_id": thread_id}, actor, value)
    if up or down:
        threads.count_votes(session, thread, up, down)
        outbox.record(session, ThreadVoted(thread_id, actor.id, value))


def vote_on_reply(session: Session, actor: Viewer, reply_id: int, value: int) -> None:
    """Vote +1 or -1, or withdraw with 0; raises `ReplyNotFound`, `ReplyIsGone`, `SelfVote`."""
    _require_voter(session, actor)
    reply = replies.lock_row(session, reply_id)
    replies.require_visible(reply)
    if reply.author_id == actor.id:
        raise SelfVote
    up, down = _replace(session, ReplyVote, {"reply_id": reply_id}, actor, value)
    if up or down:
        replies.count_votes(session, reply, up, down)
        outbox.record(session, ReplyVoted(reply_id, actor.id, value))


def _require_voter(session: Session, actor: Viewer) -> None:
    if not may_judge(actor, settings_of(session).require_confirmed_email):
        raise EmailNotConfirmed


def _replace(
    session: Session,
    table: type[ThreadVote] | type[ReplyVote],
    target: dict[str, int],
    actor: Viewer,
    value: int,
) -> tuple[int, int]:
    """Store the vote; gives by how much the votes up and down change."""
    key = {"member_id": actor.id, **target}
    vote = session.get(table, key, populate_existing=True)
    before = vote.value if vote else 0
    if value == before:
        return 0, 0
    if vote is None:
        session.add(table(**key, value=value, voted_at=clock.now()))
    elif value == 0:
        session.delete(vote)
    else:
        vote.value, vote.voted_at = value, clock.now()
    session.flush()
    return (value == 1) - (before == 1), (value == -1) - (before == -1)
