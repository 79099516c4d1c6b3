"""The tables of a run."""

from datetime import date
from pathlib import Path

import pytest

from benchmarks.databases import Amount
from benchmarks.figures import Figures
from benchmarks.measure import Plan
from benchmarks.report import report, table
from benchmarks.results import CEILING, Footprint, Results
from benchmarks.scenarios import SCENARIOS, WRITE, Stage


def figures(rate: float) -> Figures:
    return Figures(rate, 1.0, 2.0, 100, 0, 0.5)


@pytest.fixture
def written() -> list[str]:
    """The lines of a report, with one space where there are more."""
    amount = Amount(posts=1, replies=1000)
    plan = Plan(
        scenarios=SCENARIOS,
        kinds=("sqlite",),
        ceiling=True,
        isso=True,
        amounts=dict.fromkeys(Stage, amount),
        seconds=1,
        runs=1,
        folder=Path(),
    )
    results = Results(
        product={
            ("page", "sqlite"): figures(6000),
            ("vote", "sqlite"): figures(500),
            ("small", "sqlite"): figures(900),
            ("huge", "sqlite"): figures(600),
        },
        ceilings={("page", CEILING): figures(8000), (WRITE, "sqlite"): figures(1000)},
        isso={"page": figures(40)},
        footprints={"SQLite": Footprint(1.25, 150.4, 200.6)},
        notes=["Something was not measured."],
    )
    text = report(plan, results, date(2026, 5, 4))
    return [" ".join(line.split()) for line in text.splitlines()]


def test_a_rate_is_a_share_of_the_ceiling_and_a_multiple_of_isso(written: list[str]) -> None:
    assert "| page of 20 replies | 6,000 | 1.0 | 2.0 | 0.50 | 0.75 | 0.70 | 150.00 |" in written


def test_a_write_is_compared_with_bare_writes_to_the_same_database(written: list[str]) -> None:
    assert "| vote | 500 | 1.0 | 2.0 | 0.50 | 0.50 | 0.40 | - |" in written


def test_a_cost_is_a_multiple_of_another_one(written: list[str]) -> None:
    row = "| page of the huge thread | 600 | 1.0 | 2.0 | 0.50 | 1.50 | 1.3 |"
    assert f"{row} page of a thread of 100 |" in written


def test_servers_are_weighed(written: list[str]) -> None:
    assert "| SQLite | 1.25 | 150 | 201 |" in written


def test_notes_come_last(written: list[str]) -> None:
    assert written[-1] == "* Something was not measured."


def test_a_table_reads_well_as_it_is() -> None:
    assert table(["work", "rate"], [["a", "1"], ["more", "10,000"]]) == (
        "| work |   rate |\n| ---- | -----: |\n| a    |      1 |\n| more | 10,000 |"
    )
