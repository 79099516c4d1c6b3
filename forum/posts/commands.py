"""Changing posts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slugify import slugify
from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import clock, counters, outbox
from forum.core.db import execute, one_at_a_time, table_of
from forum.core.errors import Forbidden
from forum.core.urls import page_key
from forum.posts import policy
from forum.posts.errors import AddressTaken, PostNotFound, SlugTaken
from forum.posts.events import PostAdded, PostChanged, PostDeleted
from forum.posts.models import Post, PostAddress

MAX_SLUG_LENGTH = 100
RESERVED_SLUGS = frozenset({"lookup", "counts"})

NAMING = "naming posts"
"""What admins do one at a time, so that whoever asks for a slug or address sees all others."""


@dataclass(frozen=True)
class NewPost:
    """An article that the community is to talk about."""

    url: str
    title: str
    slug: str | None = None
    author_name: str | None = None
    summary: str | None = None
    published_at: datetime | None = None


def add_post(session: Session, actor: Viewer, data: NewPost) -> tuple[Post, bool]:
    """The post at `data.url`, and whether it is new; raises `SlugTaken`."""
    _require_manager(actor)
    one_at_a_time(session, NAMING)
    key = page_key(data.url)
    known = session.get(PostAddress, key, with_for_update=True)
    if known is not None:
        return session.get_one(Post, known.post_id), False
    post = Post(
        slug=_free_slug(session, data),
        url=data.url,
        title=data.title,
        author_name=data.author_name,
        summary=data.summary,
        published_at=data.published_at,
        created_at=clock.now(),
    )
    session.add(post)
    session.flush()
    session.add(PostAddress(key=key, post_id=post.id))
    session.flush()
    outbox.record(session, PostAdded(post_id=post.id))
    return post, True


def change_post(session: Session, actor: Viewer, slug: str, changes: dict[str, Any]) -> Post:
    """Change an article's facts; a former URL stays known as an alias.

    Raises `PostNotFound`, `SlugTaken` or `AddressTaken`.
    """
    _require_manager(actor)
    post = find_for_renaming(session, slug)
    one_at_a_time(session, NAMING)
    if "slug" in changes and changes["slug"] != post.slug:
        _refuse_taken_slug(session, changes["slug"])
    if "url" in changes:
        _add_address(session, post, changes["url"])
    for name, value in changes.items():
        setattr(post, name, value)
    session.flush()
    outbox.record(session, PostChanged(post_id=post.id))
    return post


def delete_post(session: Session, actor: Viewer, post: Post) -> None:
    """Take a post away; its addresses become free. What stands below it is not touched here."""
    _require_manager(actor)
    post.deleted_at = clock.now()
    post.slug = f"~{post.id}"
    session.execute(delete(PostAddress).where(PostAddress.post_id == post.id))
    session.flush()
    outbox.record(session, PostDeleted(post_id=post.id))


def find_for_change(session: Session, slug: str) -> Post:
    """The locked row of a post; raises `PostNotFound`."""
    return _find(session, slug, key_share=True)


def find_for_renaming(session: Session, slug: str) -> Post:
    """As `find_for_change`, for who may change the slug: others refer to a post by its keys.

    So that takes a stronger lock on PostgreSQL; who took the weaker one first would wait for those
    who write below the post, while they wait to count themselves there.
    """
    return _find(session, slug, key_share=False)


def lock_row(session: Session, post_id: int) -> None:
    """Make others who count below the post wait for this transaction."""
    execute(session, _LOCK, {"post": post_id})


def count(
    session: Session,
    post_id: int,
    changes: Mapping[str, int],
    appeared_at: datetime | None = None,
) -> None:
    """Add to numbers of a post, by column; `appeared_at` is when what is new there was made."""
    counters.add(session, Post, post_id, changes, {"last_activity_at": appeared_at})


def set_last_activity(session: Session, post_id: int, at: datetime | None) -> None:
    """Say when something visible was last written below a post."""
    execute(session, _SET_LAST_ACTIVITY, {"post": post_id, "at": at})


def reset_numbers(session: Session, post_id: int) -> None:
    """Say that nothing is visible below a post."""
    session.execute(
        update(Post)
        .where(Post.id == post_id)
        .values(
            thread_count=0,
            reply_count=0,
            last_activity_at=None,
            technical_halves=0,
            management_halves=0,
            bridge_authors=0,
        )
    )


_TABLE = table_of(Post)
_LOCK = select(_TABLE.c.id).where(_TABLE.c.id == bindparam("post")).with_for_update(key_share=True)
_SET_LAST_ACTIVITY = (
    update(_TABLE).where(_TABLE.c.id == bindparam("post")).values(last_activity_at=bindparam("at"))
)


def _require_manager(actor: Viewer) -> None:
    if not policy.may_manage_posts(actor):
        raise Forbidden


def _find(session: Session, slug: str, key_share: bool) -> Post:
    found = select(Post).where(Post.slug == slug, Post.visible)
    post = session.scalar(found.with_for_update(key_share=key_share))
    if post is None:
        raise PostNotFound
    return post


def _free_slug(session: Session, data: NewPost) -> str:
    if data.slug is not None:
        _refuse_taken_slug(session, data.slug)
        return data.slug
    base = slugify(data.title, max_length=MAX_SLUG_LENGTH - 8, word_boundary=True) or "post"
    near = session.scalars(select(Post.slug).where(Post.slug.startswith(base, autoescape=True)))
    taken = {*near, *RESERVED_SLUGS}
    candidates = (base if n == 1 else f"{base}-{n}" for n in range(1, len(taken) + 2))
    return next(slug for slug in candidates if slug not in taken)


def _refuse_taken_slug(session: Session, slug: str) -> None:
    if slug in RESERVED_SLUGS or session.scalar(select(Post.id).where(Post.slug == slug)):
        raise SlugTaken(pointer="/slug")


def _add_address(session: Session, post: Post, url: str) -> None:
    key = page_key(url)
    known = session.get(PostAddress, key)
    if known is not None and known.post_id != post.id:
        raise AddressTaken(pointer="/url")
    if known is None:
        session.add(PostAddress(key=key, post_id=post.id))
