"""Writing without an account, and what becomes of it."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from forum.accounts import bans, guests, letter_requests, seen_addresses
from forum.accounts.guests import NewGuest
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import GUEST, Member
from forum.accounts.queries import has_barred_holder, member_by_id
from forum.config import CONFIRMED, settings_of
from forum.core import outbox
from forum.core.lifecycle import waits
from forum.core.pages import Record
from forum.guests import judgements
from forum.guests.events import GuestClaimed
from forum.moderation import admission
from forum.moderation.queue import items, snapshots
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import HELD, ReviewItem
from forum.moderation.spam import commands as spam
from forum.moderation.spam.suspects import Sender, Target
from forum.replies import authorship, erasure
from forum.replies import commands as replies
from forum.replies.commands import NewReply
from forum.replies.erasure import Words
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
    guest, actor = _enter(session, by)
    held = _awaits_confirmation(session)
    written = admission.write_reply(session, actor, thread_id, data, sender, waits=held)
    _ask(session, guest, thread_id, written.id)
    return written


def open_thread(
    session: Session, by: NewGuest, slug: str, data: NewThread, sender: Sender
) -> Record:
    """Start a conversation.

    Raises `Banned`, `GuestNameTaken` and what `admission.open_thread` does.
    """
    guest, actor = _enter(session, by)
    held = _awaits_confirmation(session)
    opened = admission.open_thread(session, actor, slug, data, sender, waits=held)
    _ask(session, guest, opened.id, None)
    return opened


def release(session: Session, guest_id: int) -> None:
    """Let be seen what has waited only for its guest to confirm their address.

    What moderators are to decide about goes on waiting for them, and so does what a member writes
    as a guest who is kept from writing. Of what a service is to be asked it is asked now.
    """
    guest = member_by_id(session, guest_id)
    is_barred = guest.email is not None and has_barred_holder(session, guest.email)
    for text in _waiting(session, guest_id):
        thread_id, reply_id = _ids(text)
        if is_barred:
            raise_item(session, Concern(HELD, thread_id, reply_id, WEIGHT, _WHY_BARRED))
            continue
        items.withdraw(session, _unconfirmed(thread_id, reply_id))
        if not spam.go_on(session, Target(thread_id, reply_id)):
            _show(session, text)


def expire(session: Session, guest_id: int) -> None:
    """Destroy what has waited in vain for its guest to confirm their address."""
    texts = [*_waiting(session, guest_id)] if _awaits_confirmation(session) else []
    if not texts:
        return
    replies_of, threads_of = ([t.id for t in texts if isinstance(t, k)] for k in (Reply, Thread))
    erasure.destroy(session, guest_id, Words(replies_of, threads_of))
    snapshots.forget(session, snapshots.of_author(session, guest_id))
    items.forget_words(session, threads_of, replies_of)
    for text in texts:
        items.withdraw(session, _unconfirmed(*_ids(text)))
    seen_addresses.forget_member(session, guest_id)
    guests.forget(member_by_id(session, guest_id))
    session.flush()


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
    seen_addresses.hand_over(session, guest_id, member_id)
    guests.forget(guest)
    session.flush()
    outbox.record(session, GuestClaimed(guest_id=guest_id, member_id=member_id))


_WHY = {"guest": "gave no address to confirm"}
_WHY_UNCONFIRMED = {"guest": "has still to confirm their address"}
_WHY_BARRED = {"guest": "has the address of a member who is kept from writing"}


def _enter(session: Session, by: NewGuest) -> tuple[Member, Viewer]:
    bans.refuse_banned(session, by.comes_from, by.email)
    guest = guests.add_guest(session, by)
    if by.comes_from:
        seen_addresses.see(session, guest.id, by.comes_from)
    return guest, guests.viewer(session, guest, by.comes_from)


def _awaits_confirmation(session: Session) -> bool:
    return settings_of(session).guests == CONFIRMED


def _ask(session: Session, guest: Member, thread_id: int, reply_id: int | None) -> None:
    """Have the guest confirm the address; who gave none can only be let in by moderators.

    These may let in the others, too, after all that they have to decide.
    """
    if guest.email:
        letter_requests.ask_guest(session, guest, guest.email)
    if _awaits_confirmation(session):
        no_address = Concern(HELD, thread_id, reply_id, WEIGHT, _WHY)
        raise_item(session, _unconfirmed(thread_id, reply_id) if guest.email else no_address)


def _unconfirmed(thread_id: int, reply_id: int | None) -> Concern:
    return Concern(HELD, thread_id, reply_id, weight=0, why=_WHY_UNCONFIRMED)


def _waiting(session: Session, guest_id: int) -> Iterator[Thread | Reply]:
    """What a guest wrote about which moderators do not have to decide, locked."""
    for thread_id in _held(session, Thread, ReviewItem.thread_id, guest_id):
        thread = threads.lock_hidden_too(session, thread_id)
        if waits(thread):
            yield thread
    for reply_id in _held(session, Reply, ReviewItem.reply_id, guest_id):
        reply = replies.lock_hidden_too(session, reply_id)
        if waits(reply):
            yield reply


def _held(session: Session, text: Any, target: Any, guest_id: int) -> Sequence[int]:
    must_be_decided = exists().where(
        target == text.id, ReviewItem.decided_at.is_(None), ReviewItem.weight > 0
    )
    held = (text.author_id == guest_id, ~text.visible, text.held_at.is_not(None))
    found = select(text.id).where(*held, ~must_be_decided).order_by(text.id)
    return session.scalars(found).all()


def _ids(text: Thread | Reply) -> tuple[int, int | None]:
    """Of the thread, and of the reply if it is one."""
    return (text.thread_id, text.id) if isinstance(text, Reply) else (text.id, None)


def _show(session: Session, text: Thread | Reply) -> None:
    if isinstance(text, Reply):
        replies.set_facts(session, text, held_at=None)
    else:
        threads.set_facts(session, text, held_at=None)
