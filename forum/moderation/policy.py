"""What takes a moderator. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.accounts.models import ADMIN, MODERATOR, Member
from forum.accounts.policy import rank


def may_moderate(viewer: Viewer) -> bool:
    """Moderators and admins may act on all content."""
    return viewer.is_moderator


def may_sanction(viewer: Viewer, member: Member) -> bool:
    """Moderators may sanction members, admins moderators, too: nobody their equals or betters."""
    return viewer.is_moderator and rank(member.role) < rank(viewer.role)


def is_not_watched(viewer: Viewer) -> bool:
    """Nobody looks at what moderators are about to write, whatever token they do it with."""
    return viewer.role in {MODERATOR, ADMIN}
