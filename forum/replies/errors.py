"""What can go wrong with replies."""

from forum.core.errors import Conflict, NotFound


class ReplyNotFound(NotFound):
    """No such reply."""


class ParentNotFound(NotFound):
    """The reply that is to be answered does not exist in this thread."""

    code = "parent-not-found"
    title = "The reply to answer was not found"


class ReplyIsGone(Conflict):
    """The reply was deleted or removed; only what was answered below it can still be read."""

    code = "reply-gone"
    title = "The reply is no longer there"
