"""Who may do what with replies. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.core.lifecycle import waits
from forum.replies.models import Reply


def may_reply(viewer: Viewer) -> bool:
    """Every member may answer, and guests where the owner lets them in."""
    return viewer.is_member or viewer.is_guest


def may_hurry(viewer: Viewer) -> bool:
    """Slow threads are not slow for moderators."""
    return viewer.is_moderator


def may_edit(viewer: Viewer, reply: Reply) -> bool:
    """Its author may change a reply, and so may moderators."""
    return viewer.is_moderator or is_author(viewer, reply)


def is_author(viewer: Viewer, reply: Reply) -> bool:
    """Whether the viewer wrote the reply."""
    return viewer.wrote(f"reply:{reply.id}", reply.author_id)


def may_edit_unseen(viewer: Viewer, reply: Reply) -> bool:
    """Its author may change what waits and nobody has seen."""
    return is_author(viewer, reply) and waits(reply)
