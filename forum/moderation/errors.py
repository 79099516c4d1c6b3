"""What can go wrong when moderators act."""

from forum.core.errors import Conflict


class PostIsGone(Conflict):
    """The post below which it was said is deleted, so it cannot be shown again."""

    code = "post-gone"
    title = "The post is no longer there"
