"""What can go wrong when moderators act."""

from forum.core.errors import Conflict, Forbidden, NotFound, TooManyRequests


class PostIsGone(Conflict):
    """The post below which it was said is deleted, so it cannot be shown again."""

    code = "post-gone"
    title = "The post is no longer there"


class RankTooHigh(Forbidden):
    """Moderators sanction members, and admins moderators: nobody themselves or their equals."""

    code = "rank-too-high"
    title = "Not below you"


class SanctionIsLifted(Conflict):
    """The sanction is lifted already."""

    code = "sanction-lifted"
    title = "The sanction is lifted"


class NoteNotFound(NotFound):
    """No note has this id."""


class WordsAreGone(Conflict):
    """What it said before is not kept any more, so it cannot be set back."""

    code = "words-gone"
    title = "The words are no longer there"


class GroupNotFound(NotFound):
    """The audit log has no such group."""


class BulkNotFound(NotFound):
    """Nothing was frozen under this id."""


class NothingToUndo(Conflict):
    """What was done has changed nothing that could be set back."""

    code = "nothing-to-undo"
    title = "There is nothing to undo"


class AlreadyUndone(Conflict):
    """It was undone before; `group` names what did so, which can be undone in turn."""

    code = "already-undone"
    title = "It was undone before"


class Overtaken(Conflict):
    """What it has changed was changed again; `since` lists what moderators did there meanwhile."""

    code = "overtaken"
    title = "It was changed again meanwhile"


class BanIsLifted(Conflict):
    """The ban is lifted already."""

    code = "ban-lifted"
    title = "The ban is lifted"


class AddressForgotten(Conflict):
    """It is not known, or was forgotten after 90 days, from where the author of the reply comes."""

    code = "address-forgotten"
    title = "No address is known"


class SameThread(Conflict):
    """A thread cannot be merged into itself; name another one in `into`."""

    code = "same-thread"
    title = "It is the same thread"


class DecisionNotFound(NotFound):
    """No such decision was made about the member."""


class AlreadyAppealed(Conflict):
    """The member has appealed against the decision, which one does once."""

    code = "already-appealed"
    title = "There was an appeal"


class AlreadyReversed(Conflict):
    """The decision was taken back, so there is nothing to appeal against."""

    code = "already-reversed"
    title = "The decision holds no more"


class TooLateToAppeal(Conflict):
    """The time in which one appeals is over."""

    code = "too-late-to-appeal"
    title = "Too late to appeal"


class TooSoon(TooManyRequests):
    """Moderators let you write less often here; `Retry-After` says when you may go on."""

    code = "too-soon"
    title = "Wait before you write again"
