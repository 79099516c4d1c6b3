"""What is new somewhere, threads and replies together, and what has left.

Texts are new in the order in which they entered: most places when they were written, a path when
they came to it, the gap when a path came to be missing.
"""

from sqlalchemy import bindparam, case, null, select
from sqlalchemy.orm import Session

from forum.accounts.errors import MemberNotFound
from forum.accounts.names import skeleton
from forum.core.pages import Within, rows
from forum.posts.errors import PostNotFound
from forum.replies import tree_key
from forum.replies.errors import ReplyNotFound
from forum.replies.models import FLAGS
from forum.replies.scopes import News, Scope, Window, named
from forum.replies.streams import (
    AUTHOR,
    MEMBER,
    POST,
    REPLY,
    THREAD,
    TITLE,
    few_replies,
    replies,
    threads,
)
from forum.threads.errors import ThreadNotFound


def of_community(session: Session, window: Window) -> News:
    """Whatever is said anywhere."""
    return _COMMUNITY.news(session, window)


def on_path(session: Session, window: Window, path: str) -> News:
    """The replies on a path, bridges included."""
    return _ON_PATH[path].news(session, window)


def in_gap(session: Session, window: Window, path: str | None = None) -> News:
    """The threads that lack a path, or this one."""
    return _IN_GAP[path].news(session, window)


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


_COMMUNITY = Scope(named(), threads(), replies())

_ON_PATH = {path: Scope(named(), replies(flag=flag)) for flag, path in FLAGS.items()}

_GAPS: dict[str | None, str] = {
    None: "gap",
    **{path: f"{flag}_gap" for flag, path in FLAGS.items()},
}
_IN_GAP = {path: Scope(named(), threads(gap=gap)) for path, gap in _GAPS.items()}

_POST = (POST.slug == bindparam("slug"), POST.visible)
_POST_NAMED = named(id=POST.id, title=POST.title, created_at=POST.created_at).where(*_POST)
_POST_ID = select(POST.id).where(*_POST).scalar_subquery()
_REPLIES_BELOW_POST = Within(REPLY.post_id, _POST_ID)
_OF_POST = Scope(
    _POST_NAMED,
    threads(Within(THREAD.post_id, _POST_ID), THREAD.listed, place="post"),
    replies(_REPLIES_BELOW_POST, place="post"),
    missing=PostNotFound,
)
_OF_POST_ON_PATH = {
    path: Scope(
        _POST_NAMED, replies(_REPLIES_BELOW_POST, flag=flag, place="post"), missing=PostNotFound
    )
    for flag, path in FLAGS.items()
}

_IN_THREAD = Within(REPLY.thread_id, bindparam("of_thread"))
_OF_THREAD = Scope(
    named(id=THREAD.id, title=TITLE, post_title=POST.title, created_at=THREAD.created_at)
    .join(POST.id.table, POST.id == THREAD.post_id)
    .where(THREAD.id == bindparam("of_thread"), THREAD.listed),
    threads(Within(THREAD.id, bindparam("of_thread"))),
    replies(_IN_THREAD, place="thread"),
    missing=ThreadNotFound,
)

_MEMBER = MEMBER.username_skeleton == bindparam("skeleton")
_MEMBER_ID = select(MEMBER.id).where(_MEMBER).scalar_subquery()
_OF_MEMBER = Scope(
    named(id=MEMBER.id, created_at=MEMBER.created_at, **AUTHOR).where(_MEMBER),
    threads(Within(THREAD.author_id, _MEMBER_ID)),
    replies(Within(REPLY.author_id, _MEMBER_ID)),
    missing=MemberNotFound,
)

_SMALL = 500
"""Replies that are quicker looked through all than found among the newest of their thread."""
_BRANCH = select(REPLY.tree_key, REPLY.thread_id, REPLY.reply_count).where(
    REPLY.id == bindparam("of_reply"), REPLY.listed
)
_IN_BRANCH = REPLY.tree_key.between(bindparam("first"), bindparam("last"))
_BRANCH_NAMED = (
    named(
        id=REPLY.id,
        thread_id=REPLY.thread_id,
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
_SMALL_BRANCH = Scope(_BRANCH_NAMED, few_replies(2 * _SMALL, _IN_BRANCH))
_LARGE_BRANCH = Scope(_BRANCH_NAMED, replies(_IN_THREAD, _IN_BRANCH))
