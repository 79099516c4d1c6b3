"""Who may do what with threads. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.threads.models import Thread


def may_open(viewer: Viewer) -> bool:
    """Every member may start a conversation."""
    return viewer.is_member


def may_edit(viewer: Viewer, thread: Thread) -> bool:
    """Its author may change a thread, and so may moderators."""
    return viewer.is_moderator or is_author(viewer, thread)


def is_author(viewer: Viewer, thread: Thread) -> bool:
    """Whether the viewer opened the thread."""
    return viewer.member_id == thread.author_id
