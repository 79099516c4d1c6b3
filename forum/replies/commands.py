"""Changing replies."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    bindparam,
    exists,
    func,
    insert,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from forum.accounts import commands as accounts
from forum.accounts import sanctions
from forum.accounts.identity import Viewer
from forum.accounts.models import WRITING, Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.config import settings_of
from forum.core import clock, outbox, ranking
from forum.core.db import execute, table_of
from forum.core.elements import NextId
from forum.core.errors import Forbidden
from forum.core.lifecycle import change, each_visibility, is_visible, was_never_seen
from forum.core.markdown import render
from forum.core.pages import Record, rows
from forum.replies import policy, tree_key, turns
from forum.replies.counters import NOTHING, Contribution, settle
from forum.replies.errors import (
    BranchIsLocked,
    ParentNotFound,
    ReplyIsGone,
    ReplyNotFound,
    ThreadIsSlow,
)
from forum.replies.events import ReplyDeleted, ReplyEdited, ReplyHeld, ReplyWritten
from forum.replies.models import FLAGS, MANAGEMENT, TECHNICAL, Reply, Revision
from forum.replies.queries import WRITTEN
from forum.threads import commands as threads
from forum.threads.models import Thread


@dataclass(frozen=True)
class NewReply:
    """What a member answers, whom, and which path they say it speaks for.

    `html` is the body as `render` makes it, of whoever has had to see it before.
    """

    body: str
    parent_id: int | None = None
    path: str | None = None
    html: str | None = None


@dataclass(frozen=True)
class PathState:
    """What decides the path of a reply, and the decision, as the reply's row keeps it."""

    declared: str | None
    technical_ballots: int
    management_ballots: int
    neither_ballots: int
    path: str | None
    path_source: str
    contested: bool
    bridge: bool


def add_reply(
    session: Session, actor: Viewer, thread_id: int, data: NewReply, *, held: bool = False
) -> Record:
    """Answer in a thread; gives the reply as `queries.reply` would.

    What is `held` counts nowhere, and is told to nobody until it is let go.
    Raises `ThreadNotFound`, `ThreadIsGone`, `ThreadIsLocked`, `ThreadIsSlow`, `ParentNotFound`,
    `ReplyIsGone`, `BranchIsLocked` or `Sanctioned`.
    """
    if not policy.may_reply(actor):
        raise Forbidden
    sanctions.refuse_barred(actor, WRITING, thread_id)
    html = data.html or render(data.body)
    thread = threads.lock_for_reply(session, _FOR_REPLY, thread=thread_id, author=actor.id)
    if thread.slow_seconds is not None and not policy.may_hurry(actor):
        _require_pause(session, actor, thread)
    answered = _answered(session, thread, data.parent_id)
    parent_key = _place(answered, settings_of(session).max_nesting)
    above = tree_key.ids(parent_key)
    now = clock.now()
    values = {
        "id": thread.next_id,
        "thread_id": thread.id,
        "post_id": thread.post_id,
        "parent_id": above[-1] if above else None,
        "reply_to_id": data.parent_id,
        "author_id": actor.id,
        "answered_id": _somebody_else(actor, thread if answered is None else answered),
        "depth": len(above),
        "tree_key": tree_key.child_key(parent_key, thread.next_id),
        "body": data.body,
        "body_html": html,
        "created_at": now,
        "held_at": now if held else None,
        "declared": data.path,
        "path": data.path,
        "path_source": "author" if data.path else "none",
        **{
            f"{flag}_entered_at": now if data.path == path and not held else None
            for flag, path in FLAGS.items()
        },
    }
    authors = {column.key: getattr(thread, column.key) for column in AUTHOR_COLUMNS}
    state = "held" if held else "visible"
    (reply,) = rows(session, _INSERT, **values, **authors, state=state)
    settle(session, reply, before=NOTHING)
    happened = ReplyHeld if held else ReplyWritten
    outbox.record(session, happened(thread.post_id, thread.id, reply.id))
    return reply


def edit(session: Session, actor: Viewer, reply: Reply, body: str, html: str) -> None:
    """Change what a locked reply says and keep what it said.

    Of what waits and nobody has seen nothing is kept. Raises `ReplyIsGone` or `Sanctioned`.

    `html` is the rendered `body`: rendering takes time, and comes before the lock.
    """
    if not policy.may_edit(actor, reply):
        raise Forbidden
    sanctions.refuse_barred(actor, WRITING, reply.thread_id)
    if policy.may_edit_unseen(actor, reply):
        change(reply, {"body": body, "body_html": html})
        session.flush()
        return
    require_visible(reply)
    if body == reply.body:
        return
    now = clock.now()
    session.add(
        Revision(
            reply_id=reply.id,
            body=reply.body,
            body_html=reply.body_html,
            written_at=reply.edited_at or reply.created_at,
            replaced_at=now,
        )
    )
    reply.body, reply.body_html, reply.edited_at = body, html, now
    session.flush()
    outbox.record(session, ReplyEdited(*reply.place))


