"""Who may do what with replies. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.replies.models import Reply


def may_reply(viewer: Viewer) -> bool:
    """Every member may answer."""
    return viewer.is_member


def may_hurry(viewer: Viewer) -> bool:
    """Slow threads are not slow for moderators."""
    return viewer.is_moderator


def may_edit(viewer: Viewer, reply: Reply) -> bool:
    """Its author may change a reply, and so may moderators."""
    return viewer.is_moderator or is_author(viewer, reply)


def is_author(viewer: Viewer, reply: Reply) -> bool:
    """Whether the viewer wrote the reply."""
    return viewer.member_id == reply.author_id
