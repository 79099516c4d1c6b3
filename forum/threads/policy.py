"""Who may do what with threads. Pure predicates."""

from forum.accounts.identity import Viewer
from forum.core.lifecycle import waits
from forum.threads.models import Thread


def may_open(viewer: Viewer) -> bool:
    """Every member may start a conversation, and guests where the owner lets them in."""
    return viewer.is_member or viewer.is_guest


def may_edit(viewer: Viewer, thread: Thread) -> bool:
    """Its author may change a thread, and so may moderators."""
    return viewer.is_moderator or is_author(viewer, thread)


def is_author(viewer: Viewer, thread: Thread) -> bool:
    """Whether the viewer opened the thread."""
    return viewer.wrote(f"thread:{thread.id}", thread.author_id)


def may_edit_unseen(viewer: Viewer, thread: Thread) -> bool:
    """Its author may change what waits and nobody has seen."""
    return is_author(viewer, thread) and waits(thread)
