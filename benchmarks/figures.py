"""What a run of load measures."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Figures:
    """Requests answered per second, the latency in milliseconds, and how many answers failed.

    `cpu` is the milliseconds of processor time that the server itself took for a request.
    """

    rate: float
    p50: float
    p99: float
    requests: int
    failures: int
    cpu: float = 0.0


def median_of(runs: Sequence[Figures]) -> Figures:
    """The medians of several runs; requests and failures are summed."""
    return Figures(
        rate=median(run.rate for run in runs),
        p50=median(run.p50 for run in runs),
        p99=median(run.p99 for run in runs),
        requests=sum(run.requests for run in runs),
        failures=sum(run.failures for run in runs),
        cpu=median(run.cpu for run in runs),
    )
