"""What threads and replies say: moderators who change others' words are logged, and can be undone.

The log tells fingerprints alone. The words stand among the revisions, and go when these do.
"""

import hashlib
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.core.errors import Forbidden
from forum.moderation import acting
from forum.moderation.errors import WordsAreGone
from forum.moderation.facets import Facet, Values, register
from forum.moderation.text_facets import author_of_reply, author_of_thread
from forum.replies import commands as replies
from forum.replies import policy as reply_policy
from forum.replies.models import Reply, Revision
from forum.threads import commands as threads
from forum.threads import policy as thread_policy
from forum.threads.models import Thread, ThreadRevision


def edit_reply(session: Session, actor: Viewer, reply: Reply, body: str, html: str) -> None:
    """Change what a locked reply says; raises what `replies.edit` does."""
    before = _fingerprint(reply)
    replies.edit(session, actor, reply, body, html)
    if not reply_policy.is_author(actor, reply):
        _log(session, actor, REPLY_WORDS, reply.id, before, _fingerprint(reply))


def edit_thread(session: Session, actor: Viewer, thread: Thread, changes: dict[str, Any]) -> None:
    """Change title or body of a locked thread; raises what `threads.edit` does."""
    before = _fingerprint(thread)
    threads.edit(session, actor, thread, changes)
    if not thread_policy.is_author(actor, thread):
        _log(session, actor, THREAD_WORDS, thread.id, before, _fingerprint(thread))


def _log(
    session: Session, actor: Viewer, facet: Facet, target_id: int, before: Values, after: Values
) -> None:
    if before != after:
        kind, _, _ = facet.name.partition(".")
        acting.begin(session, actor).log_change(facet, target_id, before, after, f"{kind}.edit")


def _fingerprint(text: Reply | Revision | Thread | ThreadRevision) -> Values:
    title = getattr(text, "title", None) or ""
    words = f"{title}\n{text.body}"
    return {"words": hashlib.sha256(words.encode()).hexdigest()}


def _words_of_reply(session: Session, reply_id: int) -> Values:
    return _fingerprint(replies.lock_hidden_too(session, reply_id))


def _set_words_of_reply(
    session: Session, actor: Viewer | None, reply_id: int, values: Values
) -> None:
    reply = replies.lock_hidden_too(session, reply_id)
    found = _revision(session, select(Revision).where(Revision.reply_id == reply_id), values)
    replies.edit(session, _person(actor), reply, found.body, found.body_html)


def _words_of_thread(session: Session, thread_id: int) -> Values:
    return _fingerprint(threads.lock_hidden_too(session, thread_id))


def _set_words_of_thread(
    session: Session, actor: Viewer | None, thread_id: int, values: Values
) -> None:
    thread = threads.lock_hidden_too(session, thread_id)
    kept = select(ThreadRevision).where(ThreadRevision.thread_id == thread_id)
    found = _revision(session, kept, values)
    said = {name: getattr(found, name) for name in ("title", "body", "body_html")}
    threads.edit(session, _person(actor), thread, said)


def _revision(session: Session, kept: Any, values: Values) -> Any:
    """The revision that has the fingerprint."""
    for revision in session.scalars(kept):
        if _fingerprint(revision) == values:
            return revision
    raise WordsAreGone


def _person(actor: Viewer | None) -> Viewer:
    if actor is None:  # words are not chosen by the system
        raise Forbidden
    return actor


REPLY_WORDS = register(Facet("reply.words", _words_of_reply, _set_words_of_reply, author_of_reply))
THREAD_WORDS = register(
    Facet("thread.words", _words_of_thread, _set_words_of_thread, author_of_thread)
)
