"""What takes a moderator. Pure predicates."""

from forum.accounts.identity import Viewer


def may_moderate(viewer: Viewer) -> bool:
    """Moderators and admins may act on all content."""
    return viewer.is_moderator
