"""Asks the service that knows spam, and lets a text go that is none.

Whatever else it answers, and if it does not, the text stays held and moderators are told why.
"""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.config import settings_of
from forum.core import clock
from forum.core.db import db, reading_first, writing
from forum.core.work import does
from forum.moderation.errors import PostIsGone
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import HELD
from forum.moderation.spam import queries, services
from forum.moderation.spam.models import HAM, SPAM, UNKNOWN, WAITING, SpamCheck
from forum.moderation.spam.queries import Question
from forum.moderation.spam.suspects import NoVerdict, Service
from forum.moderation.text_facets import NOT_HELD, REPLY_HELD, THREAD_HELD

ASKED_AT_ONCE = 8
AGAIN_AFTER = (timedelta(seconds=2), timedelta(seconds=10))
"""A service that has not answered is asked again; then people decide."""
TOLD_AGAIN_AFTER = (timedelta(minutes=1), timedelta(hours=1))
WEIGHTS = {SPAM: 30, UNKNOWN: 5}


@does(SpamCheck, at_once=ASKED_AT_ONCE)
def look_into(check_id: int) -> None:
    """Ask about a text, or tell what people have found it to be."""
    with reading_first():
        service = services.chosen(settings_of(db.session()))
        question = queries.question(db.session(), check_id)
    if question is None:
        _end(check_id)
    elif service is None:
        _judge(question, UNKNOWN, problem="Nobody is asked any more.")
    elif question.tell is not None:
        _tell(service, question, question.tell)
    else:
        _ask(service, question)


def _ask(service: Service, question: Question) -> None:
    try:
        _judge(question, SPAM if service.is_spam(question.suspect) else HAM)
    except NoVerdict as problem:
        if not _again(question, AGAIN_AFTER):
            _judge(question, UNKNOWN, problem=str(problem))
    except PostIsGone:
        db.session.rollback()
        _end(question.check_id)


def _tell(service: Service, question: Question, told: str) -> None:
    try:
        service.tell(question.suspect, is_spam=told == SPAM)
    except NoVerdict:
        if _again(question, TOLD_AGAIN_AFTER):
            return
    _end(question.check_id)


def _judge(question: Question, state: str, **more: str) -> None:
    """Let a text go, or bring it before the moderators, if it still waits for this answer."""
    with writing():
        session = db.session()
        facet = REPLY_HELD if question.reply_id else THREAD_HELD
        text_id = question.reply_id or question.thread_id or 0
        held = facet.read(session, text_id)
        check = _locked(session, question.check_id)
        if check.state == WAITING and check.held_at == question.held_at:
            check.state, check.due_at = state, clock.now() if check.tell else None
            if held["held_at"] == question.held_at.isoformat():
                _act(session, question, state, more)
        session.commit()


def _act(session: Session, question: Question, state: str, more: dict[str, Any]) -> None:
    if state != HAM:
        why = {"spam_check": state, **more}
        of_text = (question.thread_id, question.reply_id)
        raise_item(session, Concern(HELD, *of_text, weight=WEIGHTS[state], why=why))
    elif question.reply_id:
        REPLY_HELD.write(session, None, question.reply_id, NOT_HELD)
    elif question.thread_id:
        THREAD_HELD.write(session, None, question.thread_id, NOT_HELD)


def _again(question: Question, pauses: tuple[timedelta, ...]) -> bool:
    """Whether it is to be tried once more, which is put down then."""
    if question.attempts >= len(pauses):
        return False
    with writing():
        check = _locked(db.session(), question.check_id)
        check.attempts = question.attempts + 1
        check.due_at = clock.now() + pauses[question.attempts]
        db.session.commit()
    return True


def _end(check_id: int) -> None:
    with writing():
        check = _locked(db.session(), check_id)
        check.tell = check.due_at = None
        db.session.commit()


def _locked(session: Session, check_id: int) -> SpamCheck:
    asked = select(SpamCheck).where(SpamCheck.id == check_id)
    locked = asked.with_for_update(key_share=True).execution_options(populate_existing=True)
    return session.scalars(locked).one()
