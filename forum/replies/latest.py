"""What is new somewhere, threads and replies together, and what has left.

Texts are new in the order in which they entered: most places when they were written, a path when
they came to it. Whoever asks for the newest again and again costs one statement, which indexes
serve and which reads nothing of what the texts say.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Select, bindparam, case, func, null, select, union_all
from sqlalchemy.orm import Session

from forum.accounts.errors import InvalidToken, MemberNotFound
from forum.accounts.feed_tokens import hash_of
from forum.accounts.models import REPLIES_TO_ME, FeedToken
from forum.accounts.names import skeleton
from forum.core.errors import NotFound, Refusal
from forum.core.outbox import RecordedEvent
from forum.core.pages import Position, Record, Within, rows
from forum.posts.errors import PostNotFound
from forum.replies import tree_key
from forum.replies.errors import ReplyNotFound
from forum.replies.models import FLAGS
from forum.replies.streams import (
    AUTHOR,
    MEMBER,
    POST,
    REPLY,
    THREAD,
    TITLE,
    Stream,
    few_replies,
    replies,
    shaped,
    threads,
)
from forum.threads.errors import ThreadNotFound

_ABOUT = "about"


@dataclass(frozen=True)
class Window:
    """Which part of the news: at most `limit`, from the newest or from after a position on."""

    limit: int
    after: Position | None = None


@dataclass(frozen=True)
class News:
    """A part of what is new about something, which `about` names.

    `items` are the latest first; `following` is the one after them. `left` are the `limit` that
    left last, told with the newest only. `elsewhere_at` is when last something changed that bears
    no time here: a name, the title of a post.
    """

    about: Record
    items: Sequence[Record]
    following: Record | None
    left: Sequence[Record]
    elsewhere_at: datetime | None = field(repr=False)


def position(item: Record) -> Position:
    """Where an item stands."""
    return [item.entered_at.isoformat(), item.kind, item.id]


def until(moment: datetime) -> Position:
    """Where those stand that had entered before a moment."""
    return [moment.isoformat(), "", 0]


def of_community(session: Session, window: Window) -> News:
    """Whatever is said anywhere."""
    return _COMMUNITY.news(session, window)


def on_path(session: Session, window: Window, path: str) -> News:
    """The replies on a path, bridges included."""
    return _ON_PATH[path].news(session, window)


def of_post(session: Session, window: Window, slug: str) -> News:
    """What is said below a post; raises `PostNotFound`."""
    return _OF_POST.news(session, window, slug=slug)


def of_post_on_path(session: Session, window: Window, slug: str, path: str) -> News:
    """The replies below a post that are on a path; raises `PostNotFound`."""
    return _OF_POST_ON_PATH[path].news(session, window, slug=slug)


def of_thread(session: Session, window: Window, thread_id: int) -> News:
    """A thread, as long as it is visible, and the replies in it; raises `ThreadNotFound`."""
    return _OF_THREAD.news(session, window, of_thread=thread_id)


def of_member(session: Session, window: Window, username: str) -> News:
    """What a member says, who is named in any case; raises `MemberNotFound`."""
    news = _OF_MEMBER.news(session, window, skeleton=skeleton(username))
    if news.about.author_username.lower() != username.lower():
        raise MemberNotFound
    return news


def of_reply(session: Session, window: Window, reply_id: int) -> News:
    """A reply, as long as it is visible, and all below it; raises `ReplyNotFound`."""
    found = rows(session, _BRANCH, of_reply=reply_id)
    if not found:
        raise ReplyNotFound
    branch = found[0]
    scope = _SMALL_BRANCH if branch.reply_count < _SMALL else _LARGE_BRANCH
    first, last = tree_key.span(branch.tree_key)
    of = {"of_reply": reply_id, "of_thread": branch.thread_id, "first": first, "last": last}
    return scope.news(session, window, **of)


def to_holder(session: Session, window: Window, token: str) -> News:
    """What is said to the member who holds a token for it; raises `InvalidToken`."""
    return _TO_HOLDER.news(session, window, token_hash=hash_of(token))


class _Scope:
    """What there is news about: a row that names it, and the streams of what is said there."""

    def __init__(
        self, about: Select[Any], *streams: Stream, missing: type[Refusal] = NotFound
    ) -> None:
        self._about, self._streams, self._missing = about, streams, missing
        newest = (part.start for stream in streams for part in (stream.there, stream.left))
        self._newest = _one_after_the_other(about, *newest)

    def news(self, session: Session, window: Window, **values: Any) -> News:
        """Raises the error of what is missing."""
        found = self._rows(session, window, values)
        about = next((row for row in found if row.kind == _ABOUT), None)
        if about is None:
            raise self._missing
        texts = [row for row in found if row.kind != _ABOUT]
        there = _latest((row for row in texts if row.entered_at), "entered_at")
        left = _latest((row for row in texts if not row.entered_at), "turned_at")
        return News(
            about,
            there[: window.limit],
            there[window.limit] if len(there) > window.limit else None,
            left[: window.limit],
            about.turned_at,
        )

    def _rows(self, session: Session, window: Window, values: dict[str, Any]) -> list[Record]:
        count = window.limit + 1
        if window.after is None:
            return rows(session, self._newest, page_size=count, **values)
        found = rows(session, self._about, **values)
        for stream in self._streams:
            found += stream.after(session, window.after, count, **values)
        return found


def _one_after_the_other(*parts: Select[Any]) -> CompoundSelect[Any]:
    return union_all(*(select(part.subquery()) for part in parts))


def _latest(texts: Iterable[Record], time: str) -> list[Record]:
    return sorted(texts, key=lambda row: (getattr(row, time), row.kind, row.id), reverse=True)


_EVENT = RecordedEvent.__table__.c
_ELSEWHERE = select(func.max(_EVENT.happened_at)).where(_EVENT.topic.is_(None)).scalar_subquery()


def _named(**columns: Any) -> Select[Any]:
    return shaped(_ABOUT, turned_at=_ELSEWHERE, **columns)


_COMMUNITY = _Scope(_named(), threads(), replies())

_ON_PATH = {path: _Scope(_named(), replies(flag=flag)) for flag, path in FLAGS.items()}

_POST = (POST.slug == bindparam("slug"), POST.visible)
_POST_NAMED = _named(id=POST.id, title=POST.title, created_at=POST.created_at).where(*_POST)
_POST_ID = select(POST.id).where(*_POST).scalar_subquery()
_REPLIES_BELOW_POST = Within(REPLY.post_id, _POST_ID)
_OF_POST = _Scope(
    _POST_NAMED,
    threads(Within(THREAD.post_id, _POST_ID), THREAD.listed),
    replies(_REPLIES_BELOW_POST),
    missing=PostNotFound,
)
_OF_POST_ON_PATH = {
    path: _Scope(_POST_NAMED, replies(_REPLIES_BELOW_POST, flag=flag), missing=PostNotFound)
    for flag, path in FLAGS.items()
}

_IN_THREAD = Within(REPLY.thread_id, bindparam("of_thread"))
_OF_THREAD = _Scope(
    _named(id=THREAD.id, title=TITLE, post_title=POST.title, created_at=THREAD.created_at)
    .join(POST.id.table, POST.id == THREAD.post_id)
    .where(THREAD.id == bindparam("of_thread"), THREAD.listed),
    threads(Within(THREAD.id, bindparam("of_thread"))),
    replies(_IN_THREAD),
    missing=ThreadNotFound,
)

_MEMBER = MEMBER.username_skeleton == bindparam("skeleton")
_MEMBER_ID = select(MEMBER.id).where(_MEMBER).scalar_subquery()
_OF_MEMBER = _Scope(
    _named(id=MEMBER.id, created_at=MEMBER.created_at, **AUTHOR).where(_MEMBER),
    threads(Within(THREAD.author_id, _MEMBER_ID)),
    replies(Within(REPLY.author_id, _MEMBER_ID)),
    missing=MemberNotFound,
)

_TOKEN = FeedToken.__table__.c
_SHOWN = (_TOKEN.token_hash == bindparam("token_hash"), _TOKEN.feed == REPLIES_TO_ME)
_HOLDER_ID = select(_TOKEN.member_id).where(*_SHOWN).scalar_subquery()
_TO_HOLDER = _Scope(
    _named(id=MEMBER.id, created_at=MEMBER.created_at, **AUTHOR)
    .join(FeedToken.__table__, _TOKEN.member_id == MEMBER.id)
    .where(*_SHOWN),
    replies(Within(REPLY.answered_id, _HOLDER_ID)),
    missing=InvalidToken,
)

_SMALL = 500
"""Replies that are quicker looked through all than found among the newest of their thread."""
_BRANCH = select(REPLY.tree_key, REPLY.thread_id, REPLY.reply_count).where(
    REPLY.id == bindparam("of_reply"), REPLY.listed
)
_IN_BRANCH = REPLY.tree_key.between(bindparam("first"), bindparam("last"))
_BRANCH_NAMED = (
    _named(
        id=REPLY.id,
        title=TITLE,
        post_title=POST.title,
        created_at=REPLY.created_at,
        author_username=case((REPLY.visible, MEMBER.username), else_=null()),
        author_display_name=case((REPLY.visible, MEMBER.display_name), else_=null()),
    )
    .select_from(REPLY.id.table.join(MEMBER.id.table, MEMBER.id == REPLY.author_id))
    .join(THREAD.id.table, THREAD.id == REPLY.thread_id)
    .join(POST.id.table, POST.id == REPLY.post_id)
    .where(REPLY.id == bindparam("of_reply"))
)
_SMALL_BRANCH = _Scope(_BRANCH_NAMED, few_replies(2 * _SMALL, _IN_BRANCH))
_LARGE_BRANCH = _Scope(_BRANCH_NAMED, replies(_IN_THREAD, _IN_BRANCH))
