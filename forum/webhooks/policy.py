"""Who may do what with webhooks. Pure predicates."""

from forum.accounts.identity import Viewer


def may_manage_webhooks(viewer: Viewer) -> bool:
    """Webhooks are the admins' in common: they tell of everything, to wherever they lead."""
    return viewer.is_admin
