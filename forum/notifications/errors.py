"""What can go wrong with notifications."""

from forum.core.errors import Forbidden


class SelfMute(Forbidden):
    """Nobody is told of what they do themselves, so there is nothing to mute."""

    code = "self-mute"
    title = "Not yourself"
