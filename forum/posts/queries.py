"""Reading posts. A deleted post does not exist for anybody."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from forum.core.pages import Keyset, Order, Page, Position, Record, rows
from forum.core.urls import page_key
from forum.posts.errors import PostNotFound
from forum.posts.models import Post, PostAddress

_POST = Post.__table__.c
_ADDRESS = PostAddress.__table__.c
_POSTS = select(*_POST).where(_POST.visible)
_BY_SLUG = _POSTS.where(_POST.slug == bindparam("of_slug"))
_BY_ID = _POSTS.where(_POST.id == bindparam("of_id"))
_BY_ADDRESS = _POSTS.join(PostAddress.__table__, _ADDRESS.post_id == _POST.id).where(
    _ADDRESS.key == bindparam("of_key")
)
_COUNTS = (
    select(_ADDRESS.key, _POST.id, _POST.thread_count, _POST.reply_count)
    .join(Post.__table__, _POST.id == _ADDRESS.post_id)
    .where(_ADDRESS.key.in_(bindparam("keys", expanding=True)), _POST.visible)
)

ORDERS = {
    "new": Order((_POST.created_at, _POST.id)),
    "active": Order((_POST.active_at, _POST.id)),
}
_ON_PATH = {
    None: _POSTS,
    "technical-path": _POSTS.where(_POST.technical_halves > 0),
    "management-path": _POSTS.where(_POST.management_halves > 0),
}
_LISTS = {
    (sort, path): Keyset(query, order)
    for sort, order in ORDERS.items()
    for path, query in _ON_PATH.items()
}


def post_by_slug(session: Session, slug: str) -> Record:
    """Raises `PostNotFound`."""
    return _one(session, _BY_SLUG, of_slug=slug)


def post_by_id(session: Session, post_id: int) -> Record:
    """Raises `PostNotFound`."""
    return _one(session, _BY_ID, of_id=post_id)


def post_by_url(session: Session, url: str) -> Record:
    """The post that is known under a page's address; raises `PostNotFound`."""
    return _one(session, _BY_ADDRESS, of_key=page_key(url))


def posts(
    session: Session, sort: str, after: Position | None, limit: int, path: str | None = None
) -> Page[Record]:
    """Posts, optionally only those below which somebody stands on `path`."""
    return _LISTS[sort, path].page(session, after, limit)


def counts(session: Session, urls: Sequence[str]) -> list[Record | None]:
    """Id and counts of the post under each of `urls`, in their order; None where there is none."""
    keys = [page_key(url) for url in urls]
    by_key = {row.key: row for row in rows(session, _COUNTS, keys=sorted(set(keys)))}
    return [by_key.get(key) for key in keys]


def _one(session: Session, query: Select[Any], **values: Any) -> Record:
    found = rows(session, query, **values)
    if not found:
        raise PostNotFound
    return found[0]
