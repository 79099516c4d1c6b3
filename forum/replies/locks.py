"""Locking the threads of many replies, in the order in which everybody does."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core.many import among
from forum.replies.models import Reply
from forum.threads import commands as threads
from forum.threads.models import Thread


def lock_threads(
    session: Session, reply_ids: Collection[int], thread_ids: Collection[int] = ()
) -> None:
    """Lock some threads, and those in which replies still are when these are locked.

    Asked before anything else is locked: the replies stay where they are from then on.
    """
    places = select(Reply.thread_id).where(among(session, Reply.id, reply_ids)).distinct()
    locked: set[int] = set()
    wanted = {*thread_ids, *session.scalars(places)}
    while wanted:
        threads.lock_rows(session, among(session, Thread.id, wanted))
        locked |= wanted
        wanted = {*session.scalars(places)} - locked
