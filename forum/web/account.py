"""The pages that mails about accounts lead to: GET shows what would be done, POST does it.

Who opens them has not signed in; what they may do stands in the link.
"""

from flask import Response, render_template, request

from forum.accounts import emails, guests, mailed_tokens, queries, recovery
from forum.accounts.mailed_tokens import CONFIRM, GUEST, LINK, RESET
from forum.core.db import db, reading_first
from forum.core.http.description import PAGE, described

_TOKEN = {"token": {"type": "string", "maxLength": 200}}
_with_token = described(*PAGE.media_types, query=_TOKEN, statuses=PAGE.statuses)


@_with_token
def confirming_address() -> Response:
    """Asks whether an address belongs to an account."""
    return _asking("confirm", CONFIRM)


@_with_token
def confirm_address() -> Response:
    """Confirms the address."""
    emails.confirm(db.session(), _token())
    return _page("confirmed")


@_with_token
def choosing_password() -> Response:
    """Asks for a new password."""
    return _asking("password", RESET)


@_with_token
def choose_password() -> Response:
    """Replaces the password."""
    with reading_first():
        hashed = recovery.hash_for_reset(db.session(), _token(), request.form.get("password", ""))
    recovery.reset(db.session(), _token(), hashed)
    return _page("replaced")


@_with_token
def signing_in() -> Response:
    """Shows the code to be entered where its reader wants to sign in."""
    return _asking("sign in", LINK)


@_with_token
def confirming_guest() -> Response:
    """Asks whether somebody has written something without an account."""
    return _asking("guest", GUEST)


@_with_token
def confirm_guest() -> Response:
    """Lets be seen what has waited for it."""
    guests.confirm(db.session(), _token())
    return _page("guest confirmed")


def _asking(step: str, purpose: str) -> Response:
    found = mailed_tokens.find(db.session(), purpose, _token())
    member = queries.member_by_id(db.session(), found.member_id)
    return _page(
        step, name=member.username or member.display_name, email=found.address, token=_token()
    )


def _token() -> str:
    return request.args.get("token", "")


def _page(step: str, **shown: str | None) -> Response:
    """One of the pages; nobody else is to find it in a cache."""
    response = Response(render_template("account.html", step=step, **shown))
    response.headers["Cache-Control"] = "no-store"
    return response
