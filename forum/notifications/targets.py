"""What can be followed: a thread, a post, a path, the whole community."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.posts import queries as posts
from forum.threads import queries as threads
from forum.threads.models import Thread

POST, THREAD, PATH = "post", "thread", "path"


@dataclass(frozen=True)
class Target:
    """The name of what can be followed, and the names of what it is a part of, nearest first."""

    name: str
    within: tuple[str, ...] = ()


COMMUNITY = Target("community")


def of_path(path: str) -> Target:
    """A path, by its word."""
    return Target(name_of(PATH, path), (COMMUNITY.name,))


def of_post(session: Session, slug: str) -> Target:
    """A post; raises `PostNotFound`."""
    return Target(name_of(POST, posts.post_by_slug(session, slug).id), (COMMUNITY.name,))


def of_thread(session: Session, thread_id: int) -> Target:
    """A thread; raises `ThreadNotFound`."""
    post_id = threads.thread(session, thread_id).post_id
    return Target(name_of(THREAD, thread_id), (name_of(POST, post_id), COMMUNITY.name))


def by_name(session: Session, name: str) -> Target:
    """What is called so, whether it can be seen or not; what stands on a path is elsewhere, too."""
    kind, _, which = name.partition(":")
    if kind == THREAD:
        post_id = session.scalars(select(Thread.post_id).where(Thread.id == int(which))).one()
        return Target(name, (name_of(POST, post_id), COMMUNITY.name))
    return Target(name, (COMMUNITY.name,) if kind == POST else ())


def name_of(kind: str, which: int | str) -> str:
    """The name of a post or thread by its id, of a path by its word."""
    return f"{kind}:{which}"


def ids_of(kind: str, names: Iterable[str]) -> list[int]:
    """The ids of the posts or threads among some targets."""
    split = (name.partition(":") for name in names)
    return [int(which) for found, _, which in split if found == kind]
