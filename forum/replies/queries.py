"""Reading single replies and plain lists of them.

What is hidden never leaves the database: a tombstone has no text and no author.
"""

from collections.abc import Collection

from sqlalchemy import String, and_, bindparam, case, null, select
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core.lifecycle import FACTS, state_of
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.replies.errors import ReplyNotFound
from forum.replies.models import MANAGEMENT, PATHS, TECHNICAL, Reply, Revision
from forum.replies.tree_key import ancestor_ids
from forum.threads import queries as threads
from forum.threads.models import Thread

_REPLY = Reply.__table__.c
_REVISION = Revision.__table__.c
_THREAD = Thread.__table__.c
_MASKED = ("author_id", "body", "body_html", "declared", "path", "pinned_path", "pinned_reason")
_NOT_READ = (
    *FACTS,
    *("removed_reason", "listed", "on_technical", "on_management", "answered_id", "turned_at"),
    *("technical_entered_at", "technical_turned_at"),
    *("management_entered_at", "management_turned_at"),
    *("locked_reason", "moved_to_id"),
    *("left_thread_id", "left_thread_at", "left_post_id", "left_post_at"),
)
_AUTHOR = and_(Member.__table__.c.id == _REPLY.author_id, _REPLY.visible)

REPLIES = select(
    *(c for c in _REPLY if c.key not in (*_MASKED, *_NOT_READ)),
    state_of(_REPLY),
    *(case((_REPLY.visible, _REPLY[name]), else_=null()).label(name) for name in _MASKED),
    *AUTHOR_COLUMNS,
).select_from(Reply.__table__.outerjoin(Member.__table__, _AUTHOR))
"""Replies with their authors; whoever reads them adds which."""

WRITTEN = (
    *_REPLY,
    bindparam("state", type_=String()).label("state"),
    *(bindparam(c.key, type_=c.type).label(c.key) for c in AUTHOR_COLUMNS),
)
"""The same of a reply that is just inserted: its author's columns are bound under their names.

So is its state, of which SQLite would find out the wrong one while it inserts.
"""

ORDERS = {
    "best": Order((_REPLY.best, _REPLY.id)),
    "new": Order((_REPLY.created_at, _REPLY.id)),
    "old": Order((_REPLY.created_at, _REPLY.id), descending=False),
    "top": Order((_REPLY.score, _REPLY.id)),
    "controversial": Order((_REPLY.controversy, _REPLY.id)),
}

_ONE = REPLIES.where(_REPLY.id == bindparam("of_id"), _REPLY.listed)
_ABOVE = REPLIES.where(_REPLY.id.in_(bindparam("ids", expanding=True))).order_by(_REPLY.depth)
_IS_VISIBLE = select(_REPLY.id).where(_REPLY.id == bindparam("of_id"), _REPLY.visible)
_REVISIONS = Keyset(
    select(*_REVISION).where(_REVISION.reply_id == bindparam("of_id")),
    Order((_REVISION.replaced_at, _REVISION.id)),
)

_OF_THREAD = Within(_REPLY.thread_id, bindparam("of_thread"))
_OF_AUTHOR = Within(_REPLY.author_id, bindparam("of_author"))
_ON = {TECHNICAL: _REPLY.on_technical, MANAGEMENT: _REPLY.on_management}
_ON_PATH = {
    (path, sort): Keyset(REPLIES.where(_REPLY.visible, _ON[path]), order, _OF_THREAD)
    for path in PATHS
    for sort, order in {**ORDERS, "balanced": ORDERS["best"]}.items()
}
_BY_AUTHOR = Keyset(REPLIES.where(_REPLY.visible), ORDERS["new"], _OF_AUTHOR)
_HTML = select(_REPLY.id, _REPLY.body_html).where(
    _REPLY.id.in_(bindparam("ids", expanding=True)), _REPLY.visible
)


def reply(session: Session, reply_id: int) -> Record:
    """A reply or its tombstone; raises `ReplyNotFound`."""
    found = rows(session, _ONE, of_id=reply_id)
    if not found:
        raise ReplyNotFound
    return found[0]


def context(session: Session, reply_id: int) -> list[Record]:
    """The chain from the top-level reply down to this one; raises `ReplyNotFound`."""
    last = reply(session, reply_id)
    return [*rows(session, _ABOVE, ids=ancestor_ids(last.tree_key)), last]


def revisions(session: Session, reply_id: int, after: Position | None, limit: int) -> Page[Record]:
    """What a visible reply said before each edit, latest edit first; raises `ReplyNotFound`."""
    if not rows(session, _IS_VISIBLE, of_id=reply_id):
        raise ReplyNotFound
    return _REVISIONS.page(session, after, limit, of_id=reply_id)


def on_path(
    session: Session, thread_id: int, path: str, sort: str, after: Position | None, limit: int
) -> Page[Record]:
    """The visible replies of a thread on a path, bridges included; `balanced` is `best` here.

    Raises `ThreadNotFound`.
    """
    page = _ON_PATH[path, sort].page(session, after, limit, of_thread=thread_id)
    if not page.items:
        threads.thread(session, thread_id)
    return page


def of_author(session: Session, author_id: int, after: Position | None, limit: int) -> Page[Record]:
    """What a member wrote, newest first."""
    return _BY_AUTHOR.page(session, after, limit, of_author=author_id)


def html(session: Session, reply_ids: Collection[int]) -> dict[int, str]:
    """What replies say, by id, as far as they are visible."""
    return {row.id: row.body_html for row in rows(session, _HTML, ids=list(reply_ids))}
