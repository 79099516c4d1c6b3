"""What is known of whoever writes: since when, how much, and what was found good of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.db import Identifier, Timestamp, execute, table_of
from forum.core.pages import rows
from forum.moderation.queue.models import Decision
from forum.moderation.queue.policy import APPROVE
from forum.moderation.rules.folding import look
from forum.replies.models import Reply
from forum.threads.models import Thread

COMPARED_OWN, COMPARED_OF_OTHERS = 20, 100
"""How many texts are read to find one that looks the same."""

_REPLY, _THREAD, _MEMBER = (table_of(table).c for table in (Reply, Thread, Member))
_DECISION = table_of(Decision).c
_BY: ColumnElement[int] = bindparam("author", type_=Identifier)
_MINE = bindparam("authors", type_=Identifier, expanding=True)
_SINCE = bindparam("since", type_=Timestamp())


@dataclass(frozen=True)
class Writer:
    """A member: `texts` of theirs are visible, counted up to a number that somebody asked for."""

    id: int
    since: datetime
    is_confirmed: bool
    texts: int
    approved: int


def writer(session: Session, member_id: int, most: int) -> Writer:
    """Who writes; nothing of theirs is counted beyond `most`."""
    (found,) = rows(session, _WRITER, author=member_id, most=most)
    return Writer(
        member_id,
        found.created_at,
        found.email_confirmed_at is not None,
        found.replies + found.threads,
        found.approved,
    )


def last_wrote_at(
    session: Session, author_ids: Sequence[int], since: datetime, thread_id: int | None
) -> datetime | None:
    """When any of these last wrote something since a moment, in a thread if one is named."""
    values = {"authors": author_ids, "since": since}
    if thread_id is None:
        return execute(session, _LAST, values).scalar()
    return execute(session, _LAST_IN_THREAD, {**values, "thread": thread_id}).scalar()


class Recent:
    """What the author, by whatever ids, and others have written lately; see `matching.Around`."""

    def __init__(self, session: Session, author_ids: Sequence[int]) -> None:
        self._session, self._author_ids = session, author_ids

    def written_since(self, moment: datetime, most: int) -> int:
        """How many texts the author has written since, at most `most` of a kind."""
        values = {"authors": self._author_ids, "since": moment, "most": most}
        return int(execute(self._session, _WRITTEN_SINCE, values).scalar_one())

    def is_repeated(self, looks: str, moment: datetime) -> bool:
        """Whether a text of about that length looks the same."""
        values = {
            "authors": self._author_ids,
            "since": moment,
            "shortest": len(looks) * 2 // 3,
            "longest": len(looks) * 3 // 2,
        }
        return any(look(row.body) == looks for row in rows(self._session, _ALIKE, **values))


def _number(text: Any, where: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many there are, but no more than somebody wants to know of."""
    some = select(text.id).where(where).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _own_since(text: Any) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Visible and held: indexes hold one each."""
    mine = text.author_id.in_(_MINE)
    held = and_(mine, text.held_at.is_not(None), text.held_at > _SINCE)
    return and_(mine, text.visible, text.created_at > _SINCE), held


def _recent(text: Any, where: ColumnElement[bool], at: Any, most: int) -> Select[Any]:
    fits = func.length(text.body).between(bindparam("shortest"), bindparam("longest"))
    found = select(text.body).where(where, fits).order_by(at.desc()).limit(most)
    return select(found.subquery())


def _alike(text: Any) -> Iterator[Select[Any]]:
    visible, held = _own_since(text)
    yield _recent(text, visible, text.created_at, COMPARED_OWN)
    yield _recent(text, held, text.held_at, COMPARED_OWN)
    of_anybody = and_(text.visible, text.created_at > _SINCE)
    yield _recent(text, of_anybody, text.created_at, COMPARED_OF_OTHERS)


def _last(thread_id: Any = None) -> Select[Any]:
    """When the author last wrote since, in a thread if one is named."""
    times = (
        select(text.created_at.label("at")).where(
            where, in_thread == thread_id if thread_id is not None else true()
        )
        for text, in_thread in ((_REPLY, _REPLY.thread_id), (_THREAD, _THREAD.id))
        for where in _own_since(text)
    )
    return select(func.max(union_all(*times).subquery().c.at))


_IS_APPROVAL = and_(
    _DECISION.author_id == _BY, _DECISION.action == APPROVE, _DECISION.undone_at.is_(None)
)
_WRITER = select(
    *(_MEMBER.created_at, _MEMBER.email_confirmed_at),
    *(
        _number(text, and_(text.author_id == _BY, text.visible)).label(name)
        for name, text in (("replies", _REPLY), ("threads", _THREAD))
    ),
    select(func.count()).where(_IS_APPROVAL).scalar_subquery().label("approved"),
).where(_MEMBER.id == _BY)
_WRITTEN_SINCE = select(
    reduce(add, (_number(text, mine) for text in (_REPLY, _THREAD) for mine in _own_since(text)))
)
_ALIKE = union_all(*_alike(_REPLY), *_alike(_THREAD))
_LAST = _last()
_LAST_IN_THREAD = _last(bindparam("thread"))