def delete(session: Session, actor: Viewer, reply: Reply) -> None:
    """Take back one's own reply; raises `ReplyIsGone` when it is gone already."""
    if not policy.is_author(actor, reply):
        raise Forbidden
    change_facts(session, reply, deleted_at=clock.now())
    outbox.record(session, ReplyDeleted(*reply.place))


def change_facts(session: Session, reply: Reply, **facts: Any) -> None:
    """Record facts of a visible reply's life that end its visibility, and count accordingly."""
    require_visible(reply)
    set_facts(session, reply, **facts)


def set_facts(session: Session, reply: Reply, **facts: Any) -> None:
    """Record facts of a reply's life, or with None take them back, and count accordingly.

    What is seen for the first time then was written now, as those are told who follow.
    Raises `ReplyIsGone` for what is the opening of a thread by now.
    """
    if reply.moved_to_id is not None:
        raise ReplyIsGone
    before, is_new, now = Contribution.of(reply), was_never_seen(reply), clock.now()
    change(reply, facts)
    appears = is_visible(reply)
    if appears and not before.visible:
        change(reply, turns.on_appearing(reply, is_new, now))
    elif before.visible and not appears:
        change(reply, turns.on_hiding(reply, now))
    settle(session, reply, before)
    if appears and is_new:
        outbox.record(session, ReplyWritten(*reply.place))


def set_path_state(session: Session, reply: Reply, state: PathState) -> None:
    """Store what decides the path and the decision; moves balance and standing."""
    before = Contribution.of(reply)
    times = turns.on_resolving(reply, state.path, state.bridge, clock.now())
    change(reply, {**vars(state), **times})
    settle(session, reply, before)


def set_pin(
    session: Session, reply: Reply, path: str | None, reason: str | None, at: datetime | None
) -> None:
    """Store the active pin with the row (`at` None: no pin); the path is set separately."""
    change(reply, {"pinned_at": at, "pinned_path": path, "pinned_reason": reason})
    session.flush()


def set_lock(session: Session, reply: Reply, reason: str | None, at: datetime | None) -> None:
    """Store why a reply and what is below it may not be answered, and since when.

    With `at` None it may.
    """
    change(reply, {"locked_at": at, "locked_reason": reason})
    session.flush()


def lock_for_votes(session: Session, query: Select[Any], **values: Any) -> Row[Any]:
    """The row of `FOR_VOTES`, with what else the caller selects beside it.

    Raises `ReplyNotFound` or `ReplyIsGone`.
    """
    row = execute(session, query, values).one_or_none()
    if row is None:
        raise ReplyNotFound
    require_visible(row)
    return row


def count_votes(session: Session, reply: Row[Any], up: int, down: int) -> None:
    """Add votes to a reply locked for them, and rank it anew."""
    execute(
        session,
        _COUNT_VOTES,
        {
            "reply": reply.id,
            "more_up": up,
            "more_down": down,
            "new_best": ranking.wilson_lower_bound(reply.up + up, reply.down + down),
            "new_controversy": ranking.controversy(reply.up + up, reply.down + down),
        },
    )
    accounts.move_standing(
        session,
        reply.author_id,
        technical=(up - down) if reply.path == TECHNICAL else 0,
        management=(up - down) if reply.path == MANAGEMENT else 0,
    )


def set_votes(session: Session, reply: Reply, up: int, down: int) -> None:
    """Store the votes on a hidden reply, and its ranks."""
    best, controversy = ranking.wilson_lower_bound(up, down), ranking.controversy(up, down)
    change(reply, {"up": up, "down": down, "best": best, "controversy": controversy})
    session.flush()


