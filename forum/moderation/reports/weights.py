"""What a report weighs: that of somebody who is usually right more, of who is always wrong nothing.

Every report makes its item more urgent. Which of them help to hide a text, the forum may restrict.
"""

from datetime import timedelta

from forum.config import Settings

START = 10
"""Of reporters of whom moderators have judged too little to know them."""
MOST = 20
ENOUGH_JUDGED = 5

HIDING = 100
"""What it adds to an item that reports have hidden a text: somebody has to look soon."""

YOUNG_ACCOUNT = "young-account"
UNCONFIRMED_ADDRESS = "unconfirmed-address"


def weight_of(agreed: int, dismissed: int) -> int:
    """What the next report weighs of who has made so many that were agreed with and dismissed."""
    judged = agreed + dismissed
    return START if judged < ENOUGH_JUDGED else round(MOST * agreed / judged)


def unproven_by(settings: Settings, account_is: timedelta, *, is_confirmed: bool) -> list[str]:
    """Why a report of somebody hides nothing, whatever it weighs; nothing if it does."""
    holds = {
        YOUNG_ACCOUNT: account_is < timedelta(days=settings.report_age_to_hide),
        UNCONFIRMED_ADDRESS: settings.judging_needs_confirmed_email and not is_confirmed,
    }
    return [name for name, is_so in holds.items() if is_so]
