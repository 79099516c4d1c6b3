"""What can go wrong with posts."""

from forum.core.errors import Conflict, NotFound


class PostNotFound(NotFound):
    """No post is known by this slug or address."""


class SlugTaken(Conflict):
    """Another post has this slug, or it is reserved for a route."""

    code = "slug-taken"
    title = "The slug is not available"


class AddressTaken(Conflict):
    """The URL belongs to another post."""

    code = "address-taken"
    title = "The URL belongs to another post"
