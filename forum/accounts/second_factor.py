"""Second factors: codes by the clock (TOTP, RFC 6238) or from a list, asked for after the password.

A code is taken once. The secret is kept sealed, of the codes in the list only hashes are kept.
"""

import hashlib
import secrets
from base64 import b32encode
from datetime import timedelta

import pyotp
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from forum.accounts import membership, queries, sessions
from forum.accounts.errors import (
    SecondFactorInForce,
    SecondFactorNeeded,
    SecondFactorNotSetUp,
    TooManyCodes,
    WrongCode,
)
from forum.accounts.identity import Viewer
from forum.accounts.models import Member, RecoveryCode, SecondFactor
from forum.config import settings_of
from forum.core import clock
from forum.core.seals import BrokenSeal, seal, unseal

RECOVERY_CODES = 10
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
"""After so many wrong codes: of a million, 480 a day can be tried by who knows the password."""

_STEPS_OFF = 1
"""That a clock may go wrong by, of 30 seconds each."""


def require(session: Session, member_id: int, code: str | None) -> None:
    """Let nobody sign in as a member with a second factor but who gives a code.

    Asked last, after the password or whatever else they prove to be the member by. Raises
    `SecondFactorNeeded` without a code, `WrongCode` or `TooManyCodes`, and `InvalidToken` for who
    has left.
    """
    membership.keep(session, member_id)
    if queries.member_by_id(session, member_id).two_factor_at is None:
        return
    if code is None:
        raise SecondFactorNeeded
    _take(session, member_id, code)


def set_up(session: Session, actor: Viewer) -> tuple[str, str]:
    """A new secret, in base 32 and as an `otpauth` address; it counts when it is confirmed.

    Raises `SecondFactorInForce`.
    """
    member = _without_second_factor(session, actor)
    factor = _factor(session, actor.id) or SecondFactor(member_id=actor.id, failures=0)
    secret = pyotp.random_base32()
    factor.secret, factor.last_step = seal(_key(session), _purpose(actor.id), secret), 0
    session.add(factor)
    issuer = settings_of(session).site_name
    return secret, pyotp.TOTP(secret).provisioning_uri(name=member.username, issuer_name=issuer)


def confirm(session: Session, actor: Viewer, code: str) -> list[str]:
    """Have signing in take codes from now on; gives those for when the device is lost.

    Sessions that began without a code end, but for this one. Raises `SecondFactorInForce`,
    `SecondFactorNotSetUp`, `WrongCode` or `TooManyCodes`.
    """
    member = _without_second_factor(session, actor)
    _take(session, actor.id, code)
    member.two_factor_at = clock.now()
    sessions.end_all(session, actor.id, but=actor.sign_in_id)
    return _new_recovery_codes(session, actor.id)


def renew_recovery_codes(session: Session, actor: Viewer, code: str) -> list[str]:
    """Others for when the device is lost; raises as `disable`."""
    _with_second_factor(session, actor)
    _take(session, actor.id, code)
    return _new_recovery_codes(session, actor.id)


def disable(session: Session, actor: Viewer, code: str) -> None:
    """Have signing in take no codes; raises `SecondFactorNotSetUp`, `WrongCode`, `TooManyCodes`."""
    _with_second_factor(session, actor)
    _take(session, actor.id, code)
    remove(session, actor.id)


def remove(session: Session, member_id: int) -> None:
    """Forget a member's second factor, set up or in force."""
    queries.member_by_id(session, member_id).two_factor_at = None
    session.execute(delete(SecondFactor).where(SecondFactor.member_id == member_id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))


def recovery_codes_left(session: Session, member_id: int) -> int:
    """How many codes for when the device is lost are not used."""
    mine = select(func.count()).where(RecoveryCode.member_id == member_id)
    return session.scalars(mine).one()


def _take(session: Session, member_id: int, code: str) -> None:
    """Take a code, once; the row is locked, so that two do not take the same."""
    factor = _factor(session, member_id)
    if factor is None:
        raise SecondFactorNotSetUp
    _refuse_guesser(factor)
    if not (_fits(session, factor, code) or _is_recovery_code(session, member_id, code)):
        factor.failures += 1
        factor.failing_since = factor.failing_since or clock.now()
        raise WrongCode
    factor.failures, factor.failing_since = 0, None


def _refuse_guesser(factor: SecondFactor) -> None:
    if factor.failing_since is None:
        return
    until, now = factor.failing_since + LOCKED_FOR, clock.now()
    if until <= now:
        factor.failures, factor.failing_since = 0, None
    elif factor.failures >= MOST_FAILURES:
        raise TooManyCodes.until(until, now)


def _fits(session: Session, factor: SecondFactor, code: str) -> bool:
    """Whether it is a code of the last, this or the next half minute, and newer than the last."""
    try:
        secret = unseal(_key(session), _purpose(factor.member_id), factor.secret)
        step = pyotp.TOTP(secret).verify_and_get_timecode(
            _plain(code), for_time=clock.now(), valid_window=_STEPS_OFF
        )
    except (BrokenSeal, OTPVerificationError):  # a seal breaks when the key of the site is another
        return False
    if step <= factor.last_step:
        return False
    factor.last_step = step
    return True


def _is_recovery_code(session: Session, member_id: int, code: str) -> bool:
    mine = (RecoveryCode.member_id == member_id, RecoveryCode.code_hash == _hash_of(code))
    used = delete(RecoveryCode).where(*mine).returning(RecoveryCode.code_hash)
    return bool(session.scalars(used).all())


def _new_recovery_codes(session: Session, member_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.member_id == member_id))
    codes = [b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    hashes = [{"member_id": member_id, "code_hash": _hash_of(code)} for code in codes]
    session.execute(insert(RecoveryCode), hashes)
    return [f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}" for code in codes]


def _factor(session: Session, member_id: int) -> SecondFactor | None:
    return session.get(SecondFactor, member_id, with_for_update=True, populate_existing=True)


def _without_second_factor(session: Session, actor: Viewer) -> Member:
    member = membership.lock(session, actor.id)
    if member.two_factor_at is not None:
        raise SecondFactorInForce
    return member


def _with_second_factor(session: Session, actor: Viewer) -> None:
    if membership.lock(session, actor.id).two_factor_at is None:
        raise SecondFactorNotSetUp


def _plain(code: str) -> str:
    """As it is counted: people write codes in groups."""
    return code.replace(" ", "").replace("-", "").lower()


def _hash_of(code: str) -> str:
    """A code has 80 bits, which is more than anybody can guess through."""
    return hashlib.sha256(_plain(code).encode()).hexdigest()


def _purpose(member_id: int) -> str:
    return f"second factor of {member_id}"


def _key(session: Session) -> str:
    return settings_of(session).secret_key
