"""Who may do what with paths. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.replies.models import Reply


def may_declare(viewer: Viewer, reply: Reply) -> bool:
    """The author says which path a reply speaks for."""
    return viewer.member_id == reply.author_id


def may_pin(viewer: Viewer) -> bool:
    """Moderators may settle a path."""
    return viewer.is_moderator
