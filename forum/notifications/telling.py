"""Writing down who is told what, set by set: ten thousand followers are a few statements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    null,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.orm import Session

from forum.accounts.models import Member
from forum.core.db import execute, table_of
from forum.core.many import add_missing
from forum.core.outbox import Happened
from forum.notifications import targets
from forum.notifications.choices import Choices
from forum.notifications.commands import add_subscribers
from forum.notifications.models import (
    ALL,
    DAILY,
    FOLLOWED,
    MENTION,
    NEVER,
    NOW,
    REPLY,
    WEEKLY,
    Mute,
    Notification,
    Subscriber,
    Subscription,
)
from forum.notifications.news import News
from forum.notifications.schedule import next_mail
from forum.replies.models import MANAGEMENT, TECHNICAL

_SUBSCRIBER = Subscriber.__table__.c
_SUBSCRIPTION = Subscription.__table__.c
_NOTIFICATION = Notification.__table__.c
_MEMBER = Member.__table__.c
_MUTE = Mute.__table__.c


def tell(session: Session, happened: Happened, news: News, followers_of: Sequence[str]) -> None:
    """Tell of a text whom it answers or names, who wrote above it, and followers of these targets.

    Nobody is told of the same text twice, nor of their own, nor who muted its author or its place.
    """
    concerned = news.answered | news.above | news.mentioned
    whom = {
        "followed": list(followers_of),
        "answered": list(news.answered),
        "named": list(news.mentioned),
        "concerned": list(concerned),
    }
    add_subscribers(session, concerned)
    statement = _TELL_OF_THREAD if news.reply_id is None else _TELL_OF_REPLY
    _tell(session, happened, statement, _about(news) | whom)


def tell_author(
    session: Session, happened: Happened, news: News, kind: str, detail: str | None
) -> None:
    """Tell the author of a text what became of it, whatever they mute."""
    _tell_these(session, happened, [news.author_id], _about(news), kind, detail)


def tell_others(
    session: Session,
    happened: Happened,
    member_ids: Sequence[int],
    news: News,
    kind: str,
    detail: str | None,
) -> None:
    """Tell members what became of somebody else's text, whatever they mute."""
    _tell_these(session, happened, member_ids, _about(news), kind, detail)


def tell_member(
    session: Session, happened: Happened, member_id: int, kind: str, detail: str | None
) -> None:
    """Tell a member of what is about no text."""
    _tell_these(session, happened, [member_id], _NO_TEXT, kind, detail)


def tell_beside_letter(
    session: Session, happened: Happened, member_id: int, kind: str, detail: str | None
) -> None:
    """Tell a member of what a letter of its own tells them, too, whatever mail they chose."""
    _tell_these(session, happened, [member_id], _NO_TEXT, kind, detail, is_mailed=False)


def _tell_these(
    session: Session,
    happened: Happened,
    member_ids: Sequence[int],
    about: dict[str, Any],
    kind: str,
    detail: str | None,
    *,
    is_mailed: bool = True,
) -> None:
    add_subscribers(session, member_ids)
    statement = _TELL_THESE if is_mailed else _TELL_WITHOUT_MAIL
    told = {"these": list(member_ids), "of_kind": kind, "said": detail}
    _tell(session, happened, statement, {**about, **told})


def _about(news: News) -> dict[str, Any]:
    return {
        "author": news.author_id,
        "thread": news.thread_id,
        "reply": news.reply_id,
        "on_thread": targets.name_of(targets.THREAD, news.thread_id),
        "on_post": targets.name_of(targets.POST, news.post_id),
        "on_technical": targets.name_of(targets.PATH, TECHNICAL) if news.on_technical else None,
        "on_management": targets.name_of(targets.PATH, MANAGEMENT) if news.on_management else None,
    }


def _tell(session: Session, happened: Happened, rows: Select[Any], values: dict[str, Any]) -> None:
    event = {"event": happened.id}
    if add_missing(session, Notification, rows, {"at": happened.at, **event, **values}):
        moments = {cadence: next_mail(cadence, happened.at) for cadence in (NOW, DAILY, WEEKLY)}
        execute(session, _MAIL_AT, event | moments)


def _same(name: str, bound: str) -> ColumnElement[Any]:
    """A column that is the same in all new rows."""
    return bindparam(bound, type_=_NOTIFICATION[name].type).label(name)


