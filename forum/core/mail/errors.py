"""Why a mail could not be sent."""


class Undeliverable(Exception):
    """It will not arrive however often it is tried.

    `bounced` tells that there is no such mailbox, rather than that the mail did not please.
    """

    def __init__(self, reason: str, bounced: bool = False) -> None:
        super().__init__(reason)
        self.bounced = bounced


class NotNow(Exception):
    """It may arrive later: the server is away, busy, or not set up as it should be."""
