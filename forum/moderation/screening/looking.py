"""Looking at what somebody is about to write, in a read that is over before the write begins."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, bindparam, null, select, true
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.config import settings_of
from forum.core import clock
from forum.core.db import reading_apart, table_of
from forum.core.markdown import render
from forum.core.pages import Record, rows
from forum.moderation import policy, watched
from forum.moderation.errors import TooSoon
from forum.moderation.premoderation import queries as premoderation
from forum.moderation.premoderation.models import Policy
from forum.moderation.queue import decisions_made
from forum.moderation.queue.snapshots import revision_of
from forum.moderation.rules.matching import Draft
from forum.moderation.screening import writers
from forum.moderation.screening.judging import Verdict, judge
from forum.moderation.screening.watch import Watch, as_noted, at_version
from forum.posts.models import Post
from forum.replies.commands import NewReply
from forum.replies.models import Reply
from forum.threads.commands import NewThread
from forum.threads.models import Thread


@dataclass(frozen=True)
class _Words:
    title: str | None
    body: str


def at_reply(session: Session, actor: Viewer, thread_id: int, data: NewReply) -> Verdict:
    """Look at an answer in a thread; raises `TextRefused` or `TooSoon`."""
    words = _Words(None, data.body)
    return _at_new(session, actor, _IN_THREAD, {"thread": thread_id}, words)


def at_thread(session: Session, actor: Viewer, slug: str, data: NewThread) -> Verdict:
    """Look at the beginning of a conversation; raises `TextRefused` or `TooSoon`."""
    return _at_new(session, actor, _BELOW_POST, {"slug": slug}, _Words(data.title, data.body))


def at_edit_of_reply(session: Session, actor: Viewer, reply_id: int, body: str) -> Verdict:
    """Look at what a reply is to say; raises `TextRefused`."""
    return _at_edit(session, actor, _OF_REPLY, reply_id, {"body": body})


def at_edit_of_thread(
    session: Session, actor: Viewer, thread_id: int, changes: Mapping[str, Any]
) -> Verdict:
    """Look at what a thread is to say with changes of its title or body; raises `TextRefused`."""
    return _at_edit(session, actor, _OF_THREAD, thread_id, changes)


def _at_new(
    session: Session, actor: Viewer, places: Select[Any], values: dict[str, Any], words: _Words
) -> Verdict:
    if policy.is_not_watched(actor) or _needs_no_look(session, actor):
        return Verdict(words.title, words.body)
    with reading_apart():
        (place,) = rows(session, places, **values)
        _refuse_haste(session, actor, place.thread_id)
        return _verdict(session, actor, place, words)


def _needs_no_look(session: Session, actor: Viewer) -> bool:
    """Whether nothing is looked for anywhere, as far as is known without asking."""
    settings = settings_of(session)
    by_all = (as_noted(session), premoderation.configured(settings), settings.akismet_key)
    return by_all == (Watch(), Policy(), "") and not actor.sanctions


def _at_edit(
    session: Session, actor: Viewer, texts: Select[Any], text_id: int, changes: Mapping[str, Any]
) -> Verdict:
    """An edit that changes nothing, or that is none of the actor's, is left to the command."""
    with reading_apart():
        (text,) = rows(session, texts, of_id=text_id)
        before = _Words(text.title, text.body or "")
        words = replace(before, **changes)
        if policy.is_not_watched(actor) or text.author_id != actor.id or words == before:
            return Verdict(words.title, words.body)
        verdict = _verdict(session, actor, text, words)
        if _is_approved(session, text, verdict):
            return replace(verdict, reasons=(), asks_about_spam=False)
        return verdict


def _verdict(session: Session, actor: Viewer, place: Record, words: _Words) -> Verdict:
    settings, watch = settings_of(session), at_version(session, place.version)
    held_by = premoderation.in_force(watch.policies, settings, place.post_id).policy
    verdict = Verdict(words.title, words.body)
    if place.post_id is None:
        return verdict
    if watch.rules or held_by != Policy() or actor.held_by(place.thread_id):
        verdict = _judged(session, actor, place, words, watch, held_by)
    return replace(verdict, asks_about_spam=bool(settings.akismet_key) and not verdict.is_held)


def _judged(
    session: Session,
    actor: Viewer,
    place: Record,
    words: _Words,
    watch: Watch,
    held_by: Policy,
) -> Verdict:
    writer = writers.writer(session, actor.id, most=held_by.first_texts)
    draft = Draft(
        title=words.title,
        body=words.body,
        html=render(words.body),
        post_id=place.post_id,
        by_guest=not actor.is_member,
        author_since=writer.since,
        at=clock.now(),
        around=writers.Recent(session, actor.ids),
    )
    return judge(draft, watch.rules, held_by, writer, actor.held_by(place.thread_id))


def _is_approved(session: Session, text: Record, verdict: Verdict) -> bool:
    """Whether moderators have let this very text say this; nothing is asked of what is not held."""
    if not (verdict.reasons or verdict.asks_about_spam):
        return False
    revision = revision_of(verdict.title, verdict.body)
    return decisions_made.is_approved(session, text.thread_id, text.reply_id, revision)


def _refuse_haste(session: Session, actor: Viewer, thread_id: int | None) -> None:
    slowed = actor.slowed_by(thread_id)
    if slowed is None:
        return
    pause, now = timedelta(minutes=slowed.minutes or 0), clock.now()
    latest = writers.last_wrote_at(session, actor.ids, now - pause, slowed.thread_id)
    if latest is not None:
        raise TooSoon.until(latest + pause, now)


_POST, _THREAD, _REPLY = (table_of(table).c for table in (Post, Thread, Reply))


def _places(found: Select[Any]) -> Select[Any]:
    """One row: the version of what is watched for, and what is found, or NULLs."""
    place = found.subquery()
    always = select(watched.VERSION.label("version")).subquery()
    return select(always.c.version, *place.c).select_from(always.outerjoin(place, true()))


_IN_THREAD = _places(
    select(_THREAD.post_id, _THREAD.id.label("thread_id")).where(_THREAD.id == bindparam("thread"))
)
_BELOW_POST = _places(
    select(_POST.id.label("post_id"), null().label("thread_id")).where(
        _POST.slug == bindparam("slug")
    )
)
_OF_REPLY = _places(
    select(
        *(_REPLY.post_id, _REPLY.thread_id, _REPLY.id.label("reply_id"), _REPLY.author_id),
        *(null().label("title"), _REPLY.body),
    ).where(_REPLY.id == bindparam("of_id"))
)
_OF_THREAD = _places(
    select(
        *(_THREAD.post_id, _THREAD.id.label("thread_id"), null().label("reply_id")),
        *(_THREAD.author_id, _THREAD.title, _THREAD.body),
    ).where(_THREAD.id == bindparam("of_id"))
)