def lock_row(session: Session, reply_id: int) -> Reply:
    """The reply, locked, but nothing around it; raises `ReplyNotFound`."""
    reply = session.scalar(
        select(Reply)
        .where(Reply.id == reply_id, Reply.listed)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if reply is None:
        raise ReplyNotFound
    return reply


def lock_for_edit(session: Session, actor: Viewer, reply_id: int) -> Reply:
    """As `lock_row`, and of what nobody has seen also one's own."""
    reply = session.get(
        Reply, reply_id, populate_existing=True, with_for_update={"key_share": True}
    )
    if reply is None or not (reply.listed or policy.may_edit_unseen(actor, reply)):
        raise ReplyNotFound
    return reply


def lock_with_thread(session: Session, reply_id: int) -> Reply:
    """The reply and its thread, locked in the order in which everybody locks them."""
    return _locked(session, Reply.id == reply_id, Reply.listed)


def lock_hidden_too(session: Session, reply_id: int) -> Reply:
    """As `lock_with_thread`, for who may act on what readers do not see."""
    return _locked(session, Reply.id == reply_id)


def require_visible(reply: Reply | Row[Any]) -> None:
    """Raise `ReplyIsGone` for a tombstone."""
    if not reply.visible:
        raise ReplyIsGone


_TABLE = table_of(Reply)
_FOR_REPLY = threads.FOR_REPLY.add_columns(NextId(_TABLE).label("next_id"), *AUTHOR_COLUMNS).join(
    table_of(Member), table_of(Member).c.id == bindparam("author")
)
_INSERT = insert(_TABLE).inline().returning(*WRITTEN)
_LOCKED = _TABLE.alias().c
_IS_LOCKED = exists().where(
    _LOCKED.thread_id == bindparam("thread"),
    _LOCKED.locked_at.is_not(None),
    _LOCKED.tree_key == func.substr(_TABLE.c.tree_key, 1, func.length(_LOCKED.tree_key)),
)
"""Whether a reply, or one above it, is locked; next to none are in any thread."""
_ANSWERED = select(
    *(_TABLE.c[name] for name in ("author_id", "depth", "tree_key", "visible")),
    _IS_LOCKED.label("is_locked"),
).where(
    _TABLE.c.id == bindparam("reply"), _TABLE.c.thread_id == bindparam("thread"), _TABLE.c.listed
)
_OF_AUTHOR = union_all(
    *(
        select(_TABLE.c.created_at).where(
            _TABLE.c.author_id.in_(bindparam("authors", expanding=True)),
            _TABLE.c.thread_id == bindparam("thread"),
            _TABLE.c.created_at > bindparam("since"),
            visibility,
        )
        for visibility in each_visibility(Reply)
    )
).subquery()
_LATEST_OF_AUTHOR = select(func.max(_OF_AUTHOR.c.created_at))
FOR_VOTES = (
    select(
        *(
            _TABLE.c[name]
            for name in ("id", "post_id", "thread_id", "author_id", "visible", "up", "down", "path")
        )
    )
    .where(_TABLE.c.id == bindparam("of"), _TABLE.c.listed)
    .with_for_update(key_share=True)
)
"""What voting needs of the reply bound as `of`, which is locked."""

_COUNT_VOTES = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("reply"))
    .values(
        up=_TABLE.c.up + bindparam("more_up"),
        down=_TABLE.c.down + bindparam("more_down"),
        best=bindparam("new_best"),
        controversy=bindparam("new_controversy"),
    )
)


def _locked(session: Session, *which: ColumnElement[bool] | InstrumentedAttribute[bool]) -> Reply:
    """The reply, in the thread in which it still is when that is locked."""
    reply = select(Reply).where(*which).with_for_update(key_share=True)
    reply = reply.execution_options(populate_existing=True)
    while (thread_id := session.scalar(select(Reply.thread_id).where(*which))) is not None:
        threads.lock_rows(session, Thread.id == thread_id)
        found = session.scalar(reply)
        if found is not None and found.thread_id == thread_id:
            return found
    raise ReplyNotFound


def _answered(session: Session, thread: Row[Any], parent_id: int | None) -> Row[Any] | None:
    """The reply that is answered, or None for the thread itself; neither may be a tombstone."""
    if parent_id is None:
        threads.require_visible(thread)
        return None
    answered = execute(session, _ANSWERED, {"reply": parent_id, "thread": thread.id}).one_or_none()
    if answered is None:
        raise ParentNotFound(parent_id)
    require_visible(answered)
    if answered.is_locked:
        raise BranchIsLocked
    return answered


def _require_pause(session: Session, actor: Viewer, thread: Row[Any]) -> None:
    """Raise `ThreadIsSlow` for who replied in it a moment ago, whatever became of that."""
    now, pause = clock.now(), timedelta(seconds=thread.slow_seconds)
    mine = {"thread": thread.id, "authors": actor.ids, "since": now - pause}
    latest = execute(session, _LATEST_OF_AUTHOR, mine).scalar()
    if latest is not None:
        raise ThreadIsSlow.until(latest + pause, now)


def _somebody_else(actor: Viewer, answered: Row[Any]) -> int | None:
    """Who wrote what is answered; None if it was the actor."""
    author_id: int = answered.author_id
    return author_id if author_id != actor.id else None


def _place(answered: Row[Any] | None, max_nesting: int) -> bytes:
    """The key to attach below: at the last level, beside the reply that is answered."""
    if answered is None:
        return b""
    key: bytes = answered.tree_key
    return key if answered.depth + 1 < max_nesting else tree_key.parent_key(key)
