"""What there is a feed of, and what is in it: the newest visible threads and replies."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlalchemy.orm import Session

from forum.accounts.queries import member_by_username
from forum.core.pages import Record
from forum.feeds.site import MINTED_ON
from forum.posts.queries import post_by_slug
from forum.replies import queries as replies
from forum.threads import queries as threads

THREADS, REPLIES = "threads", "replies"

_LONG_AGO = datetime.combine(MINTED_ON, time(), UTC)


@dataclass(frozen=True)
class Item:
    """A thread or reply: its kind, as addresses spell it, and its row, without what it says."""

    kind: str
    row: Record


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A feed, whatever its format: `items` are the newest, latest first.

    `name` stands in the feed's address, `key` in its id and never changes, `page` is the path of
    the HTML page it follows, `began_at` the time of its last change while it is empty.
    """

    name: str
    key: str
    title: str
    subtitle: str
    page: str
    began_at: datetime
    items: list[Item]


def of_community(session: Session, limit: int) -> Channel:
    """Whatever is said anywhere."""
    return Channel(
        name="replies",
        key="feeds/replies",
        title="New replies",
        subtitle="New threads and replies of the whole community.",
        page="",
        began_at=_LONG_AGO,
        items=_latest(threads.newest(session, limit), replies.newest(session, limit), limit),
    )


def of_path(session: Session, path: str, limit: int) -> Channel:
    """Replies on a path, and those that both paths claim; threads have no path."""
    return Channel(
        name=f"paths/{path}",
        key=f"feeds/paths/{path}",
        title=f"New replies on the {path.replace('-', ' ')}",
        subtitle="New replies on this path, and those that both paths claim.",
        page="",
        began_at=_LONG_AGO,
        items=_latest([], replies.newest(session, limit, path=path), limit),
    )


def of_post(session: Session, slug: str, limit: int) -> Channel:
    """What is said below a post; raises `PostNotFound`."""
    post = post_by_slug(session, slug)
    return Channel(
        name=f"posts/{post.slug}",
        key=f"feeds/posts/{post.id}",
        title=post.title,
        subtitle="New threads and replies below this post.",
        page=f"posts/{post.slug}",
        began_at=post.created_at,
        items=_latest(
            threads.newest(session, limit, post_id=post.id),
            replies.newest(session, limit, post_id=post.id),
            limit,
        ),
    )


def of_thread(session: Session, thread_id: int, limit: int) -> Channel:
    """A thread, as long as it is visible, and the replies in it; raises `ThreadNotFound`."""
    thread = threads.outline(session, thread_id)
    return Channel(
        name=f"threads/{thread.id}",
        key=f"feeds/threads/{thread.id}",
        title=thread.title or f"A thread on {thread.post_title}",
        subtitle="New replies in this thread.",
        page=f"threads/{thread.id}",
        began_at=thread.created_at,
        items=_latest(
            [thread] if thread.visible else [],
            replies.newest(session, limit, thread_id=thread.id),
            limit,
        ),
    )


def of_member(session: Session, username: str, limit: int) -> Channel:
    """What a member says; raises `MemberNotFound`."""
    member = member_by_username(session, username)
    return Channel(
        name=f"users/{member.username}",
        key=f"feeds/users/{member.username}",
        title=f"{member.display_name}",
        subtitle=f"New threads and replies by {member.display_name}.",
        page=f"users/{member.username}",
        began_at=member.created_at,
        items=_latest(
            threads.newest(session, limit, author_id=member.id),
            replies.newest(session, limit, author_id=member.id),
            limit,
        ),
    )


def texts(session: Session, items: Collection[Item]) -> dict[tuple[str, int], str]:
    """What items say, as HTML, by kind and id; those that were hidden meanwhile are missing."""
    sources = {THREADS: threads.html, REPLIES: replies.html}
    return {
        (kind, found_id): html
        for kind, source in sources.items()
        for found_id, html in source(session, [i.row.id for i in items if i.kind == kind]).items()
    }


def _latest(opened: list[Record], replied: list[Record], limit: int) -> list[Item]:
    items = [Item(THREADS, row) for row in opened] + [Item(REPLIES, row) for row in replied]
    items.sort(key=lambda item: (item.row.created_at, item.kind, item.row.id), reverse=True)
    return items[:limit]
