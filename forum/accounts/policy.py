"""What accounts allow. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.accounts.models import ROLES


def may_judge(viewer: Viewer, confirmed_email_required: bool) -> bool:
    """Votes and ballots may be given by members, with a confirmed address where that is asked."""
    return viewer.is_member and (viewer.email_confirmed or not confirmed_email_required)


def may_give_role(viewer: Viewer, has: str, role: str) -> bool:
    """Admins give any role; moderators what they have themselves, to who has less."""
    may_change = viewer.is_admin or rank(has) < rank(viewer.role)
    return viewer.is_moderator and may_change and rank(role) <= rank(viewer.role)


def rank(role: str) -> int:
    """Each above those before it; a guest is below a member."""
    return ROLES.index(role) if role in ROLES else -1
