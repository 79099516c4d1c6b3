"""What can go wrong with paths."""

from forum.core.errors import Conflict, Forbidden


class BallotsExist(Conflict):
    """Somebody has cast a ballot on the reply, so its declaration stands."""

    code = "ballots-exist"
    title = "The declaration can no longer be changed"


class SelfBallot(Forbidden):
    """Authors declare the path of their own replies; ballots are for the others."""

    code = "self-ballot"
    title = "Not on your own reply"
