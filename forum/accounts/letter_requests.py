"""Asking for letters about accounts, which is the same work whoever has the address; and answering.

Nobody can fill a mailbox: of each letter an address gets so many a day. A link is good for at least
as long as that counts, so whoever is used up by a stranger's asking has a mail that works.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import delete
from sqlalchemy.orm import Session

from forum.accounts import letters, mailed_tokens, queries
from forum.accounts.mailed_tokens import CONFIRM, GOOD_FOR, GUEST, LINK, RESET
from forum.accounts.models import AskedLetter, Member
from forum.config import settings_of
from forum.core import clock
from forum.core.db import one_at_a_time
from forum.core.mail import outgoing


def ask_to_confirm(session: Session, member: Member, address: str) -> None:
    """Have a member confirm an address that is theirs or is to become theirs."""
    _ask(session, CONFIRM, address, member.id)


def ask_for_reset(session: Session, address: str) -> None:
    """Let whoever has the account of an address set a new password."""
    _ask(session, RESET, address)


def ask_for_link(session: Session, address: str) -> None:
    """Let whoever has the account of a confirmed address sign in."""
    _ask(session, LINK, address)


def ask_guest(session: Session, guest: Member, address: str) -> None:
    """Have a guest confirm the address they gave with what they wrote."""
    _ask(session, GUEST, address, guest.id)


def answer(session: Session, asked_id: int) -> None:
    """Queue the letter that was asked for, or the one that the address has to get instead."""
    asked = session.get(AskedLetter, asked_id)
    if asked is None:
        return
    session.delete(asked)
    session.flush()
    _ANSWERS[asked.letter](session, asked)


def mail(session: Session, letter: str, address: str, data: dict[str, Any]) -> None:
    """Queue a letter, unless the address has had as many of its kind today as it may get."""
    if _has_room(session, letter, address):
        _queue(session, letter, address, data)


def forget_member(session: Session, member_id: int) -> None:
    """Answer nothing any more that was asked for a member."""
    session.execute(delete(AskedLetter).where(AskedLetter.member_id == member_id))


def _ask(session: Session, letter: str, address: str, member_id: int | None = None) -> None:
    due_at = clock.now()
    session.add(AskedLetter(letter=letter, address=address, member_id=member_id, due_at=due_at))


def _answer_newcomer(session: Session, asked: AskedLetter) -> None:
    member = queries.member_by_id(session, asked.member_id or 0)
    if asked.address != unconfirmed_address(member):
        return
    holder = queries.confirmed_holder(session, asked.address)
    if holder is None or holder.id == member.id:
        _mail_token(session, CONFIRM, letters.CONFIRM, member, asked.address)
    else:
        data = {"member": member.id, "holder": holder.id}
        mail(session, letters.KNOWN, asked.address, data)


def _answer_forgetful(session: Session, asked: AskedLetter) -> None:
    member = queries.member_by_address(session, asked.address)
    if member is not None and member.email is not None:
        _mail_token(session, RESET, letters.RESET, member, member.email)


def _answer_guest(session: Session, asked: AskedLetter) -> None:
    guest = queries.member_by_id(session, asked.member_id or 0)
    if guest.email == asked.address and guest.email_confirmed_at is None:
        _mail_token(session, GUEST, letters.GUEST, guest, asked.address)


def _answer_visitor(session: Session, asked: AskedLetter) -> None:
    member = queries.confirmed_holder(session, asked.address)
    if member is not None and member.email is not None:
        _mail_token(session, LINK, letters.LINK, member, member.email)


def unconfirmed_address(member: Member) -> str | None:
    """The address that a member has still to confirm, if there is one."""
    return member.email if member.email_confirmed_at is None else member.new_email


def _mail_token(session: Session, purpose: str, letter: str, member: Member, address: str) -> None:
    if _has_room(session, letter, address):
        token = mailed_tokens.issue(session, purpose, member.id, address, GOOD_FOR[purpose])
        data = {"member": member.id, "token": mailed_tokens.for_letter(session, token)}
        _queue(session, letter, address, data)


def _has_room(session: Session, letter: str, address: str) -> bool:
    one_at_a_time(session, f"{letter} to {address.lower()}")
    most = settings_of(session).account_letters_a_day
    return outgoing.queued_today(session, letter, address) < most


def _queue(session: Session, letter: str, address: str, data: dict[str, Any]) -> None:
    outgoing.queue(session, letter, address, f"{letter}:{uuid4()}", data, urgent=True)


_ANSWERS: dict[str, Callable[[Session, AskedLetter], None]] = {
    CONFIRM: _answer_newcomer,
    RESET: _answer_forgetful,
    LINK: _answer_visitor,
    GUEST: _answer_guest,
}
