"""What can go wrong when moderators act."""

from forum.core.errors import Conflict, Forbidden, NotFound


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
