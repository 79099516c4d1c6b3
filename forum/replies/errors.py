"""What can go wrong with replies."""

from forum.core.errors import Conflict, NotFound, TooManyRequests


class ReplyNotFound(NotFound):
    """No such reply."""


class ParentNotFound(NotFound):
    """The reply that is to be answered does not exist in this thread."""

    code = "parent-not-found"
    title = "The reply to answer was not found"

    def __init__(self, reply_id: int) -> None:
        super().__init__(pointer="/parent_id")
        self.names = {"reply_id": reply_id}


class ReplyIsGone(Conflict):
    """The reply was deleted or removed; only what was answered below it can still be read."""

    code = "reply-gone"
    title = "The reply is no longer there"


class BranchIsLocked(Conflict):
    """A moderator has locked a reply: it and all below it can be read, but not answered."""

    code = "branch-locked"
    title = "This part of the thread is locked"


class ThreadIsSlow(TooManyRequests):
    """A moderator has slowed the thread down; `Retry-After` says when you may reply in it again."""

    code = "slow-mode"
    title = "Not so fast in this thread"
