"""What a report weighs: that of somebody who is usually right more, of who is always wrong nothing.

So nobody is hidden by the number of those who dislike them alone.
"""

START = 10
"""Of reporters of whom moderators have judged too little to know them."""
MOST = 20
ENOUGH_JUDGED = 5

HIDING = 100
"""What it adds to an item that reports have hidden a text: somebody has to look soon."""


def weight_of(agreed: int, dismissed: int) -> int:
    """What the next report weighs of who has made so many that were agreed with and dismissed."""
    judged = agreed + dismissed
    return START if judged < ENOUGH_JUDGED else round(MOST * agreed / judged)
