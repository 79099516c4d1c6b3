"""`python -m benchmarks.serve_ceiling PORT` serves the ceiling under the product's settings.

In the environment: `ANSWERS`, a folder of answers by name, and `DATABASE_URL`.
"""

import os
import sys
from pathlib import Path

from flask import Flask

from benchmarks.bare_writes import BareWrites
from benchmarks.ceiling import create_ceiling
from benchmarks.http import HOST
from benchmarks.servers import WORKERS
from forum.cli.server import serve


def create_app() -> Flask:
    """The ceiling as the environment has it."""
    return create_ceiling(Path(os.environ["ANSWERS"]), BareWrites(os.environ["DATABASE_URL"]))


if __name__ == "__main__":
    serve(HOST, int(sys.argv[1]), WORKERS, make_app="benchmarks.serve_ceiling:create_app")
