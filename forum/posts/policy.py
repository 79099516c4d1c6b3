"""Who may do what with posts. Pure predicates."""

from forum.accounts.identity import Viewer


def may_manage_posts(viewer: Viewer) -> bool:
    """Posts are added, changed and deleted by admins."""
    return viewer.is_admin
