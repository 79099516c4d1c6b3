"""Identities: users of other sites, each of whom may sign in to one account."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.accounts import letter_requests, letters, membership
from forum.accounts.errors import IdentityNotFound, IdentityTaken, LastWayIn
from forum.accounts.identity import Viewer
from forum.accounts.models import Identity, Member
from forum.accounts.vouching import Vouched
from forum.config import settings_of
from forum.core import clock
from forum.core.db import one_at_a_time, table_of
from forum.core.pages import Keyset, Order, Page, Position, Record

_IDENTITY = table_of(Identity).c
_MINE = Keyset(
    select(*(_IDENTITY[name] for name in ("id", "issuer", "subject", "created_at"))).where(
        _IDENTITY.member_id == bindparam("of_member")
    ),
    Order((_IDENTITY.id,)),
)


def locked(session: Session, vouched: Vouched) -> Identity | None:
    """Whose an identity is; nobody makes it somebody's until this transaction is over."""
    one_at_a_time(session, f"identity {vouched.issuer} {vouched.subject}")
    is_it = (Identity.issuer == vouched.issuer, Identity.subject == vouched.subject)
    return session.scalar(select(Identity).where(*is_it))


def add(session: Session, member_id: int, vouched: Vouched, *, opened_account: bool) -> Identity:
    """Let an identity that is nobody's sign in to an account."""
    added = Identity(
        member_id=member_id,
        issuer=vouched.issuer,
        subject=vouched.subject,
        opened_account=opened_account,
        created_at=clock.now(),
    )
    session.add(added)
    session.flush()
    return added


def join(session: Session, actor: Viewer, vouched: Vouched) -> Identity:
    """Let an identity sign in to the member's account, and no more; their address is told.

    Raises `IdentityTaken`.
    """
    if locked(session, vouched) is not None:
        raise IdentityTaken
    member = membership.lock(session, actor.id)
    if member.email is not None:
        about = {"member": member.id, "issuer": vouched.issuer}
        letter_requests.mail(session, letters.IDENTITY_JOINED, member.email, about)
    return add(session, member.id, vouched, opened_account=False)


def identities(session: Session, actor: Viewer, after: Position | None, limit: int) -> Page[Record]:
    """The member's own, newest first."""
    return _MINE.page(session, after, limit, of_member=actor.id)


def identity(session: Session, actor: Viewer, identity_id: int) -> Identity:
    """One of the member's own; raises `IdentityNotFound`."""
    found = session.get(Identity, identity_id)
    if found is None or found.member_id != actor.id:
        raise IdentityNotFound
    return found


def remove(session: Session, actor: Viewer, identity_id: int) -> None:
    """Let an identity sign the member in no more; raises `IdentityNotFound` or `LastWayIn`."""
    member = membership.lock(session, actor.id)
    removed = identity(session, actor, identity_id)
    if not _has_way_in(session, member, but=removed):
        raise LastWayIn
    session.delete(removed)


def _has_way_in(session: Session, member: Member, but: Identity) -> bool:
    """By their password, a link in a mail, or another identity of a site that is still set up."""
    settings = settings_of(session)
    if member.password_hash is not None or (settings.smtp_url and member.email_confirmed_at):
        return True
    issuers = {settings.sso_issuer, *(provider.issuer for provider in settings.oidc_providers)}
    others = (Identity.member_id == member.id, Identity.id != but.id, Identity.issuer.in_(issuers))
    return session.scalar(select(Identity.id).where(*others).limit(1)) is not None
