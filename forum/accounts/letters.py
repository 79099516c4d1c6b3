"""What mails say about accounts: links to a page that asks before anything is done."""

from typing import Any

from sqlalchemy.orm import Session

from forum.accounts import mailed_tokens, queries
from forum.config import settings_of
from forum.core.mail.letters import Block, Letter, Link, Paragraph
from forum.core.mail.outgoing import writes

CONFIRM, KNOWN = "confirm-address", "known-address"
RESET, LINK, GUEST = "reset-password", "sign-in", "confirm-guest"
ADDRESS_CHANGES, PASSWORD_CHANGED = "address-changes", "password-changed"
IDENTITY_JOINED = "identity-joined"

_ENTERED = "You get this mail because this address was entered on our pages."
_YOURS = "You get this mail because the account is yours."
_NOT_YOU = "If it was not you, do nothing: nothing changes without the link."


@writes(CONFIRM)
def write_confirmation(session: Session, data: dict[str, Any]) -> Letter | None:
    """Asks whether an address belongs to who has given it."""
    name, site = _name(session, data["member"]), _site(session)
    return _with_link(
        f"Confirm your address for {site}",
        f"Somebody, probably you, gave this address for the account “{name}”.",
        "Confirm the address",
        _page(session, "confirm", mailed_tokens.CONFIRM, data),
    )


@writes(KNOWN)
def write_known(session: Session, data: dict[str, Any]) -> Letter | None:
    """Tells who has an address that somebody else has given it."""
    newcomer, holder = _name(session, data["member"]), _name(session, data["holder"])
    if newcomer is None or holder is None:
        return None
    return Letter(
        subject=f"You have an account at {_site(session)}",
        blocks=[
            Paragraph(f"Somebody gave this address for the account “{newcomer}”."),
            Paragraph(f"It belongs to your account “{holder}”, and stays with it."),
            Paragraph("If it was you, sign in there; a forgotten password can be replaced."),
        ],
        reason=_ENTERED,
    )


@writes(RESET)
def write_reset(session: Session, data: dict[str, Any]) -> Letter | None:
    """Lets its reader choose a new password."""
    name, site = _name(session, data["member"]), _site(session)
    return _with_link(
        f"A new password for {site}",
        f"Somebody, probably you, wants a new password for the account “{name}”.",
        "Choose a new password",
        _page(session, "password", mailed_tokens.RESET, data),
    )


@writes(LINK)
def write_link(session: Session, data: dict[str, Any]) -> Letter | None:
    """Lets its reader sign in without a password."""
    name, site = _name(session, data["member"]), _site(session)
    return _with_link(
        f"Sign in to {site}",
        f"Somebody, probably you, wants to sign in as “{name}”.",
        "Sign in",
        _page(session, "sign-in", mailed_tokens.LINK, data),
    )


@writes(GUEST)
def write_guest_confirmation(session: Session, data: dict[str, Any]) -> Letter | None:
    """Asks whether an address belongs to who has written something without an account."""
    name, site = queries.member_by_id(session, data["member"]).display_name, _site(session)
    return _with_link(
        f"Confirm what you wrote at {site}",
        f"Somebody, probably you, wrote as “{name}” and gave this address.",
        "Confirm that it was you",
        _page(session, "guest", mailed_tokens.GUEST, data),
    )


@writes(ADDRESS_CHANGES)
def write_address_changes(session: Session, data: dict[str, Any]) -> Letter | None:
    """Tells the present address that it is to be replaced."""
    return _about_account(
        session,
        data,
        "Your address at {site} is to change",
        "Somebody signed in as “{name}” has asked for another e-mail address.",
        "It replaces this one as soon as it is confirmed.",
        "If it was not you, change your password now: that stops it.",
    )


@writes(PASSWORD_CHANGED)
def write_password_changed(session: Session, data: dict[str, Any]) -> Letter | None:
    """Tells that there is a new password."""
    return _about_account(
        session,
        data,
        "Your password at {site} was changed",
        "The account “{name}” has a new password, and was signed out elsewhere.",
        "If it was not you, ask for a new password with this address.",
    )


@writes(IDENTITY_JOINED)
def write_identity_joined(session: Session, data: dict[str, Any]) -> Letter | None:
    """Tells that another site signs the member in from now on."""
    return _about_account(
        session,
        data,
        "Another way to sign in at {site}",
        "From now on {issuer} also signs in to the account “{name}”.",
        "If it was not you, remove that from your account, and sign out elsewhere.",
    )


def _about_account(
    session: Session, data: dict[str, Any], subject: str, *told: str
) -> Letter | None:
    """A letter to a member about what was done to their account; none to who has left.

    Into all that is told goes what the letter is about, with `site` and `name`.
    """
    name = _name(session, data["member"])
    if name is None:
        return None
    known = {**data, "site": _site(session), "name": name}
    blocks = [Paragraph(each.format_map(known)) for each in told]
    return Letter(subject=subject.format_map(known), blocks=blocks, reason=_YOURS)


def _with_link(subject: str, told: str, invites: str, url: str | None) -> Letter | None:
    """A letter to an address that somebody entered; none without an address to lead to."""
    if url is None:
        return None
    blocks: list[Block] = [Paragraph(told), Link(invites, url), Paragraph(_NOT_YOU)]
    return Letter(subject=subject, blocks=blocks, reason=_ENTERED)


def _page(session: Session, name: str, purpose: str, data: dict[str, Any]) -> str | None:
    """The address of the page where a token is used; None when it is good no more."""
    token = mailed_tokens.from_letter(session, purpose, data["token"])
    return f"{settings_of(session).base_url}/account/{name}?token={token}" if token else None


def _name(session: Session, member_id: int) -> str | None:
    return queries.member_by_id(session, member_id).username


def _site(session: Session) -> str:
    return settings_of(session).site_name
