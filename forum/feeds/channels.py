"""What there is a feed of: for each, what is new there and how it presents itself."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from forum.core.pages import Record
from forum.feeds.site import LONG_AGO
from forum.notifications import answers
from forum.replies import latest, queries
from forum.replies.scopes import News, Window
from forum.replies.streams import REPLIES, THREADS
from forum.threads import queries as threads


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A feed, whatever its format.

    `name` stands in the feed's address, `key` in its id and never changes, `page` is the path of
    the HTML page it follows, `began_at` the time of its last change while it is empty. What
    `is_private` is for one reader.
    """

    name: str
    key: str
    title: str
    subtitle: str
    page: str
    began_at: datetime
    news: News
    is_private: bool = False


def of_community(session: Session, window: Window) -> Channel:
    """Whatever is said anywhere."""
    return Channel(
        name="replies",
        key="feeds/replies",
        title="New replies",
        subtitle="New threads and replies of the whole community.",
        page="",
        began_at=LONG_AGO,
        news=latest.of_community(session, window),
    )


def of_path(session: Session, window: Window, path: str) -> Channel:
    """Replies on a path, in the order in which they came to it; threads have no path."""
    return Channel(
        name=f"paths/{path}",
        key=f"feeds/paths/{path}",
        title=f"New replies on the {_spoken(path)}",
        subtitle="Replies new on this path, and those that both paths claim.",
        page="",
        began_at=LONG_AGO,
        news=latest.on_path(session, window, path),
    )


def of_gap(session: Session, window: Window, path: str | None = None) -> Channel:
    """Threads that lack a path, or this one, in the order in which they came to lack it."""
    missing = _spoken(path) if path else "one of the paths"
    return Channel(
        name=f"gap/{path}" if path else "gap",
        key=f"feeds/gap/{path}" if path else "feeds/gap",
        title=f"Threads without the {_spoken(path)}" if path else "Threads that lack a path",
        subtitle=f"Threads in which hardly anybody speaks for {missing}.",
        page="",
        began_at=LONG_AGO,
        news=latest.in_gap(session, window, path),
    )


def of_post(session: Session, window: Window, slug: str) -> Channel:
    """What is said below a post; raises `PostNotFound`."""
    found = latest.of_post(session, window, slug)
    return Channel(
        name=f"posts/{slug}",
        key=f"feeds/posts/{found.about.id}",
        title=found.about.title,
        subtitle="New threads and replies below this post.",
        page=f"posts/{slug}",
        began_at=found.about.created_at,
        news=found,
    )


def of_post_on_path(session: Session, window: Window, slug: str, path: str) -> Channel:
    """Replies below a post that are on a path; raises `PostNotFound`."""
    found = latest.of_post_on_path(session, window, slug, path)
    return Channel(
        name=f"posts/{slug}/paths/{path}",
        key=f"feeds/posts/{found.about.id}/paths/{path}",
        title=f"{found.about.title}: the {_spoken(path)}",
        subtitle="Replies below this post that are new on this path.",
        page=f"posts/{slug}",
        began_at=found.about.created_at,
        news=found,
    )


def of_thread(session: Session, window: Window, thread_id: int) -> Channel:
    """A thread, as long as it is visible, and the replies in it; raises `ThreadNotFound`."""
    found = latest.of_thread(session, window, thread_id)
    about = found.about
    return Channel(
        name=f"threads/{thread_id}",
        key=f"feeds/threads/{thread_id}",
        title=about.title or f"A thread on {about.post_title}",
        subtitle="New replies in this thread.",
        page=f"threads/{thread_id}",
        began_at=about.created_at,
        news=found,
    )


def of_reply(session: Session, window: Window, reply_id: int) -> Channel:
    """A reply, as long as it is visible, and all below it; raises `ReplyNotFound`."""
    found = latest.of_reply(session, window, reply_id)
    about = found.about
    author = f"What {about.author_display_name} said" if about.author_display_name else "A reply"
    return Channel(
        name=f"replies/{reply_id}",
        key=f"feeds/replies/{reply_id}",
        title=f"{author} on {about.title or about.post_title}",
        subtitle="New replies to this reply, and to those.",
        page=f"replies/{reply_id}",
        began_at=about.created_at,
        news=found,
    )


def of_member(session: Session, window: Window, username: str) -> Channel:
    """What a member says; raises `MemberNotFound`."""
    found = latest.of_member(session, window, username)
    name, display_name = found.about.author_username, found.about.author_display_name
    return Channel(
        name=f"users/{name}",
        key=f"feeds/users/{name}",
        title=display_name,
        subtitle=f"New threads and replies by {display_name}.",
        page=f"users/{name}",
        began_at=found.about.created_at,
        news=found,
    )


def to_holder(session: Session, window: Window, token: str) -> Channel:
    """What is said to the member who holds a token for it; raises `InvalidToken`."""
    found = answers.to_holder(session, window, token)
    about = found.about
    return Channel(
        name="me/replies",
        key=f"feeds/users/{about.author_username}/answers",
        title=f"Replies to {about.author_display_name}",
        subtitle="New replies to what you wrote.",
        page=f"users/{about.author_username}",
        began_at=about.created_at,
        news=found,
        is_private=True,
    )


def texts(session: Session, items: Collection[Record]) -> dict[tuple[str, int], str]:
    """What items say, as HTML, by kind and id; those that were hidden meanwhile are missing."""
    sources = {THREADS: threads.html, REPLIES: queries.html}
    return {
        (kind, found_id): html
        for kind, source in sources.items()
        for found_id, html in source(session, [i.id for i in items if i.kind == kind]).items()
    }


def _spoken(path: str) -> str:
    return path.replace("-", " ")
