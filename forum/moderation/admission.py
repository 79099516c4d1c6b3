"""Writing, as members do it: what is written is published, held or refused before anybody sees it.

The routes of writing call this; commands that know better call those of replies and threads.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.markdown import render
from forum.core.pages import Record
from forum.moderation import held, words
from forum.replies import commands as replies
from forum.replies import queries as reply_queries
from forum.replies.commands import NewReply
from forum.threads import commands as threads
from forum.threads import queries as thread_queries
from forum.threads.commands import NewThread

OnceLocked = Callable[[], object]
"""Looks at what is to be edited, when nobody else can change it any more, and may refuse."""


def write_reply(
    session: Session, actor: Viewer, thread_id: int, data: NewReply, *, waits: bool = False
) -> Record:
    """Answer in a thread; raises what `replies.add_reply` does.

    What `waits` is held until whoever knows for what lets it go.
    """
    written = replies.add_reply(session, actor, thread_id, data, held=waits)
    return _reply(session, actor, written.id, is_held=True) if waits else written


def open_thread(
    session: Session, actor: Viewer, slug: str, data: NewThread, *, waits: bool = False
) -> Record:
    """Start a conversation below a post; raises what `threads.open_thread` does."""
    opened = threads.open_thread(session, actor, slug, data, held=waits)
    return _thread(session, actor, opened.id, is_held=waits)


def edit_reply(
    session: Session, actor: Viewer, reply_id: int, body: str, once_locked: OnceLocked
) -> Record:
    """Change what a reply says; raises what `replies.edit` does."""
    html = render(body)
    locked = replies.lock_for_edit(session, actor, reply_id)
    once_locked()
    words.edit_reply(session, actor, locked, body, html)
    return _reply(session, actor, reply_id, is_held=not locked.visible)


def edit_thread(
    session: Session,
    actor: Viewer,
    thread_id: int,
    changes: dict[str, Any],
    once_locked: OnceLocked,
) -> Record:
    """Change title or body of a thread; raises what `threads.edit` does."""
    if "body" in changes:
        changes = {**changes, "body_html": render(changes["body"])}
    locked = threads.lock_for_edit(session, actor, thread_id)
    once_locked()
    words.edit_thread(session, actor, locked, changes)
    return _thread(session, actor, thread_id, is_held=not locked.visible)


def _reply(session: Session, actor: Viewer, reply_id: int, is_held: bool) -> Record:
    if is_held:
        return held.reply(session, actor.id, reply_id)
    return reply_queries.reply(session, reply_id)


def _thread(session: Session, actor: Viewer, thread_id: int, is_held: bool) -> Record:
    if is_held:
        return held.thread(session, actor.id, thread_id)
    return thread_queries.thread(session, thread_id)
