"""What can go wrong with review items."""

from forum.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed


class ItemNotFound(NotFound):
    """No such review item."""


class ClaimHeld(Conflict):
    """Another moderator has claimed the item, until `expires_at`; `holder` says who."""

    code = "claim-held"
    title = "Somebody else is at it"


class StaleClaim(Conflict):
    """The claim has expired, was released or taken over, or another one came after it.

    Claim the item again.
    """

    code = "claim-stale"
    title = "The claim does not hold any more"


class AlreadyDecided(Conflict):
    """The item is decided; `decision` says by whom and how."""

    code = "already-decided"
    title = "It is decided already"


class LeftToOthers(Forbidden):
    """The item is about what this moderator decided, and there are others who can judge that."""

    code = "left-to-others"
    title = "Another moderator decides this"


class TextHasChanged(PreconditionFailed):
    """The text is not the one that the moderator saw; `current` is what it says now."""

    code = "text-changed"
    title = "The text has changed meanwhile"


class ActionDoesNotFit(Invalid):
    """This action cannot be taken on what the item is about."""

    code = "action-does-not-fit"
    title = "Not with this item"


class OpenAgain(Conflict):
    """Another item about the same is open by now; decide that one instead."""

    code = "open-again"
    title = "It is in the queue again"
