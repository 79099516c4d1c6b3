"""What moderation makes of what happens: letters to the sanctioned, and forgetting the erased."""

from typing import Any, cast

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts import sanctions
from forum.accounts.events import MemberErased, SanctionEvent, SanctionImposed, SanctionLifted
from forum.core.mail import outgoing
from forum.core.outbox import Happened, on
from forum.moderation import appeals, decisions, letters, notes
from forum.moderation.events import AppealDecided


@on(SanctionImposed)
def write_to_the_sanctioned(session: Session, happened: Happened) -> None:
    """Mail what a moderator bars a member from, and why."""
    _write(session, happened, letters.SANCTIONED)


@on(SanctionLifted)
def write_of_lifted_sanction(session: Session, happened: Happened) -> None:
    """Mail that a sanction holds no more."""
    _write(session, happened, letters.LIFTED)


@on(AppealDecided)
def write_to_the_appellant(session: Session, happened: Happened) -> None:
    """Mail what became of an appeal, also to who cannot sign in to read it."""
    decided = cast(AppealDecided, happened.event)
    in_part = appeals.is_reversed_in_part(session, decided.appeal_id)
    data = {"appeal": decided.appeal_id, "in_part": in_part}
    _queue(session, happened, letters.APPEAL, decided.member_id, data)


def _write(session: Session, happened: Happened, letter: str) -> None:
    told = cast(SanctionEvent, happened.event)
    group_id = decisions.group_of(session, f"sanction:{told.sanction_id}")
    data = {"sanction": told.sanction_id, "group": group_id}
    _queue(session, happened, letter, told.member_id, data)


def _queue(
    session: Session, happened: Happened, letter: str, member_id: int, data: dict[str, Any]
) -> None:
    address = accounts.member_by_id(session, member_id).email
    if address:
        outgoing.queue(session, letter, to=address, key=f"{letter} {happened.id}", data=data)


@on(MemberErased)
def forget_the_erased(session: Session, happened: Happened) -> None:
    """Destroy what moderators wrote about and to an erased member."""
    member_id = cast(MemberErased, happened.event).member_id
    notes.forget_member(session, member_id)
    sanctions.forget_words(session, member_id)
    appeals.forget_words(session, member_id)
