"""The tables of a run: what was measured, as shares of the ceiling and times Isso."""

from collections.abc import Sequence
from datetime import date

from benchmarks.databases import NAMES
from benchmarks.figures import Figures
from benchmarks.generators import CLIENTS
from benchmarks.machine import machine, software
from benchmarks.measure import Plan
from benchmarks.results import CEILING, Results
from benchmarks.scenarios import Scenario, Stage
from benchmarks.servers import WORKERS

NOTHING = "-"
FIGURES = ["requests/s", "p50 ms", "p99 ms", "cpu ms"]


def report(plan: Plan, results: Results, day: date) -> str:
    """The whole run in Markdown."""
    parts = [f"# Benchmark of {day.isoformat()}", _conditions(plan, results)]
    for kind in plan.kinds:
        parts.append(f"## {NAMES[kind]}")
        parts.append(_work(plan, results, kind))
        parts.append(_growth(plan, results, kind))
    parts.append("## What it is compared with")
    parts.append(_compared(plan, results))
    parts.append("## Servers and workers")
    parts.append(_footprints(results))
    parts += [f"* {note}" for note in results.notes]
    return "\n\n".join(part for part in parts if part) + "\n"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown that also reads well as it is; empty without rows."""
    if not rows:
        return ""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    rule = [f"{'-' * (width - 1)}{'-' if i == 0 else ':'}" for i, width in enumerate(widths)]
    return "\n".join(_line(row, widths) for row in (header, rule, *rows))


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    others = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
    return "| " + " | ".join([first, *others]) + " |"


def _conditions(plan: Plan, results: Results) -> str:
    replies = {stage: f"{amount.replies:,}" for stage, amount in plan.amounts.items()}
    has_few = any(scenario.stage is Stage.FEW for scenario in plan.scenarios)
    lines = (
        f"{machine()}; {software(results.versions)}",
        f"{WORKERS} workers, {CLIENTS} connections, all on this machine",
        f"{plan.seconds} s of each, after a warm-up; medians of {plan.runs}",
        f"{replies[Stage.USUAL]} replies" + (f"; few: {replies[Stage.FEW]}" if has_few else ""),
    )
    return "\n".join(f"* {line}" for line in lines)


def _work(plan: Plan, results: Results, kind: str) -> str:
    rows = []
    for scenario in plan.scenarios:
        figures = results.product.get((scenario.name, kind))
        if figures is not None and scenario.against is None and scenario.ceiling is not None:
            share = _ratio(figures, results.ceiling_of(scenario, kind))
            times = _ratio(figures, results.isso.get(scenario.name))
            rows.append([scenario.title, *_cells(figures), share, _aim(scenario, kind), times])
    header = ["work", *FIGURES, "of the ceiling", "aim", "times Isso"]
    return table(header, rows)


def _growth(plan: Plan, results: Results, kind: str) -> str:
    titles = {scenario.name: scenario.title for scenario in plan.scenarios}
    rows = []
    for scenario in plan.scenarios:
        figures = results.product.get((scenario.name, kind))
        if figures is not None and scenario.ceiling is None:
            before = results.product.get((scenario.against or "", kind))
            cost = f"{before.rate / figures.rate:.2f}" if before else NOTHING
            at_most = f"{scenario.at_most:.1f}" if scenario.against else NOTHING
            against = titles.get(scenario.against or "", NOTHING)
            rows.append([scenario.title, *_cells(figures), cost, at_most, against])
    header = ["no pages kept", *FIGURES, "cost", "at most", "against"]
    return table(header, rows)


def _compared(plan: Plan, results: Results) -> str:
    rows = [
        [f"ceiling: {name}{'' if who == CEILING else f', {NAMES[who]}'}", *_cells(figures)]
        for (name, who), figures in results.ceilings.items()
    ]
    rows += [
        [f"Isso: {scenario.title}", *_cells(results.isso[scenario.name])]
        for scenario in plan.scenarios
        if scenario.name in results.isso
    ]
    return table(["work", *FIGURES], rows)


def _footprints(results: Results) -> str:
    rows = [
        [who, f"{of.seconds_to_start:.2f}", f"{of.idle:.0f}", f"{of.after:.0f}"]
        for who, of in results.footprints.items()
    ]
    return table(["server", "seconds to the first answer", "idle MB", "after load MB"], rows)


def _cells(figures: Figures) -> list[str]:
    latency = [f"{milliseconds:,.1f}" for milliseconds in (figures.p50, figures.p99)]
    return [f"{figures.rate:,.0f}", *latency, f"{figures.cpu:.2f}"]


def _ratio(of: Figures, to: Figures | None) -> str:
    return f"{of.rate / to.rate:.2f}" if to and to.rate else NOTHING


def _aim(scenario: Scenario, kind: str) -> str:
    if scenario.aims is None:
        return NOTHING
    return f"{scenario.aims[0 if kind == 'sqlite' else 1]:.2f}"
