"""What a page is handed when its reader comes back from a provider: who they are, sealed.

Only the page that began can redeem it. It told a challenge then (S256 of RFC 7636), and keeps what
that was made of; so a link that holds somebody else's sign-in does nothing (RFC 9700, section 4.7).
"""

import hashlib
from base64 import urlsafe_b64encode
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app

from forum.accounts import identities
from forum.accounts.errors import SignInRefused
from forum.accounts.vouching import Vouched
from forum.config import settings_in
from forum.core import clock
from forum.core.db import db
from forum.core.seals import BrokenSeal, seal, unseal

FOR_THE_FRONTEND = timedelta(minutes=2)
"""Long enough to enter the code of a second factor."""

_VOUCHED = "who signs in"


@dataclass(frozen=True)
class Beginning:
    """Of a page that sends its reader to a provider: where they are to return, and what for.

    In `session` an identity is to be joined to its member; without one somebody is to sign in.
    """

    return_to: str
    challenge: str
    session: int | None


def hand_over(begun: Beginning, attempt: str, vouched: Vouched) -> str:
    """What the page that began may redeem, once, for an attempt that nobody else has made."""
    told = [asdict(vouched), attempt, begun.challenge, begun.session]
    return sealed(_VOUCHED, told, FOR_THE_FRONTEND)


def redeem(token: str, verifier: str, session_id: int | None) -> Vouched:
    """Whom a page was handed that shows what its challenge was made of; once.

    Raises `SignInRefused`, also where it was handed for something else, or in another session.
    """
    told, attempt, challenge, begun_in, until = unsealed(_VOUCHED, token)
    if _challenge_of(verifier) != challenge:
        raise SignInRefused("Another page began this.")
    if begun_in != session_id:
        raise SignInRefused("It was begun for something else, or in another session.")
    vouched = Vouched(**told)
    identities.spend(db.session(), vouched.issuer, attempt, datetime.fromtimestamp(until, UTC))
    return vouched


def sealed(purpose: str, told: list[Any], lifetime: timedelta) -> str:
    """What a browser keeps or carries for a while, and cannot read."""
    until = int((clock.now() + lifetime).timestamp())
    return seal(_secret(), purpose, [*told, until])


def unsealed(purpose: str, carried: str) -> Any:
    """What was sealed, and until when it holds; raises `SignInRefused`."""
    try:
        found = unseal(_secret(), purpose, carried)
    except BrokenSeal as error:
        raise SignInRefused("It was not made by this forum.") from error
    if found[-1] <= clock.now().timestamp():
        raise SignInRefused("It is too late.")
    return found


def _challenge_of(verifier: str) -> str:
    """S256 of RFC 7636, section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def _secret() -> str:
    return settings_in(current_app).secret_key
