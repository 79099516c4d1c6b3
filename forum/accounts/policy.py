"""What accounts allow. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.accounts.models import ROLES


def may_judge(viewer: Viewer, confirmed_email_required: bool) -> bool:
    """Votes and ballots may be given by members, with a confirmed address where that is asked."""
    return viewer.is_member and (viewer.email_confirmed or not confirmed_email_required)


def may_give_role(viewer: Viewer, has: str, role: str) -> bool:
    """Admins give any role, moderators what they have to who has less; nobody does by a token."""
    may_act = viewer.is_moderator and viewer.scopes is None
    may_change = viewer.is_admin or rank(has) < rank(viewer.role)
    return may_act and may_change and rank(role) <= rank(viewer.role)


def rank(role: str) -> int:
    """Each above those before it; a guest is below a member."""
    return ROLES.index(role) if role in ROLES else -1
