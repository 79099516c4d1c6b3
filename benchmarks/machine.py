"""What a run was measured on and with; nothing that names the machine or its owner."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path

from benchmarks.generators import generator_name

PACKAGES = ("Flask", "Granian", "SQLAlchemy", "psycopg", "orjson")


def machine() -> str:
    """Processor and system."""
    return f"{os.cpu_count()} x {_processor()}, {platform.system()} {platform.release()}"


def software(more: dict[str, str]) -> str:
    """What takes part, with versions."""
    packages = {name: version(name) for name in PACKAGES}
    used = {"Python": platform.python_version(), **packages, "SQLite": sqlite3.sqlite_version}
    named = ", ".join(f"{name} {number}" for name, number in {**used, **more}.items())
    return f"{named}; load by {generator_name()}"


def _processor() -> str:
    """Its model, where Linux tells it."""
    told = Path("/proc/cpuinfo")
    lines = told.read_text().splitlines() if told.exists() else []
    models = (line.partition(": ")[2] for line in lines if line.startswith("model name"))
    return next(models, platform.machine())
