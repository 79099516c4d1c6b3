"""What a member said about the texts of a guest who turns out to be themselves."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.paths import commands as paths
from forum.paths.models import Ballot
from forum.replies.models import Reply
from forum.threads.models import Thread
from forum.votes import commands as votes
from forum.votes.models import ReplyVote, ThreadVote


def withdraw(session: Session, actor: Viewer, author_id: int) -> None:
    """Take back votes and ballots on texts of `author_id`: nobody judges their own."""
    for reply_id in _judged(session, Reply, ReplyVote, ReplyVote.reply_id, actor, author_id):
        votes.vote_on_reply(session, actor, reply_id, 0)
    for thread_id in _judged(session, Thread, ThreadVote, ThreadVote.thread_id, actor, author_id):
        votes.vote_on_thread(session, actor, thread_id, 0)
    for reply_id in _judged(session, Reply, Ballot, Ballot.reply_id, actor, author_id):
        paths.cast_ballot(session, actor, reply_id, None)


def _judged(
    session: Session, text: Any, judgement: Any, target: Any, actor: Viewer, author_id: int
) -> list[int]:
    mine = (judgement.member_id == actor.id, text.author_id == author_id, text.visible)
    found = select(text.id).join(judgement, target == text.id).where(*mine)
    return list(session.scalars(found.order_by(text.id)))
