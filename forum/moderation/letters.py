"""What mails say about what moderators do to members."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.models import (
    BALLOTS,
    HOLD_ALL,
    MUTE,
    NOTE,
    REPORTING,
    SLOW,
    SUSPEND,
    THREAD,
    VOTING,
    WARN,
    WRITING,
    Sanction,
)
from forum.config import settings_of
from forum.core.mail.letters import Block, Letter, Link, Paragraph, Quote
from forum.core.mail.outgoing import writes
from forum.moderation import links
from forum.moderation.links import Decided
from forum.moderation.models import Appeal

SANCTIONED, LIFTED, APPEAL = "sanctioned", "sanction-lifted", "appeal"

_SAID = {
    NOTE: "A moderator has put something on the record of your account",
    WARN: "A moderator has warned you",
    SLOW: "You may write one text in {minutes} minutes",
    HOLD_ALL: "What you write waits for a moderator",
    MUTE: "You may not {do}",
    SUSPEND: "Your account is suspended",
}
_DO = {
    WRITING: "write",
    THREAD: "write in thread {thread_id}",
    VOTING: "vote",
    BALLOTS: "cast ballots",
    REPORTING: "report what others wrote",
}
_OUTCOMES = {"upheld": "It stands.", "reversed": "It was reversed."}
_IN_PART = "What moderators have decided again since then stays as it is."
_REASON = "You get this mail because it is about your account."


@writes(SANCTIONED)
def write_sanctioned(session: Session, data: dict[str, Any]) -> Letter | None:
    """Tells a member what they may not do, until when, and why; nothing of what is lifted."""
    sanction = accounts.sanction(session, data["sanction"])
    if sanction.lifted_at is not None:
        return None
    return Letter(
        subject=f"{settings_of(session).site_name}: {_said(sanction)}",
        blocks=[
            Paragraph(f"{_said(sanction)}{_when(sanction)}."),
            *_why(sanction),
            *_appealing(session, sanction, data["group"]),
        ],
        reason=_REASON,
    )


@writes(LIFTED)
def write_lifted(session: Session, data: dict[str, Any]) -> Letter | None:
    """Tells a member that a sanction holds no more."""
    sanction = accounts.sanction(session, data["sanction"])
    if sanction.lifted_at is None:
        return None
    return Letter(
        subject=f"{settings_of(session).site_name}: lifted by a moderator",
        blocks=[Paragraph("This holds no more:"), Quote(_said(sanction))],
        reason=_REASON,
    )


@writes(APPEAL)
def write_appeal(session: Session, data: dict[str, Any]) -> Letter | None:
    """Tells a member what became of their appeal; nothing once it is asked again."""
    appeal = session.get_one(Appeal, data["appeal"])
    if appeal.outcome is None:
        return None
    done = _OUTCOMES[appeal.outcome]
    said: list[Block] = [Paragraph(_IN_PART)] if data.get("in_part") else []
    if appeal.answer:
        said += [Paragraph("The moderator says:"), Quote(appeal.answer)]
    return Letter(
        subject=f"{settings_of(session).site_name}: your appeal",
        blocks=[Paragraph(f"You appealed against a decision of a moderator. {done}"), *said],
        reason=_REASON,
    )


def _appealing(session: Session, sanction: Sanction, group_id: int | None) -> Iterator[Block]:
    """A link for who cannot sign in; nothing for what no moderator decided."""
    if group_id is not None:
        decided = Decided(sanction.member_id, group_id)
        yield Link("Appeal against it", links.appealing(settings_of(session), decided))


def _said(sanction: Sanction) -> str:
    do = _DO[sanction.scope].format(thread_id=sanction.thread_id)
    return _SAID[sanction.kind].format(do=do, minutes=sanction.minutes)


def _when(sanction: Sanction) -> str:
    if sanction.kind in (NOTE, WARN):
        return ""
    begins = f" from {_moment(sanction.starts_at)}" if _is_later(sanction) else ""
    return (
        f"{begins} until {_moment(sanction.ends_at)}" if sanction.ends_at else f"{begins} for good"
    )


def _is_later(sanction: Sanction) -> bool:
    return sanction.starts_at > sanction.imposed_at


def _moment(at: datetime) -> str:
    return f"{at:%d %B %Y, %H:%M} UTC"


def _why(sanction: Sanction) -> Iterator[Block]:
    yield Paragraph("The reason:")
    yield Quote(sanction.reason)
    for title, text in (
        ("The rule in question:", sanction.rule),
        ("The moderator says:", sanction.message),
    ):
        if text:
            yield Paragraph(title)
            yield Quote(text)
