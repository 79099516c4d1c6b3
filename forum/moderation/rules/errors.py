"""What can go wrong with watch rules."""

from forum.core.errors import Forbidden, Invalid, NotFound


class RuleNotFound(NotFound):
    """No such watch rule."""


class UnusableRule(Invalid):
    """A watch rule of this kind cannot work as it is described; `errors` says what it lacks."""

    code = "unusable-rule"
    title = "The rule cannot work"


class TextRefused(Forbidden):
    """What was to be written is not taken here as it is."""

    code = "text-refused"
    title = "The text is not taken"
