"""The pages: each reads what the API reads, a part at a time, as a passer-by."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import render_template

from forum.accounts import queries as accounts
from forum.core.db import db
from forum.core.http.description import PAGE, described
from forum.core.http.page_cache import depends_on
from forum.posts import queries as posts
from forum.posts.events import post_topic
from forum.replies import queries as replies
from forum.replies import tree
from forum.replies.models import PATHS
from forum.replies.tree import Shape
from forum.threads import queries as threads
from forum.threads.events import thread_topic
from forum.web.paging import Listing, chosen, position, replies_below

POST_SORTS = tuple(posts.ORDERS)
THREAD_SORTS = tuple(threads.ORDERS)
REPLY_SORTS = (*replies.ORDERS, "balanced")
PATH_FILTERS = ("all", *PATHS)

POSTS_A_PAGE = 20
THREADS_A_PAGE = 10
REPLIES_A_PAGE = 20
FIRST_REPLIES = Shape("best", limit=3, children=2, depth=2)
"""What a post's page shows of each of its threads."""

_View = TypeVar("_View", bound=Callable[..., str])


def _paged(**choices: Sequence[str]) -> Callable[[_View], _View]:
    """Describe a page of a list: between what its reader chooses, the first by default."""
    query = {
        name: {"type": "string", "enum": list(words), "default": words[0]}
        for name, words in choices.items()
    }
    cursor = {"cursor": {"type": "string"}}
    return described(*PAGE.media_types, query=query | cursor, statuses=PAGE.statuses)


@_paged(sort=POST_SORTS)
def home() -> str:
    """All posts."""
    sort = chosen("sort", POST_SORTS)
    listing = Listing("web.home", {"sort": sort})
    page = posts.posts(db.session(), sort, listing.start(), POSTS_A_PAGE)
    return render_template("home.html", page=page, listing=listing, sorts=POST_SORTS)


@_paged(sort=THREAD_SORTS)
def post(slug: str) -> str:
    """A post and its threads, each with its best replies."""
    found = posts.post_by_slug(db.session(), slug)
    depends_on(post_topic(found.id))
    sort = chosen("sort", THREAD_SORTS)
    listing = Listing("web.post", {"slug": slug, "sort": sort})
    page = threads.threads_of_post(db.session(), found.id, sort, listing.start(), THREADS_A_PAGE)
    trees = tree.below_threads(db.session(), [row.id for row in page.items], FIRST_REPLIES)
    return render_template(
        "post.html", post=found, page=page, trees=trees, listing=listing, sorts=THREAD_SORTS
    )


@_paged(sort=REPLY_SORTS, path=PATH_FILTERS)
def thread(thread_id: int) -> str:
    """A thread and its replies: their tree, or a list of those on a path."""
    depends_on(thread_topic(thread_id))
    found = threads.thread(db.session(), thread_id)
    sort, path = chosen("sort", REPLY_SORTS), chosen("path", PATH_FILTERS)
    listing = Listing("web.thread", {"thread_id": thread_id, "sort": sort, "path": path})
    return render_template(
        "thread.html",
        thread=found,
        post=posts.post_by_id(db.session(), found.post_id),
        listing=listing,
        sorts=REPLY_SORTS,
        paths=PATH_FILTERS,
        **_replies_in(thread_id, sort, path, listing),
    )


@_paged(sort=REPLY_SORTS)
def reply(reply_id: int) -> str:
    """A reply, what it answers, and what is below it."""
    *above, found = replies.context(db.session(), reply_id)
    depends_on(thread_topic(found.thread_id))
    opening = threads.thread(db.session(), found.thread_id)
    sort = chosen("sort", REPLY_SORTS)
    listing = replies_below(reply_id, sort)
    below = tree.below_reply(db.session(), found, _shape(sort), listing.deal())
    return render_template(
        "reply.html",
        reply=found,
        above=above,
        thread=opening,
        post=posts.post_by_id(db.session(), opening.post_id),
        nodes=[node for node in below.nodes if node.row.parent_id == reply_id],
        listing=listing,
        sorts=REPLY_SORTS,
        next=position(below.next),
    )


@_paged()
def user(username: str) -> str:
    """A member, and what they replied, newest first."""
    member = accounts.member_by_username(db.session(), username)
    listing = Listing("web.user", {"username": username})
    page = replies.of_author(db.session(), member.id, listing.start(), REPLIES_A_PAGE)
    opened = threads.by_ids(db.session(), {row.thread_id for row in page.items})
    return render_template("user.html", member=member, page=page, threads=opened, listing=listing)


def _replies_in(thread_id: int, sort: str, path: str, listing: Listing) -> dict[str, Any]:
    """The top nodes of the tree, or the rows on a path, and where the next page begins."""
    if path in PATHS:
        start = listing.start()
        page = replies.on_path(db.session(), thread_id, path, sort, start, REPLIES_A_PAGE)
        return {"rows": page.items, "next": page.next}
    below = tree.below_thread(db.session(), thread_id, _shape(sort), listing.deal())
    tops = [node for node in below.nodes if node.row.parent_id is None]
    return {"nodes": tops, "next": position(below.next)}


def _shape(sort: str) -> Shape:
    return Shape(sort, REPLIES_A_PAGE, children=5, depth=4)
