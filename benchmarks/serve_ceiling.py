"""`python -m benchmarks.serve_ceiling PORT` serves the ceiling under the product's settings.

In the environment: `ANSWERS`, a folder of answers by name, and `DATABASE_URL`.
"""

import os
import sys
from contextlib import nullcontext
from pathlib import Path

from benchmarks.bare_writes import BareWrites
from benchmarks.ceiling import create_ceiling
from benchmarks.http import HOST
from benchmarks.servers import WORKERS
from forum.cli.server import serve

if __name__ == "__main__":
    ceiling = create_ceiling(Path(os.environ["ANSWERS"]), BareWrites(os.environ["DATABASE_URL"]))
    serve(ceiling, HOST, int(sys.argv[1]), WORKERS, nullcontext())
