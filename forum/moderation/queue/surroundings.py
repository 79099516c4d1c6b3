"""What stands around the text of an item: what it answers, and what its author wrote elsewhere."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.db import Model, table_of
from forum.core.lifecycle import state_of
from forum.core.pages import Record, rows
from forum.moderation.queue.decisions_made import MOST_ACTIONS
from forum.moderation.queue.queries import start_of
from forum.replies.models import Reply
from forum.threads.models import Thread

_REPLY, _MEMBER = table_of(Reply).c, table_of(Member).c


def latest_texts(session: Session, author_id: int) -> list[Record]:
    """The latest threads and replies of a member, hidden ones included, newest first."""
    return rows(session, _LATEST_BY, by=author_id)


def ancestors(session: Session, reply_ids: Sequence[int]) -> list[Record]:
    """Replies above another one, hidden ones included, from the top down."""
    return rows(session, _ABOVE, ids=list(reply_ids)) if reply_ids else []


def _latest_of(table: type[Model], visible: bool) -> Select[Any]:
    """Of one kind and visibility, which have an index each."""
    text = table_of(table).c
    thread_id = text.thread_id if table is Reply else text.id
    time = text.created_at if visible else text.turned_at
    found = (
        select(
            literal("reply" if table is Reply else "thread").label("kind"),
            text.id,
            thread_id.label("thread_id"),
            text.created_at,
            state_of(text),
            start_of(text.body, "excerpt"),
        )
        .where(text.author_id == bindparam("by"), text.visible if visible else ~text.visible)
        .order_by(time.desc())
        .limit(MOST_ACTIONS)
    )
    return select(*found.subquery().c)


_LATEST = union_all(
    *(_latest_of(table, visible) for table in (Reply, Thread) for visible in (True, False))
).subquery()
_LATEST_BY = (
    select(*_LATEST.c).order_by(_LATEST.c.created_at.desc(), _LATEST.c.id).limit(MOST_ACTIONS)
)
_ABOVE = (
    select(
        *(_REPLY[name] for name in ("id", "parent_id", "author_id", "depth", "created_at")),
        *(_REPLY[name] for name in ("body", "body_html")),
        state_of(_REPLY),
        *AUTHOR_COLUMNS,
    )
    .outerjoin(table_of(Member), _MEMBER.id == _REPLY.author_id)
    .where(_REPLY.id.in_(bindparam("ids", expanding=True)))
    .order_by(_REPLY.depth)
)
