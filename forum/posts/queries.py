"""Reading posts. A deleted post does not exist for anybody."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from forum.core import pages
from forum.core.pages import Order, Page, Position
from forum.core.urls import page_key
from forum.posts.errors import PostNotFound
from forum.posts.models import Post, PostAddress

COLUMNS = tuple(Post.__table__.c)

ORDERS = {
    "new": Order((Post.created_at, Post.id)),
    "active": Order((Post.active_at, Post.id)),
}


def post_by_slug(session: Session, slug: str) -> Row[Any]:
    """Raises `PostNotFound`."""
    return _one(session, select(*COLUMNS).where(Post.slug == slug, Post.visible))


def post_by_url(session: Session, url: str) -> Row[Any]:
    """The post that is known under a page's address; raises `PostNotFound`."""
    return _one(session, _at_address(page_key(url)))


def posts(
    session: Session, sort: str, after: Position | None, limit: int, path: str | None = None
) -> Page[Row[Any]]:
    """Posts, optionally only those below which somebody stands on `path`."""
    query = select(*COLUMNS).where(Post.visible)
    if path:
        halves = {"technical-path": Post.technical_halves, "management-path": Post.management_halves}
        query = query.where(halves[path] > 0)
    return pages.fetch(session, query, ORDERS[sort], after, limit)


def counts(session: Session, urls: Sequence[str]) -> list[Row[Any] | None]:
    """Id and counts of the post under each of `urls`, in their order; None where there is none."""
    keys = [page_key(url) for url in urls]
    rows = session.execute(
        select(PostAddress.key, Post.id, Post.thread_count, Post.reply_count)
        .join(Post, Post.id == PostAddress.post_id)
        .where(PostAddress.key.in_(set(keys)), Post.visible)
    )
    by_key = {row.key: row for row in rows}
    return [by_key.get(key) for key in keys]


def _at_address(key: str) -> Select[Any]:
    return (
        select(*COLUMNS)
        .join(PostAddress, PostAddress.post_id == Post.id)
        .where(PostAddress.key == key, Post.visible)
    )


def _one(session: Session, query: Select[Any]) -> Row[Any]:
    row = session.execute(query).one_or_none()
    if row is None:
        raise PostNotFound
    return row
