"""What is new, read afresh: a thread or reply that can be seen, and whom it concerns."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from sqlalchemy import bindparam, case, null, select
from sqlalchemy.orm import Session

from forum.core.pages import rows
from forum.notifications.mentions import mentioned
from forum.replies.models import Reply
from forum.replies.tree_key import ancestor_ids
from forum.threads.models import Thread

_REPLY = Reply.__table__.c
_THREAD = Thread.__table__.c


@dataclass(frozen=True)
class News:
    """A text: where it stands, who wrote it, whom it answers or names, and who wrote above it."""

    author_id: int
    post_id: int
    thread_id: int
    reply_id: int | None = None
    on_technical: bool = False
    on_management: bool = False
    answered: frozenset[int] = frozenset()
    above: frozenset[int] = frozenset()
    mentioned: frozenset[int] = frozenset()

    def to_named(self) -> Self:
        """The same, concerning only whom it names."""
        return replace(self, answered=frozenset(), above=frozenset())

    def to_nobody(self) -> Self:
        """The same, concerning only who follows."""
        return replace(self.to_named(), mentioned=frozenset())


_SEEN_THREAD = select(_THREAD.post_id, _THREAD.author_id, _THREAD.body_html).where(
    _THREAD.id == bindparam("of_id"), _THREAD.visible
)
_SEEN_REPLY = (
    select(
        *(_REPLY[n] for n in ("thread_id", "post_id", "author_id", "reply_to_id", "tree_key")),
        *(_REPLY[n] for n in ("body_html", "on_technical", "on_management")),
        case((_THREAD.visible, _THREAD.author_id), else_=null()).label("opener_id"),
    )
    .join(Thread.__table__, _THREAD.id == _REPLY.thread_id)
    .where(_REPLY.id == bindparam("of_id"), _REPLY.visible)
)
_AUTHORS = select(_REPLY.id, _REPLY.author_id).where(
    _REPLY.id.in_(bindparam("ids", expanding=True)), _REPLY.visible
)
_THREAD_PLACE = select(_THREAD.author_id, _THREAD.post_id).where(_THREAD.id == bindparam("of_id"))
_REPLY_PLACE = select(_REPLY.author_id, _REPLY.post_id, _REPLY.thread_id).where(
    _REPLY.id == bindparam("of_id")
)


def place_of_thread(session: Session, thread_id: int) -> News:
    """A thread, whether it can be seen or not, concerning nobody."""
    (row,) = rows(session, _THREAD_PLACE, of_id=thread_id)
    return News(row.author_id, row.post_id, thread_id)


def place_of_reply(session: Session, reply_id: int) -> News:
    """A reply, whether it can be seen or not, concerning nobody."""
    (row,) = rows(session, _REPLY_PLACE, of_id=reply_id)
    return News(row.author_id, row.post_id, row.thread_id, reply_id)


def of_thread(session: Session, thread_id: int) -> News | None:
    """A thread; None if it cannot be seen."""
    for row in rows(session, _SEEN_THREAD, of_id=thread_id):
        named = frozenset(mentioned(session, row.body_html))
        return News(row.author_id, row.post_id, thread_id, mentioned=named)
    return None


def of_reply(session: Session, reply_id: int) -> News | None:
    """A reply; None if it cannot be seen. What is hidden above it has no author here."""
    for row in rows(session, _SEEN_REPLY, of_id=reply_id):
        authors = _authors(session, {*ancestor_ids(row.tree_key), row.reply_to_id} - {None})
        opener = row.opener_id
        answered = authors.get(row.reply_to_id) if row.reply_to_id else opener
        return News(
            row.author_id,
            row.post_id,
            row.thread_id,
            reply_id,
            row.on_technical,
            row.on_management,
            answered=_known(answered),
            above=_known(*authors.values(), opener),
            mentioned=frozenset(mentioned(session, row.body_html)),
        )
    return None


def _known(*member_ids: int | None) -> frozenset[int]:
    return frozenset(member_id for member_id in member_ids if member_id is not None)


def _authors(session: Session, reply_ids: Collection[int]) -> dict[int, int]:
    """Who wrote replies that can be seen, by the reply."""
    if not reply_ids:
        return {}
    return {row.id: row.author_id for row in rows(session, _AUTHORS, ids=list(reply_ids))}
