"""`python -m benchmarks`: the product beside what Flask can do at all, and beside Isso."""

from datetime import UTC, datetime
from pathlib import Path

import click

from benchmarks.databases import NAMES, Amount, disk
from benchmarks.measure import Plan, measure
from benchmarks.report import report
from benchmarks.scenarios import SCENARIOS, Scenario, Stage

FEW = Amount(posts=100, replies=10_000)
REPLIES_PER_POST = 1000
RESULTS = Path(__file__).with_name("results")


@click.command(epilog="Scenarios: " + ", ".join(scenario.name for scenario in SCENARIOS))
@click.option("--only", default="", help="Names of scenarios, comma-separated; all unless told.")
@click.option("--database", type=click.Choice((*NAMES, "both")), default="both")
@click.option("--against", type=click.Choice(("nothing", "ceiling", "all")), default="all")
@click.option("--replies", type=click.IntRange(1000), default=50_000, show_default=True)
@click.option("--seconds", type=click.IntRange(1, 60), default=3, show_default=True)
@click.option("--runs", type=click.IntRange(1, 9), default=3, show_default=True)
@click.option("--name", help="Write the report to results/ under the date and this name.")
@click.option("--folder", type=click.Path(path_type=Path), help="Keeps what is loaded; on a disk.")
def main(
    only: str,
    database: str,
    against: str,
    replies: int,
    seconds: int,
    runs: int,
    name: str | None,
    folder: Path | None,
) -> None:
    """Measure the product on this machine, and print tables of rates and ratios."""
    everything = Amount(posts=max(100, replies // REPLIES_PER_POST), replies=replies)
    plan = Plan(
        scenarios=_chosen(only),
        kinds=tuple(NAMES) if database == "both" else (database,),
        ceiling=against != "nothing",
        isso=against == "all",
        amounts={Stage.USUAL: everything, Stage.UNCACHED: everything, Stage.FEW: FEW},
        seconds=seconds,
        runs=runs,
        folder=folder or disk(),
    )
    day = datetime.now(UTC).date()
    written = report(plan, measure(plan), day)
    click.echo(written)
    if name:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / f"{day.isoformat()}-{name}.md").write_text(written)


def _chosen(only: str) -> list[Scenario]:
    """Scenarios by name, with those that they are compared with."""
    known = {scenario.name: scenario for scenario in SCENARIOS}
    names = set(only.split(",")) if only else set(known)
    if unknown := names - set(known):
        raise click.BadParameter(f"There is no {', '.join(sorted(unknown))}.", param_hint="--only")
    while more := {known[name].against or name for name in names} - names:
        names |= more
    return [scenario for scenario in SCENARIOS if scenario.name in names]


if __name__ == "__main__":
    main()
