"""What can go wrong with votes."""

from forum.core.errors import Forbidden


class SelfVote(Forbidden):
    """Nobody votes on what they wrote themselves."""

    code = "self-vote"
    title = "Not on your own words"
