"""What follows when a guest is known: what they wrote is seen, and is theirs."""

from typing import cast

from sqlalchemy.orm import Session

from forum.accounts import guests
from forum.accounts.events import (
    EmailConfirmed,
    GuestConfirmed,
    GuestForgotten,
    GuestRecognised,
)
from forum.core.outbox import Happened, on
from forum.guests import commands


@on(GuestConfirmed)
def let_be_seen(session: Session, happened: Happened) -> None:
    """Let be seen what has waited for the guest's address."""
    commands.release(session, cast(GuestConfirmed, happened.event).guest_id)


@on(GuestForgotten)
def destroy_what_waits(session: Session, happened: Happened) -> None:
    """Destroy what nobody can confirm any more."""
    commands.expire(session, cast(GuestForgotten, happened.event).guest_id)


@on(EmailConfirmed)
def recognise(session: Session, happened: Happened) -> None:
    """Look whether a member who shows that an address is theirs has been a guest before."""
    guests.recognise(session, cast(EmailConfirmed, happened.event).member_id)


@on(GuestRecognised)
def give_back(session: Session, happened: Happened) -> None:
    """Give a member what they wrote before they were known."""
    recognised = cast(GuestRecognised, happened.event)
    commands.release(session, recognised.guest_id)
    commands.claim(session, recognised.guest_id, recognised.member_id)
