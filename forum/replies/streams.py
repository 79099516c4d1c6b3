"""Threads and replies as they came somewhere, without what they say, and those that left.

A text is *there* from when it entered until it disappears, leaves the path, or is moved elsewhere.
Of what has left only the kind, the id and the time are ever read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    String,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.db import Identifier, Timestamp
from forum.core.pages import Keyset, Order, Position, Record, Within
from forum.posts.models import Post
from forum.replies.models import Reply
from forum.threads.models import Thread

THREADS, REPLIES = "threads", "replies"

POST = Post.__table__.c
THREAD = Thread.__table__.c
REPLY = Reply.__table__.c
MEMBER = Member.__table__.c

TITLE = case((THREAD.visible, THREAD.title), else_=null())
AUTHOR = {"author_username": MEMBER.username, "author_display_name": MEMBER.display_name}

_LAST_ID = 2**63 - 1
TIMES = (
    "entered_at",
    "turned_at",
    "edited_at",
    "last_reply_at",
    "technical_turned_at",
    "management_turned_at",
    "thread_edited_at",
    "thread_turned_at",
)
"""The columns that say when something changed of what is read here."""

_SHAPE: dict[str, Any] = {
    "kind": String(),
    "id": Identifier,
    "created_at": Timestamp(),
    **dict.fromkeys(TIMES, Timestamp()),
    "thread_id": Identifier,
    "reply_to_id": Identifier,
    "title": String(),
    "post_title": String(),
    "reply_count": Integer(),
    "on_technical": Boolean(),
    "on_management": Boolean(),
    "author_username": String(),
    "author_display_name": String(),
}


def shaped(kind: str, **columns: Any) -> Select[Any]:
    """A query of the columns that all texts are read with; those that are not given are NULL."""
    given = {"kind": literal(kind), **columns}
    return select(*(given.get(n, cast(null(), type_)).label(n) for n, type_ in _SHAPE.items()))


@dataclass(frozen=True)
class Stream:
    """Texts of one kind: those that are there, and in which ways others left."""

    kind: str
    there: Keyset
    left: tuple[Keyset, ...]

    def after(self, session: Session, start: Position, count: int, **values: Any) -> list[Record]:
        """Those after a position: of one moment, the kinds follow each other."""
        moment, kind, number = start
        if kind != self.kind:
            number = _LAST_ID if self.kind < kind else 0
        return self.there.first(session, [moment, number], count, **values)


def threads(
    within: Within | None = None,
    *served_by: ColumnElement[bool],
    gap: str | None = None,
    place: str | None = None,
) -> Stream:
    """Threads, with a `gap` those that are in it.

    `served_by` holds for all that are there, and lets an index find them. `place` says what kind of
    place `within` is, where threads can be moved from it: a post.
    """
    entered, turned, is_there = THREAD.created_at, THREAD.turned_at, [THREAD.visible]
    if gap is not None:
        entered, turned = THREAD[f"{gap}_entered_at"], THREAD[f"{gap}_turned_at"]
        is_there.append(THREAD[f"in_{gap}"])
    found = _found(THREAD, entered, turned, "post_id", "title", "last_reply_at")
    found = found.where(*is_there, *served_by)
    left = shaped(THREADS, id=THREAD.id, turned_at=turned).where(
        turned.is_not(None), or_(*(~flag for flag in is_there))
    )
    return Stream(
        THREADS,
        Keyset(found, Order((entered, THREAD.id)), within, _as_threads),
        (
            Keyset(left, Order((turned, THREAD.id)), within),
            *_moved(THREADS, THREAD, place, within),
        ),
    )


def replies(
    within: Within | None = None,
    *which: ColumnElement[bool],
    flag: str | None = None,
    place: str | None = None,
) -> Stream:
    """Replies, with a `flag` those that stand on the path it stands for.

    `place` says what kind of place `within` is, where replies can be moved from it: thread or post.
    """
    entered, turned, is_there = REPLY.created_at, REPLY.turned_at, [REPLY.visible]
    if flag is not None:
        entered, turned = REPLY[f"{flag}_entered_at"], REPLY[f"{flag}_turned_at"]
        is_there.append(REPLY[f"on_{flag}"])
    found = _found(REPLY, entered, turned, *_OF_REPLIES).where(*is_there, *which)
    left = shaped(REPLIES, id=REPLY.id, turned_at=turned).where(
        turned.is_not(None), or_(*(~flag for flag in is_there)), *which
    )
    return Stream(
        REPLIES,
        Keyset(found, Order((entered, REPLY.id)), within, _as_replies),
        (
            Keyset(left, Order((turned, REPLY.id)), within),
            *_moved(REPLIES, REPLY, place, within, *is_there[1:]),
        ),
    )


def _moved(
    kind: str, table: Any, place: str | None, within: Within | None, *which: ColumnElement[bool]
) -> Iterator[Keyset]:
    """Those that stood in a place before they were moved, as far as they were ever seen."""
    if place is None or within is None:
        return
    left_id, left_at = table[f"left_{place}_id"], table[f"left_{place}_at"]
    was_seen = or_(table.visible, table.turned_at.is_not(None))
    found = shaped(kind, id=table.id, turned_at=left_at).where(
        left_at.is_not(None), left_id != table[f"{place}_id"], was_seen, *which
    )
    yield Keyset(found, Order((left_at, table.id)), Within(left_id, within.value))


def few_replies(most: int, *which: ColumnElement[bool]) -> Stream:
    """Replies of which there are no more than `most`: all are found first, and ordered then."""
    every = replies(None, *which)
    parts = (every.there, *every.left)
    there, left = (part.query.limit(most).subquery() for part in parts)
    newest = Order((there.c.entered_at, there.c.id))
    return Stream(
        REPLIES,
        Keyset(select(there), newest, then=_as_replies),
        (Keyset(select(left), Order((left.c.turned_at, left.c.id))),),
    )


_OF_REPLIES = (
    *("thread_id", "post_id", "reply_to_id", "on_technical", "on_management"),
    *("technical_turned_at", "management_turned_at"),
)


def _found(table: Any, entered: Any, turned: Any, *more: str) -> Select[Any]:
    names = ("id", "author_id", "created_at", "edited_at", "reply_count", *more)
    times = (entered.label("entered_at"), turned.label("turned_at"))
    return select(*(table[name] for name in names), *times)


def _as_threads(found: Select[Any]) -> Select[Any]:
    """Threads that were found, with what is around them."""
    thread = found.subquery()
    around = thread.outerjoin(MEMBER.id.table, MEMBER.id == thread.c.author_id)
    around = around.outerjoin(POST.id.table, POST.id == thread.c.post_id)
    return shaped(THREADS, **thread.c, **AUTHOR, post_title=POST.title).select_from(around)


def _as_replies(found: Select[Any]) -> Select[Any]:
    """Replies that were found, with what is around them."""
    reply = found.subquery()
    around = reply.outerjoin(MEMBER.id.table, MEMBER.id == reply.c.author_id)
    around = around.outerjoin(THREAD.id.table, THREAD.id == reply.c.thread_id)
    around = around.outerjoin(POST.id.table, POST.id == reply.c.post_id)
    return shaped(
        REPLIES,
        **reply.c,
        **AUTHOR,
        title=TITLE,
        post_title=POST.title,
        last_reply_at=_last_answered(reply.c),
        thread_edited_at=THREAD.edited_at,
        thread_turned_at=THREAD.turned_at,
    ).select_from(around)


def _last_answered(reply: Any) -> Any:
    """When the last of the direct replies was written that a reader gets to see."""
    answer = Reply.__table__.alias().c
    below = (answer.thread_id == reply.thread_id, answer.parent_id == reply.id, answer.listed)
    return select(func.max(answer.created_at)).where(*below).scalar_subquery()
