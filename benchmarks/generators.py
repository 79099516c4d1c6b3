"""Load, bounded in connections and time: `wrk` where it is installed, otherwise asyncio."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles
from tempfile import NamedTemporaryFile

import orjson

from benchmarks.figures import Figures
from benchmarks.http import HOST, Request

CLIENTS = 16
ANSWER_WITHIN_SECONDS = 10
WRK = shutil.which("wrk")
SCRIPT = Path(__file__).with_name("wrk.lua")


def generator_name() -> str:
    """What sends the load on this machine."""
    if WRK is None:
        return "asyncio"
    told = subprocess.run([WRK, "--version"], capture_output=True, text=True, check=False)
    return " ".join(told.stdout.split()[:2])


def apply(
    port: int, requests: Sequence[Request], seconds: int, skip: int = 0, clients: int = CLIENTS
) -> Figures:
    """Send the requests in turn, from number `skip` on, over so many connections for so long."""
    raw = [request.raw(port) for request in requests]
    if WRK is None:
        return asyncio.run(apply_with_asyncio(port, raw, seconds, skip, clients))
    return _with_wrk(WRK, port, raw, seconds, skip, clients)


def _with_wrk(
    wrk: str, port: int, requests: Sequence[bytes], seconds: int, skip: int, clients: int
) -> Figures:
    with NamedTemporaryFile(prefix="requests-") as file:
        file.writelines(b"%d\n%b" % (len(request), request) for request in requests)
        file.flush()
        command = [wrk, "--threads", "1", "--connections", str(clients)]
        command += ["--duration", f"{seconds}s", "--timeout", f"{ANSWER_WITHIN_SECONDS}s"]
        command += ["--script", str(SCRIPT), f"http://{HOST}:{port}/", "--", file.name, str(skip)]
        told = subprocess.run(
            command, capture_output=True, text=True, check=True, timeout=seconds + 60
        )
    return figures_of_wrk(told.stdout)


def figures_of_wrk(told: str) -> Figures:
    """What the script prints in the end."""
    found = orjson.loads(told.rpartition("figures ")[2])
    return Figures(
        rate=(found["requests"] - found["failures"]) / found["microseconds"] * 1e6,
        p50=found["p50"] / 1e3,
        p99=found["p99"] / 1e3,
        requests=found["requests"],
        failures=found["failures"],
    )


@dataclass
class _Tally:
    milliseconds: list[float] = field(default_factory=list)
    failures: int = 0


async def apply_with_asyncio(
    port: int, requests: Sequence[bytes], seconds: float, skip: int, clients: int = CLIENTS
) -> Figures:
    """What `apply` does where there is no wrk: slower itself, so that it flatters nobody."""
    numbers, tally, begin = count(skip), _Tally(), time.perf_counter()

    async def client() -> None:
        reader, writer = await asyncio.open_connection(HOST, port)
        while time.perf_counter() < begin + seconds:
            sent = time.perf_counter()
            writer.write(requests[next(numbers) % len(requests)])
            async with asyncio.timeout(ANSWER_WITHIN_SECONDS):
                status, keeps_open = await _read_answer(reader)
            tally.milliseconds.append((time.perf_counter() - sent) * 1e3)
            tally.failures += status >= 400
            if not keeps_open:
                writer.close()
                reader, writer = await asyncio.open_connection(HOST, port)
        writer.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return _figures(tally, time.perf_counter() - begin)


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    """The status, and whether the connection can be used again; reads an answer to its end."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    headers = dict(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])
    status = int(head.split(" ", 2)[1])
    if status not in {204, 304}:
        await reader.readexactly(int(headers["content-length"]))
    return status, headers.get("connection") != "close"


def _figures(tally: _Tally, seconds: float) -> Figures:
    cuts = quantiles(tally.milliseconds, n=100, method="inclusive")
    number = len(tally.milliseconds)
    return Figures((number - tally.failures) / seconds, cuts[49], cuts[98], number, tally.failures)
