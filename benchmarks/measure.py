"""Runs scenarios against the servers, one server after another."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from random import Random
from subprocess import CalledProcessError
from tempfile import TemporaryDirectory

import click

from benchmarks import generators
from benchmarks.bare_writes import THREADS, BareWrites
from benchmarks.databases import (
    NAMES,
    Amount,
    Postgresql,
    Sqlite,
    databases,
    only_run,
    settings_for,
    sqlite_path,
)
from benchmarks.facts import Facts, find_facts
from benchmarks.figures import Figures, median_of
from benchmarks.generators import CLIENTS
from benchmarks.http import Request
from benchmarks.isso import Isso
from benchmarks.prose import bodies
from benchmarks.results import CEILING, ISSO, Footprint, Results
from benchmarks.scenarios import NOT_MODIFIED, SCENARIOS, WRITE, Scenario, Stage
from benchmarks.servers import WORKERS, Program, Server, python, running

SETTLED_AFTER_SECONDS = 1
MOST_FAILURES = 0.01
SERVE = python("-m", "flask", "--app", "wsgi", "serve", "--port", "{port}", "--no-worker")
NO_PAGE_CACHE = {"FORUM_PAGE_CACHE_MEGABYTES": "0"}


@dataclass(frozen=True)
class Plan:
    """What to measure, for `runs` times so many `seconds`; `folder` keeps what is loaded."""

    scenarios: Sequence[Scenario]
    kinds: Sequence[str]
    ceiling: bool
    isso: bool
    amounts: dict[Stage, Amount]
    seconds: int
    runs: int
    folder: Path


def measure(plan: Plan) -> Results:
    """Do it; raises `click.ClickException` while another run uses the folder."""
    with only_run(plan.folder), TemporaryDirectory(dir=plan.folder) as own:
        bench = _Bench(plan, Path(own))
        for kind in plan.kinds:
            with databases(kind, plan.folder) as store:
                bench.measure_product(store)
                if plan.ceiling:
                    bench.measure_ceiling(store)
        if plan.isso:
            bench.measure_isso()
    return bench.results


class _Bench:
    def __init__(self, plan: Plan, own: Path) -> None:
        self._plan = plan
        self._own = own
        self._answers = own / "answers"
        self._answers.mkdir()
        self.results = Results()

    def measure_product(self, store: Sqlite | Postgresql) -> None:
        """All scenarios on one database, the product started anew for each stage."""
        for stage in Stage:
            scenarios = [s for s in self._plan.scenarios if s.stage is stage]
            if scenarios:
                with store.copy(self._plan.amounts[stage]) as url:
                    self._measure_stage(store.kind, stage, scenarios, url)

    def measure_ceiling(self, store: Sqlite | Postgresql) -> None:
        """The bare views: what reads is measured once, what writes on each kind of database."""
        wanted = sorted({s.ceiling for s in self._plan.scenarios if s.ceiling is not None})
        missing = [n for n in wanted if n == WRITE or (n, CEILING) not in self.results.ceilings]
        with store.empty() as url:
            BareWrites(url).create_tables()
            environment = {"ANSWERS": str(self._answers), "DATABASE_URL": url}
            command = python("-m", "benchmarks.serve_ceiling", "{port}")
            program = Program(command, environment, Request("GET", f"/{NOT_MODIFIED}"))
            with self._running(program, CEILING) as server:
                for name in missing:
                    key = (name, store.kind if name == WRITE else CEILING)
                    figures = self._apply(server, f"ceiling: {name}", _ceiling_requests(name))
                    self.results.ceilings[key] = figures

    def measure_isso(self) -> None:
        """What Isso can do of it, with replies of the same SQLite forum."""
        scenarios = [s for s in self._plan.scenarios if s.isso is not None]
        if not scenarios:
            return
        isso = Isso(self._plan.folder / "isso", self._own)
        try:
            self.results.versions["Isso"] = isso.install()
        except CalledProcessError as error:
            self._note(f"Isso cannot be installed here: {error}.")
            return
        amount = self._plan.amounts[Stage.USUAL]
        with Sqlite(self._plan.folder).copy(amount) as url:
            facts = find_facts(settings_for(url))
            with self._running(isso.program(), ISSO) as server:
                threads = isso.load(sqlite_path(url), facts.threads)
                self._measure_isso(server, scenarios, _within(facts, threads))

    def _measure_stage(
        self, kind: str, stage: Stage, scenarios: Sequence[Scenario], url: str
    ) -> None:
        settings = settings_for(url)
        facts = find_facts(settings)
        uncached = {} if stage is Stage.USUAL else NO_PAGE_CACHE
        environment = {**settings, **uncached, "WEB_CONCURRENCY": str(WORKERS)}
        program = Program(SERVE, environment, Request("GET", "/api/v1/posts?limit=1"))
        with self._running(program, NAMES[kind] if stage is Stage.USUAL else None) as server:
            for scenario in scenarios:
                self._keep_answer(server, facts, scenario)
            for scenario in scenarios:
                requests = scenario.work(facts, server.fetch)
                title = f"{NAMES[kind]}: {scenario.title}"
                figures = self._try(server, title, requests, scenario.clients, scenario.warm_up)
                if figures is not None:
                    self.results.product[scenario.name, kind] = figures

    def _measure_isso(self, server: Server, scenarios: Sequence[Scenario], facts: Facts) -> None:
        for scenario in scenarios:
            if scenario.isso is not None:
                requests = scenario.isso(facts, server.fetch)
                figures = self._try(server, f"Isso: {scenario.title}", requests)
                if figures is not None:
                    self.results.isso[scenario.name] = figures

    def _keep_answer(self, server: Server, facts: Facts, scenario: Scenario) -> None:
        """Store the bytes that the ceiling of a scenario has to return."""
        source = next((s for s in SCENARIOS if s.name == scenario.ceiling), None)
        if source is not None:
            answer = server.fetch(source.work(facts, server.fetch)[0])
            (self._answers / source.name).write_bytes(answer.body)

    def _try(
        self,
        server: Server,
        title: str,
        requests: Sequence[Request],
        clients: int = CLIENTS,
        warm_up: int = 1,
    ) -> Figures | None:
        answer = server.fetch(requests[0])
        if answer.status >= 400:
            self._note(f"{title}: not measured, the answer is {answer.status}.")
            return None
        return self._apply(server, title, requests, clients, warm_up)

    def _apply(
        self,
        server: Server,
        title: str,
        requests: Sequence[Request],
        clients: int = CLIENTS,
        warm_up: int = 1,
    ) -> Figures:
        """Medians of the runs; every run goes on in the list where the one before ended."""
        runs: list[Figures] = []
        sent = 1 + generators.apply(server.port, requests, warm_up, 1).requests
        for _ in range(self._plan.runs):
            taken = server.processor_seconds()
            run = generators.apply(server.port, requests, self._plan.seconds, sent, clients)
            taken = server.processor_seconds() - taken
            runs.append(replace(run, cpu=taken / max(run.requests, 1) * 1e3))
            sent += runs[-1].requests
        figures = median_of(runs)
        rate = f"{figures.rate:,.0f}/s, p99 {figures.p99:,.1f} ms, processor {figures.cpu:.2f} ms"
        click.echo(f"{title}: {rate}", err=True)
        if figures.failures > MOST_FAILURES * figures.requests or not figures.requests:
            answered = f"{figures.requests:,} answers, {figures.failures:,} of them errors"
            self._note(f"{title}: {answered}.")
        return figures

    @contextmanager
    def _running(self, program: Program, who: str | None) -> Iterator[Server]:
        """Run a program; for `who`, note what it takes of the machine."""
        with running(program, self._own / "log") as server:
            time.sleep(SETTLED_AFTER_SECONDS)
            idle = server.memory()
            yield server
            if who is not None:
                footprint = Footprint(server.seconds_to_start, idle, server.memory())
                self.results.footprints.setdefault(who, footprint)

    def _note(self, note: str) -> None:
        click.echo(note, err=True)
        self.results.notes.append(note)


def _ceiling_requests(name: str) -> list[Request]:
    if name != WRITE:
        return [Request("GET", f"/{name}")]
    texts = cycle(body for body, _ in bodies(Random(2)))
    threads = Random(4).sample(range(1, THREADS + 1), THREADS)
    return [Request("POST", f"/write/{thread}", json={"body": next(texts)}) for thread in threads]


def _within(facts: Facts, threads: Sequence[int]) -> Facts:
    """What there is in these threads only."""
    kept = set(threads)
    replies = [(reply, thread) for reply, thread in facts.replies if thread in kept]
    return replace(facts, threads=list(threads), replies=replies)
