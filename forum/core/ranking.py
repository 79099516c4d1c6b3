"""The formulas that rank what people voted on. Votes change them, time does not."""

from math import log10, sqrt

_EPOCH = 1134028003
_SECONDS_PER_TENFOLD = 45_000


def wilson_lower_bound(up: int, down: int, z: float = 1.281551565545) -> float:
    """Lower bound of the 80 % score interval (by `z`) of the share of up votes, from 0 to 1.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal
    of the American Statistical Association 22 (1927).
    """
    if up == 0:
        return 0.0  # exactly: rounding errors would put 73 down votes before 72
    votes = up + down
    share = up / votes
    centre = share + z * z / (2 * votes)
    margin = z * sqrt((share * (1 - share) + z * z / (4 * votes)) / votes)
    return (centre - margin) / (1 + z * z / votes)


def hot(score: int, epoch_seconds: float) -> float:
    """Age against score: ten times the score weighs as much as 45,000 seconds (12.5 hours).

    The ranking of Reddit's published source. It grows with the time of creation, so that nothing
    has to decay.
    """
    sign = (score > 0) - (score < 0)
    magnitude = log10(max(abs(score), 1))
    return sign * magnitude + (epoch_seconds - _EPOCH) / _SECONDS_PER_TENFOLD


def controversy(up: int, down: int) -> float:
    """Many votes that are evenly divided: all of them at a tie, 0 when everybody agrees.

    The ranking of Reddit's published source.
    """
    if up == 0 or down == 0:
        return 0.0
    return float((up + down) ** (min(up, down) / max(up, down)))
