"""Letting a service be asked about texts, and told what people have found out about them."""

from datetime import datetime, timedelta

from sqlalchemy import Update, case, delete, exists, or_, select, update
from sqlalchemy.orm import Session

from forum.config import settings_of
from forum.core import clock
from forum.core.db import execute, table_of
from forum.moderation.spam.models import HAM, SPAM, WAITING, SpamCheck
from forum.moderation.spam.suspects import Sender, Target
from forum.replies.models import Reply
from forum.threads.models import Thread

KEPT_FOR = timedelta(days=30)
"""After which a service is told nothing more about a text."""

_CHECK = table_of(SpamCheck).c


def ask(
    session: Session,
    target: Target,
    held_at: datetime,
    sender: Sender | None,
    *,
    now: bool = True,
) -> None:
    """Let the worker ask about a text that waits for the answer, since then.

    It does so `now`, or after `go_on` for what waits for something else first.
    """
    of_text = _key(target)
    check = session.scalar(select(SpamCheck).filter_by(**of_text))
    if check is None:
        check = SpamCheck(**of_text)
        session.add(check)
    check.state, check.tell, check.attempts = WAITING, None, 0
    check.held_at = held_at
    check.asked_at = clock.now()
    check.due_at = check.asked_at if now else None
    if sender is not None:
        check.sender = sender.sealed(settings_of(session).secret_key)
    session.flush()


def ask_again(session: Session, target: Target, held_at: datetime) -> None:
    """Let the worker ask about other words, if the text waits for an answer."""
    waiting = _waiting(target).values(held_at=held_at, attempts=0)
    due_at = case((_CHECK.due_at.is_not(None), clock.now()), else_=None)
    execute(session, waiting.values(due_at=due_at))


def go_on(session: Session, target: Target) -> bool:
    """Let the worker ask now; whether there is something to ask, for which the text waits."""
    return execute(session, _waiting(target).values(due_at=clock.now())).rowcount > 0


def tell(session: Session, target: Target, is_spam: bool) -> None:
    """Let the worker tell what people have found a text to be, if the service said otherwise."""
    told = SPAM if is_spam else HAM
    is_news = (_CHECK.state != told) & (_CHECK.tell.is_distinct_from(told))
    found = update(table_of(SpamCheck)).filter_by(**_key(target)).where(is_news)
    execute(session, found.values(tell=told, due_at=clock.now(), attempts=0))


def follow(session: Session, former: tuple[str, int], present: tuple[str, int]) -> None:
    """Let the check of a text be of what a moderator has made of it.

    Both are a column of the check, and the id in it.
    """
    of_text = update(table_of(SpamCheck)).where(_CHECK[former[0]] == former[1])
    execute(session, of_text.values({former[0]: None, present[0]: present[1]}))


def forget_origins(session: Session, author_id: int) -> None:
    """Forget where the texts of a member came from."""
    checked = ((_CHECK.reply_id, table_of(Reply).c), (_CHECK.thread_id, table_of(Thread).c))
    mine = (
        exists().where(text.id == target, text.author_id == author_id) for target, text in checked
    )
    forgotten = update(table_of(SpamCheck)).where(or_(*mine))
    execute(session, forgotten.values(sender=None))


def forget_old(session: Session) -> None:
    """Forget texts, and where they came from, of which a service will be told nothing more."""
    execute(session, delete(table_of(SpamCheck)).where(_CHECK.asked_at < clock.now() - KEPT_FOR))


def _waiting(target: Target) -> Update:
    return update(table_of(SpamCheck)).filter_by(**_key(target)).where(_CHECK.state == WAITING)


def _key(target: Target) -> dict[str, int]:
    if target.reply_id is not None:
        return {"reply_id": target.reply_id}
    return {"thread_id": target.thread_id}