def _as_chosen() -> ColumnElement[Any]:
    """How subscribers chose to be mailed, if their address is confirmed."""
    is_confirmed = or_(_SUBSCRIBER.member_id.is_(None), _MEMBER.email_confirmed_at.is_not(None))
    return case((and_(is_confirmed, _CHOICES.mail != NEVER), _CHOICES.mail))


def _rows(
    kind: ColumnElement[Any], actor: ColumnElement[Any], detail: Any, mail: ColumnElement[Any]
) -> Select[Any]:
    """Notifications of subscribers."""
    return select(
        _same("event_id", "event"),
        _SUBSCRIBER.id.label("subscriber_id"),
        kind.label("kind"),
        actor.label("actor_id"),
        _same("thread_id", "thread"),
        _same("reply_id", "reply"),
        detail.label("detail"),
        _same("created_at", "at"),
        mail.label("mail"),
    ).select_from(_CHOICES.joined(_SUBSCRIBERS))


def _news(told_before: ColumnElement[bool]) -> Select[Any]:
    following = select(_SUBSCRIPTION.subscriber_id).where(
        _SUBSCRIPTION.target.in_(bindparam("followed", expanding=True)), _SUBSCRIPTION.level == ALL
    )
    concerned = _SUBSCRIBER.member_id.in_(bindparam("concerned", expanding=True))
    is_author = func.coalesce(_SUBSCRIBER.member_id, 0) == bindparam("author")
    kind = case(
        (_SUBSCRIBER.member_id.in_(bindparam("answered", expanding=True)), REPLY),
        (_SUBSCRIBER.member_id.in_(bindparam("named", expanding=True)), MENTION),
        else_=FOLLOWED,
    )
    return _rows(kind, _same("actor_id", "author"), null(), _as_chosen()).where(
        _SUBSCRIBER.id.in_(union(following, select(_SUBSCRIBER.id).where(concerned))),
        or_(_CHOICES.follows, concerned),
        ~_CHOICES.mutes,
        ~is_author,
        ~exists().where(
            _MUTE.member_id == _SUBSCRIBER.member_id, _MUTE.muted_id == bindparam("author")
        ),
        ~exists().where(_NOTIFICATION.subscriber_id == _SUBSCRIBER.id, told_before),
    )


_SUBSCRIBERS = Subscriber.__table__.outerjoin(Member.__table__, _MEMBER.id == _SUBSCRIBER.member_id)
_CHOICES = Choices(
    _SUBSCRIBER.id,
    thread=bindparam("on_thread", type_=String),
    post=bindparam("on_post", type_=String),
    technical=bindparam("on_technical", type_=String),
    management=bindparam("on_management", type_=String),
)
_NO_TEXT = dict.fromkeys(
    ("thread", "reply", "on_thread", "on_post", "on_technical", "on_management")
)
_OF_THREAD = _NOTIFICATION.thread_id == bindparam("thread")
_TELL_OF_THREAD = _news(and_(_OF_THREAD, _NOTIFICATION.reply_id.is_(None)))
_TELL_OF_REPLY = _news(_NOTIFICATION.reply_id == bindparam("reply"))


def _to_these(mail: ColumnElement[Any]) -> Select[Any]:
    kind = bindparam("of_kind", type_=_NOTIFICATION.kind.type)
    found = _rows(kind, null(), _same("detail", "said"), mail)
    return found.where(_SUBSCRIBER.member_id.in_(bindparam("these", expanding=True)))


_TELL_THESE = _to_these(_as_chosen())
_TELL_WITHOUT_MAIL = _to_these(null())
_OF_EVENT = and_(_NOTIFICATION.event_id == bindparam("event"), _NOTIFICATION.mail.is_not(None))
_MOMENT = (
    select(
        case(
            *(
                (_NOTIFICATION.mail == cadence, bindparam(cadence, type_=_SUBSCRIBER.due_at.type))
                for cadence in (NOW, DAILY, WEEKLY)
            )
        )
    )
    .where(_OF_EVENT, _NOTIFICATION.subscriber_id == _SUBSCRIBER.id)
    .scalar_subquery()
)
_MAIL_AT = (
    update(table_of(Subscriber))
    .where(
        _SUBSCRIBER.id.in_(select(_NOTIFICATION.subscriber_id).where(_OF_EVENT)),
        or_(_SUBSCRIBER.due_at.is_(None), _SUBSCRIBER.due_at > _MOMENT),
    )
    .values(due_at=_MOMENT)
)
