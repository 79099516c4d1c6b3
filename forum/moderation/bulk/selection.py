"""Finding the texts that many things are to be done to, and foreseeing what will come of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.core.db import table_of
from forum.core.errors import Invalid
from forum.core.lifecycle import state_of
from forum.core.pages import Record, rows
from forum.moderation.bulk.models import (
    APPROVE,
    CHANGED,
    LOCK,
    REMOVE,
    REPLIES,
    RESTORE,
    UNCHANGED,
)
from forum.moderation.errors import PostIsGone
from forum.moderation.queue.models import ReviewItem
from forum.posts import queries as posts
from forum.posts.models import Post
from forum.replies.models import Reply
from forum.threads.models import Thread

MOST = 1000

LINKED_HOST = re.compile(r'href="https?://([^/"?#:]+)')
NARROW = ("author", "post", "thread_id", "since", "open_item")
"""Of what is narrow by one of these alone all words may be searched for links."""

_ACTED_ON = {REMOVE: "visible", RESTORE: "removed", APPROVE: "held", LOCK: "visible"}
"""What an action is for, unless another state is asked for."""


@dataclass(frozen=True)
class Filter:
    """Which texts: by whom, where, when, with a link into which domain, in which state.

    `post` is a slug, `author` a username; `open_item` the kind of review item that waits for them.
    """

    author: str | None = None
    post: str | None = None
    thread_id: int | None = None
    link_domain: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: str | None = None
    open_item: str | None = None


def find(session: Session, texts: str, action: str, which: Filter) -> dict[int, str]:
    """What will become of each text that passes the filter, by id.

    Raises `Invalid` if there are more than a thousand, `MemberNotFound` or `PostNotFound`.
    """
    if which.link_domain and not any(getattr(which, name) for name in NARROW):
        raise Invalid(f"Narrow it by one of {', '.join(NARROW)}.", pointer="/filter")
    table = table_of(Reply if texts == REPLIES else Thread)
    where = _where(session, table, texts, action, which)
    found = _found(session, table, where, which.link_domain)
    if len(found) > MOST:
        raise Invalid(f"More than {MOST} texts pass.", pointer="/filter")
    return {row.id: _foreseen(action, row) for row in found}


def _found(
    session: Session, table: Any, where: list[ColumnElement[bool]], domain: str | None
) -> list[Record]:
    names = ("id", "deleted_at", "purged_at", "removed_at", "held_at")
    locked = table.c.get("locked_at")
    asked = select(*(table.c[name] for name in names), Post.deleted_at.label("post_deleted_at"))
    if locked is not None:
        asked = asked.add_columns(locked)
    asked = asked.join(Post, Post.id == table.c.post_id).where(*where).order_by(table.c.id)
    if domain is None:
        return rows(session, asked.limit(MOST + 1))
    found = rows(session, asked.add_columns(table.c.body_html))
    return [row for row in found if _links_into(domain, row.body_html)]


def _links_into(domain: str, html: str) -> bool:
    wanted = domain.lower()
    hosts = (host.lower() for host in LINKED_HOST.findall(html))
    return any(host == wanted or host.endswith(f".{wanted}") for host in hosts)


def _where(
    session: Session, table: Any, texts: str, action: str, which: Filter
) -> list[ColumnElement[bool]]:
    state, column = which.state or _ACTED_ON[action], table.c
    is_so = column.visible if state == "visible" else ~column.visible & (state_of(column) == state)
    return [is_so, *_place(session, column, texts, which), *_rest(column, texts, which)]


def _place(
    session: Session, column: Any, texts: str, which: Filter
) -> Iterator[ColumnElement[bool]]:
    """By whom, and where."""
    if which.author is not None:
        yield column.author_id == accounts.member_by_username(session, which.author).id
    if which.post is not None:
        yield column.post_id == posts.post_by_slug(session, which.post).id
    if which.thread_id is not None:
        yield (column.thread_id if texts == REPLIES else column.id) == which.thread_id


def _rest(column: Any, texts: str, which: Filter) -> Iterator[ColumnElement[bool]]:
    if which.link_domain is not None:
        yield column.body_html.icontains(which.link_domain, autoescape=True)
    if which.since is not None:
        yield column.created_at >= which.since
    if which.until is not None:
        yield column.created_at < which.until
    if which.open_item is not None:
        yield _waits(column.id, texts, which.open_item)


def _waits(text_id: ColumnElement[Any], texts: str, kind: str) -> ColumnElement[bool]:
    about = ReviewItem.reply_id if texts == REPLIES else ReviewItem.thread_id
    is_open = (about == text_id, ReviewItem.kind == kind, ReviewItem.decided_at.is_(None))
    return exists().where(*is_open)


def _foreseen(action: str, row: Record) -> str:
    """What will come of the action, if nothing happens meanwhile."""
    undoes = {RESTORE: "removed_at", APPROVE: "held_at"}
    if action in undoes:
        if getattr(row, undoes[action]) is None:
            return UNCHANGED
        return PostIsGone.code if row.post_deleted_at else CHANGED
    is_so = row.removed_at if action == REMOVE else row.locked_at
    return UNCHANGED if is_so else CHANGED
