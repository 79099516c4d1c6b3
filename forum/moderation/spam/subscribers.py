"""Lets a service know what people have decided about the texts that it was asked about."""

from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.events import MemberErased
from forum.core.outbox import Happened, on
from forum.moderation.queue.events import ReportsDecided, TextDecided
from forum.moderation.queue.models import AGREED, Evidence
from forum.moderation.queue.policy import APPROVE
from forum.moderation.spam import commands
from forum.moderation.spam.suspects import Target


@on(TextDecided)
def tell_of_ham(session: Session, happened: Happened) -> None:
    """What a moderator lets go is none."""
    decided = cast(TextDecided, happened.event)
    if decided.action == APPROVE:
        about = Target(decided.thread_id, decided.reply_id)
        commands.tell(session, about, is_spam=False)


@on(ReportsDecided)
def tell_of_spam(session: Session, happened: Happened) -> None:
    """What readers have called spam is some if moderators agree."""
    decided = cast(ReportsDecided, happened.event)
    if decided.outcome != AGREED:
        return
    seen = (Evidence.item_id == decided.item_id, Evidence.seq <= decided.evidence_seq)
    if any(
        why.get("reason") == "spam" for why in session.scalars(select(Evidence.why).where(*seen))
    ):
        about = Target(decided.thread_id, decided.reply_id)
        commands.tell(session, about, is_spam=True)


@on(MemberErased)
def forget_the_erased(session: Session, happened: Happened) -> None:
    """Forget where the texts of an erased member came from."""
    commands.forget_origins(session, cast(MemberErased, happened.event).member_id)
