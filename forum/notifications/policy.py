"""Who may choose what they are told of. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.accounts.models import Member


def may_choose(viewer: Viewer) -> bool:
    """Every member chooses for themselves."""
    return viewer.is_member


def is_self(viewer: Viewer, member: Member) -> bool:
    """Whether the viewer is this member."""
    return viewer.member_id == member.id
