"""Writing, as members do it: what is written is published, held or refused before anybody sees it.

The routes of writing call this; who knows better calls the commands of replies and threads.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core import clock, outbox
from forum.core.markdown import render
from forum.core.pages import Record
from forum.moderation import held, words
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.screening import looking
from forum.moderation.screening.judging import Verdict
from forum.moderation.spam import commands as spam
from forum.moderation.spam.suspects import Sender, Target
from forum.replies import commands as replies
from forum.replies import queries as reply_queries
from forum.replies.commands import NewReply
from forum.replies.events import ReplyHeld
from forum.threads import commands as threads
from forum.threads import queries as thread_queries
from forum.threads.commands import NewThread
from forum.threads.events import ThreadHeld

OnceLocked = Callable[[], object]
"""Looks at what is to be edited, when nobody else can change it any more, and may refuse."""


def write_reply(
    session: Session,
    actor: Viewer,
    thread_id: int,
    data: NewReply,
    sender: Sender | None = None,
    *,
    waits: bool = False,
) -> Record:
    """Answer in a thread; raises what `replies.add_reply` does, `TextRefused` or `TooSoon`.

    What `waits` is held until whoever knows for what lets it go. `sender` is for the check of spam.
    """
    verdict = looking.at_reply(session, actor, thread_id, data)
    data = replace(data, body=verdict.body, html=verdict.html)
    is_held = verdict.is_held or waits
    written = replies.add_reply(session, actor, thread_id, data, held=is_held)
    _follow(session, verdict, Target(thread_id, written.id))
    if verdict.asks_about_spam:
        spam.ask(session, Target(thread_id, written.id), written.held_at, sender, now=not waits)
    return written


def open_thread(
    session: Session,
    actor: Viewer,
    slug: str,
    data: NewThread,
    sender: Sender | None = None,
    *,
    waits: bool = False,
) -> Record:
    """Start a conversation below a post; the same with what `threads.open_thread` raises."""
    verdict = looking.at_thread(session, actor, slug, data)
    data = NewThread(verdict.body, verdict.title, verdict.html)
    is_held = verdict.is_held or waits
    opened = threads.open_thread(session, actor, slug, data, held=is_held)
    _follow(session, verdict, Target(opened.id, None))
    if verdict.asks_about_spam:
        since = opened.held_at or opened.created_at
        spam.ask(session, Target(opened.id, None), since, sender, now=not waits)
    return _thread(session, actor, opened.id, is_held)


def edit_reply(
    session: Session,
    actor: Viewer,
    reply_id: int,
    body: str,
    once_locked: OnceLocked,
    sender: Sender | None = None,
) -> Record:
    """Change what a reply says; the same with what `replies.edit` raises.

    What would not be published if it were new is not seen until it is let go.
    """
    verdict = looking.at_edit_of_reply(session, actor, reply_id, body)
    html = verdict.html or render(verdict.body)
    if verdict.is_held:
        replies.lock_hidden_too(session, reply_id)  # which locks the thread before the reply
    locked = replies.lock_for_edit(session, actor, reply_id)
    once_locked()
    words.edit_reply(session, actor, locked, verdict.body, html)
    was_seen, now = locked.visible, clock.now()
    if verdict.is_held or not was_seen:
        replies.set_facts(session, locked, held_at=now)
    if verdict.is_held and was_seen:
        outbox.record(session, ReplyHeld(*locked.place))
    _follow_edit(session, verdict, Target(locked.thread_id, reply_id), now, sender, was_seen)
    return _reply(session, actor, reply_id, verdict.is_held or not was_seen)


def edit_thread(
    session: Session,
    actor: Viewer,
    thread_id: int,
    changes: Mapping[str, Any],
    once_locked: OnceLocked,
    sender: Sender | None = None,
) -> Record:
    """Change title or body of a thread; the same with what `threads.edit` raises."""
    verdict = looking.at_edit_of_thread(session, actor, thread_id, changes)
    said = {"title": verdict.title, "body": verdict.body}
    changed = {name: said[name] for name in changes}
    if "body" in changed:
        changed["body_html"] = verdict.html or render(verdict.body)
    locked = threads.lock_for_edit(session, actor, thread_id)
    once_locked()
    words.edit_thread(session, actor, locked, changed)
    was_seen, now = locked.visible, clock.now()
    if verdict.is_held or not was_seen:
        threads.set_facts(session, locked, held_at=now)
    if verdict.is_held and was_seen:
        outbox.record(session, ThreadHeld(*locked.place))
    _follow_edit(session, verdict, Target(thread_id, None), now, sender, was_seen)
    return _thread(session, actor, thread_id, verdict.is_held or not was_seen)


def _follow(session: Session, verdict: Verdict, target: Target) -> None:
    """Tell moderators why they are to look at a text."""
    for reason in verdict.reasons:
        about = (verdict.kind, target.thread_id, target.reply_id)
        raise_item(session, Concern(*about, weight=reason.weight, why=reason.why))


def _follow_edit(
    session: Session,
    verdict: Verdict,
    target: Target,
    held_at: datetime,
    sender: Sender | None,
    was_seen: bool,
) -> None:
    """The same, and let the worker ask about the new words: what waits goes on waiting."""
    _follow(session, verdict, target)
    if not was_seen:
        spam.ask_again(session, target, held_at)
    elif verdict.asks_about_spam:
        spam.ask(session, target, held_at, sender)


def _reply(session: Session, actor: Viewer, reply_id: int, is_held: bool) -> Record:
    if is_held:
        return held.reply(session, actor.id, reply_id)
    return reply_queries.reply(session, reply_id)


def _thread(session: Session, actor: Viewer, thread_id: int, is_held: bool) -> Record:
    if is_held:
        return held.thread(session, actor.id, thread_id)
    return thread_queries.thread(session, thread_id)
