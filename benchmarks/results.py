"""What has been measured so far."""

from dataclasses import dataclass, field

from benchmarks.figures import Figures
from benchmarks.scenarios import WRITE, Scenario

CEILING = "ceiling"
ISSO = "Isso"


@dataclass(frozen=True)
class Footprint:
    """Seconds from the start to the first answer, and resident megabytes before and after load."""

    seconds_to_start: float
    idle: float
    after: float


@dataclass
class Results:
    """Figures by scenario and by who did the work: a kind of database, the ceiling, or Isso.

    The ceiling's figures are under the name of the ceiling; where it writes, under the kind of
    database as well.
    """

    product: dict[tuple[str, str], Figures] = field(default_factory=dict)
    ceilings: dict[tuple[str, str], Figures] = field(default_factory=dict)
    isso: dict[str, Figures] = field(default_factory=dict)
    footprints: dict[str, Footprint] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def ceiling_of(self, scenario: Scenario, kind: str) -> Figures | None:
        """The ceiling of a scenario on a kind of database."""
        who = kind if scenario.ceiling == WRITE else CEILING
        return self.ceilings.get((scenario.ceiling or "", who))
