"""How the path of a reply follows from its declaration, its ballots and a pin.

The author's declaration counts as one ballot more. With `n` ballots so counted and `voters` real
ones, the first rule that holds decides:

1. a pin is active: its path, or none
2. some value has a quorum of voters and the community's share of `n`: it
3. the author declared a path, and it is opposed by less than a quorum or still holds the author's
   share of `n`: it
4. none
"""

from collections.abc import Mapping
from dataclasses import dataclass

from forum.config import PathThresholds
from forum.replies.models import MANAGEMENT, NEITHER, PATHS, TECHNICAL

VALUES = (TECHNICAL, MANAGEMENT, NEITHER)


@dataclass(frozen=True)
class PinnedPath:
    """A moderator's decision; `path` None says that the reply is on no path."""

    path: str | None


@dataclass(frozen=True)
class Resolution:
    """The effective path and why: source is moderator, community, author or none."""

    path: str | None
    source: str
    contested: bool
    bridge: bool


def resolve(
    declared: str | None,
    ballots: Mapping[str, int],
    pin: PinnedPath | None,
    thresholds: PathThresholds = PathThresholds(),  # noqa: B008 - frozen defaults
) -> Resolution:
    """The one resolution for these facts; `ballots` counts real ballots by value."""
    count = _Count(declared, ballots)
    if pin is not None:
        return Resolution(pin.path, "moderator", contested=False, bridge=False)
    contested = count.is_contested(thresholds)
    bridge = contested and count.is_bridge(thresholds)
    path, source = _decide(declared, count, thresholds)
    return Resolution(path, source, contested, bridge)


class _Count:
    """Ballots with the declaration as one of them."""

    def __init__(self, declared: str | None, ballots: Mapping[str, int]) -> None:
        self.ballots = {value: ballots.get(value, 0) for value in VALUES}
        self.voters = sum(self.ballots.values())
        self.all = {v: n + (v == declared) for v, n in self.ballots.items()}
        self.n = sum(self.all.values())

    def holds(self, value: str, percent: int) -> bool:
        return self.all[value] * 100 >= percent * self.n

    def is_contested(self, at: PathThresholds) -> bool:
        return self.voters >= at.quorum + 1 and not any(
            self.holds(value, at.community) for value in VALUES
        )

    def is_bridge(self, at: PathThresholds) -> bool:
        both = all(self.holds(path, at.bridge) for path in PATHS)
        neither = self.all[NEITHER] * 100 <= at.bridge_neither * self.n
        return self.voters >= at.quorum + 2 and both and neither


def _decide(declared: str | None, count: _Count, at: PathThresholds) -> tuple[str | None, str]:
    for value in VALUES:
        if count.ballots[value] >= at.quorum and count.holds(value, at.community):
            return (None if value == NEITHER else value), "community"
    if declared is not None:
        opposed = count.voters - count.ballots[declared]
        if opposed < at.quorum or count.holds(declared, at.author):
            return declared, "author"
    return None, "none"
