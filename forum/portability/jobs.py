"""Finishing what a member has begun who has left."""

import time
from functools import partial

from forum.core.db import db, reading_first, writing
from forum.core.work import does
from forum.portability import commands
from forum.portability.models import Erasure

FOR_SECONDS = 20
"""Then somebody else goes on, before the lease is over."""
PAUSE_SECONDS = 0.005
"""Between transactions: who else waits for the database comes first."""


@does(Erasure, at_once=1)
def finish(erasure_id: int) -> None:
    """Do what is left, or as much of it as there is time for."""
    with reading_first():
        erasure = db.session().get_one(Erasure, erasure_id)
        left = [*commands.steps(db.session(), erasure)]
    go_on = partial(commands.go_on_later, erasure_id)
    stop_at = time.monotonic() + FOR_SECONDS
    for step in left:
        is_late = time.monotonic() > stop_at
        with writing():
            (go_on if is_late else step)(db.session())
            db.session.commit()
        if is_late:
            break
        time.sleep(PAUSE_SECONDS)
