"""What can go wrong with threads."""

from forum.core.errors import Conflict, NotFound


class ThreadNotFound(NotFound):
    """No such thread."""


class ThreadIsLocked(Conflict):
    """A moderator has locked the thread: it can be read, but not answered."""

    code = "thread-locked"
    title = "The thread is locked"


class ThreadIsGone(Conflict):
    """The opening of the thread was deleted or removed; what was answered can still be read."""

    code = "thread-gone"
    title = "The thread is no longer open"
