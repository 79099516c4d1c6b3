"""What takes a moderator. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.accounts.models import ROLES, Member


def may_moderate(viewer: Viewer) -> bool:
    """Moderators and admins may act on all content."""
    return viewer.is_moderator


def may_sanction(viewer: Viewer, member: Member) -> bool:
    """Moderators may sanction members, admins moderators, too: nobody their equals or betters."""
    return viewer.is_moderator and _rank(member.role) < _rank(viewer.role)


def _rank(role: str) -> int:
    """Each above those before it; a guest is below a member."""
    return ROLES.index(role) if role in ROLES else -1
