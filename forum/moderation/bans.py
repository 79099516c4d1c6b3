"""Bans as moderators impose and lift them; no moderator ever sees an address."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from forum.accounts import bans, seen_addresses
from forum.accounts.bans import NewBan
from forum.accounts.identity import Viewer
from forum.core.errors import Forbidden
from forum.moderation import acting, policy
from forum.moderation.errors import AddressForgotten, BanIsLifted
from forum.moderation.facets import Facet, Values, register
from forum.replies.errors import ReplyNotFound
from forum.replies.models import Reply

IN_FORCE: Values = {"lifted": False}
LIFTED: Values = {"lifted": True}


def impose(session: Session, actor: Viewer, data: NewBan) -> int:
    """Keep somebody out; gives the ban's id."""
    _require_moderator(actor)
    ban_id = bans.draft(session, actor, data)
    acting.begin(session, actor, data.reason).change(BAN_LIFTED, ban_id, IN_FORCE, "ban.impose")
    return ban_id


def lift(session: Session, actor: Viewer, ban_id: int, reason: str | None) -> None:
    """Keep nobody out by a ban any more; raises `BanNotFound` or `BanIsLifted`."""
    _require_moderator(actor)
    if bans.lock(session, ban_id).lifted_at is not None:
        raise BanIsLifted
    acting.begin(session, actor, reason).change(BAN_LIFTED, ban_id, LIFTED, "ban.lift")


def addresses_of_author(session: Session, reply_id: int) -> Sequence[str]:
    """Hashes of where the author of a reply comes from.

    Raises `ReplyNotFound`, or `AddressForgotten` where nothing is known of that any more.
    """
    reply = session.get(Reply, reply_id)
    if reply is None:
        raise ReplyNotFound(pointer="/from_reply")
    found = seen_addresses.of_member(session, reply.author_id)
    if not found:
        raise AddressForgotten(pointer="/from_reply")
    return found


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden


def _is_lifted(session: Session, ban_id: int) -> Values:
    return {"lifted": bans.lock(session, ban_id).lifted_at is not None}


def _set_lifted(session: Session, _actor: Viewer | None, ban_id: int, values: Values) -> None:
    bans.set_lifted(session, bans.lock(session, ban_id), values["lifted"])


BAN_LIFTED = register(Facet("ban.lifted", _is_lifted, _set_lifted))
"""Whether a ban is lifted; one that is being imposed comes into being so."""
