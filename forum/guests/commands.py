"""Writing without an account, and what becomes of it."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from forum.accounts import bans, guests, letter_requests, seen_addresses
from forum.accounts.guests import NewGuest
from forum.accounts.identity import viewer_of
from forum.accounts.models import GUEST, Member
from forum.accounts.queries import has_barred_holder, member_by_id
from forum.config import CONFIRMED, settings_of
from forum.core import outbox
from forum.core.lifecycle import waits
from forum.core.pages import Record
from forum.guests import judgements
from forum.guests.events import GuestClaimed
from forum.moderation import admission
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import HELD, ReviewItem
from forum.moderation.spam import commands as spam
from forum.moderation.spam.suspects import Sender, Target
from forum.replies import authorship
from forum.replies import commands as replies
from forum.replies.commands import NewReply
from forum.replies.models import Reply
from forum.threads import commands as threads
from forum.threads.commands import NewThread
from forum.threads.models import Thread

WEIGHT = 5
"""Of what nobody will confirm: less urgent than a report by somebody new."""


def write_reply(
    session: Session, by: NewGuest, thread_id: int, data: NewReply, sender: Sender
) -> Record:
    """Answer in a thread.

    Raises `Banned`, `GuestNameTaken` and what `admission.write_reply` does.
    """
    guest = _enter(session, by)
    held = _awaits_confirmation(session)
    written = admission.write_reply(session, viewer_of(guest), thread_id, data, sender, waits=held)
    _ask(session, guest, Concern(HELD, thread_id, written.id, WEIGHT, _WHY))
    return written


def open_thread(
    session: Session, by: NewGuest, slug: str, data: NewThread, sender: Sender
) -> Record:
    """Start a conversation.

    Raises `Banned`, `GuestNameTaken` and what `admission.open_thread` does.
    """
    guest = _enter(session, by)
    held = _awaits_confirmation(session)
    opened = admission.open_thread(session, viewer_of(guest), slug, data, sender, waits=held)
    _ask(session, guest, Concern(HELD, opened.id, None, WEIGHT, _WHY))
    return opened


def release(session: Session, guest_id: int) -> None:
    """Let be seen what has waited only for its guest to confirm their address.

    What moderators are to decide about goes on waiting for them, and so does what a member writes
    as a guest who is kept from writing. Of what a service is to be asked it is asked now.
    """
    guest = member_by_id(session, guest_id)
    is_barred = guest.email is not None and has_barred_holder(session, guest.email)
    for thread_id in _waiting(session, Thread, ReviewItem.thread_id, guest_id):
        thread = threads.lock_hidden_too(session, thread_id)
        if waits(thread) and is_barred:
            raise_item(session, Concern(HELD, thread_id, None, WEIGHT, _WHY_BARRED))
        elif waits(thread) and not spam.go_on(session, Target(thread_id, None)):
            threads.set_facts(session, thread, held_at=None)
    for reply_id in _waiting(session, Reply, ReviewItem.reply_id, guest_id):
        reply = replies.lock_hidden_too(session, reply_id)
        if waits(reply) and is_barred:
            raise_item(session, Concern(HELD, reply.thread_id, reply_id, WEIGHT, _WHY_BARRED))
        elif waits(reply) and not spam.go_on(session, Target(reply.thread_id, reply_id)):
            replies.set_facts(session, reply, held_at=None)


def claim(session: Session, guest_id: int, member_id: int) -> None:
    """Let what a guest wrote be that of who has shown to be the same person."""
    guest, member = member_by_id(session, guest_id), member_by_id(session, member_id)
    if guest.role != GUEST or guest.erased_at or member.erased_at:
        return
    if member.role != GUEST:
        judgements.withdraw(session, viewer_of(member), guest_id)
    authorship.move(session, guest_id, member_id)
    if member.role == GUEST:
        member.display_name = guest.display_name
    seen_addresses.forget_member(session, guest_id)
    guests.forget(guest)
    session.flush()
    outbox.record(session, GuestClaimed(guest_id=guest_id, member_id=member_id))


def _enter(session: Session, by: NewGuest) -> Member:
    bans.refuse_banned(session, by.comes_from, by.email)
    guest = guests.add_guest(session, by)
    if by.comes_from:
        seen_addresses.see(session, guest.id, by.comes_from)
    return guest


_WHY = {"guest": "gave no address to confirm"}
_WHY_BARRED = {"guest": "has the address of a member who is kept from writing"}


def _awaits_confirmation(session: Session) -> bool:
    return settings_of(session).guests == CONFIRMED


def _ask(session: Session, guest: Member, concern: Concern) -> None:
    """Have the guest confirm the address; who gave none can only be let in by moderators."""
    if guest.email:
        letter_requests.ask_guest(session, guest, guest.email)
    elif _awaits_confirmation(session):
        raise_item(session, concern)


def _waiting(session: Session, text: Any, target: Any, guest_id: int) -> list[int]:
    """Texts that are held, about which there is nothing for moderators to decide."""
    is_open = exists().where(target == text.id, ReviewItem.decided_at.is_(None))
    held = (text.author_id == guest_id, ~text.visible, text.held_at.is_not(None))
    return list(session.scalars(select(text.id).where(*held, ~is_open).order_by(text.id)))
