"""Changing many posts at once."""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core import counters, many
from forum.posts.models import Post


def lock_rows(session: Session, post_ids: Collection[int]) -> None:
    """As `commands.lock_row` for several posts, in the order of their ids."""
    found = select(Post.id).where(many.among(session, Post.id, post_ids)).order_by(Post.id)
    session.execute(found.with_for_update(key_share=True))


def count(session: Session, changes: Mapping[int, Mapping[str, int]]) -> None:
    """Add to the numbers of locked posts, by id and column."""
    counters.add_to_each(session, Post, changes)


def set_last_activity(session: Session, times: Mapping[int, datetime | None]) -> None:
    """Say when something visible was last written below each post."""
    many.put(session, Post, "last_activity_at", times)
