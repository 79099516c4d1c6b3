"""What can go wrong with reports."""

from forum.core.errors import Conflict, Forbidden


class SelfReport(Forbidden):
    """One's own words can be edited or deleted; reports are for those of others."""

    code = "self-report"
    title = "It is your own"


class AlreadyReported(Conflict):
    """The member has reported this text before; `GET /me/reports` tells the outcome."""

    code = "already-reported"
    title = "You have reported it before"
