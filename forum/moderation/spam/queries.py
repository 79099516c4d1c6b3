"""Reading what a service is to be asked about, or told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.config import settings_of
from forum.core.db import table_of
from forum.core.pages import Record, rows
from forum.moderation.spam.models import SpamCheck
from forum.moderation.spam.suspects import Sender, Suspect
from forum.replies.models import Reply
from forum.threads.models import Thread

_CHECK, _MEMBER = table_of(SpamCheck).c, table_of(Member).c
_REPLY, _THREAD = table_of(Reply).c, table_of(Thread).c


@dataclass(frozen=True)
class Question:
    """A text that a service is asked about; with `tell`, what it is told instead."""

    check_id: int
    thread_id: int | None
    reply_id: int | None
    held_at: datetime
    attempts: int
    tell: str | None
    suspect: Suspect


_WRITER = (_MEMBER.username, _MEMBER.email)
_ABOUT = select(*_CHECK).where(_CHECK.id == bindparam("of_id"))
_OF_REPLY = (
    select(_REPLY.body, _REPLY.created_at, *_WRITER)
    .join(table_of(Member), _MEMBER.id == _REPLY.author_id)
    .where(_REPLY.id == bindparam("of_id"), _REPLY.purged_at.is_(None))
)
_OF_THREAD = (
    select(_THREAD.title, _THREAD.body, _THREAD.created_at, *_WRITER)
    .join(table_of(Member), _MEMBER.id == _THREAD.author_id)
    .where(_THREAD.id == bindparam("of_id"), _THREAD.purged_at.is_(None))
)


def question(session: Session, check_id: int) -> Question | None:
    """What a check is about; None if its words are destroyed."""
    (check,) = rows(session, _ABOUT, of_id=check_id)
    is_thread = check.reply_id is None
    of_text = check.thread_id if is_thread else check.reply_id
    found = rows(session, _OF_THREAD if is_thread else _OF_REPLY, of_id=of_text)
    if not found:
        return None
    base_url = settings_of(session).base_url
    suspect = Suspect(
        words=_words(found[0], is_thread),
        url=f"{base_url}/{'threads' if is_thread else 'replies'}/{of_text}",
        written_at=found[0].created_at,
        author=found[0].username,
        email=found[0].email,
        is_thread=is_thread,
        sender=Sender.unsealed(settings_of(session).secret_key, check.sender),
    )
    of_check = (check.id, check.thread_id, check.reply_id, check.held_at, check.attempts)
    return Question(*of_check, tell=check.tell, suspect=suspect)


def _words(text: Record, is_thread: bool) -> str:
    return f"{text.title}\n\n{text.body}" if is_thread and text.title else str(text.body)
