"""`flask recount`: compare every stored number with the rows it counts, and repair."""

from collections.abc import Iterator

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from forum.cli.database import on_the_database
from forum.core import outbox
from forum.core.db import db, keep_writers_out, read_one_moment, writing
from forum.core.recount import Difference, Recounted, repair
from forum.paths import recount as paths
from forum.replies import recount as replies
from forum.replies.models import Reply
from forum.threads.models import Thread
from forum.votes import recount as votes

STEPS = (votes.differences, paths.differences, replies.differences)
"""In this order, because what comes later is counted from what was repaired before."""


@click.command("recount")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 if anything differs.")
@with_appcontext
@on_the_database
def recount(check: bool) -> None:
    """Compare stored counts, ranks, paths and balances with the rows; repair what differs."""
    found = _check() if check else _repair()
    if check and found:
        raise SystemExit(1)
    click.echo("Everything agrees." if not found else f"{found} differences repaired.")


def _check() -> int:
    read_one_moment(db.session())
    return sum(1 for _ in _told(db.session(), repairing=False))


def _repair() -> int:
    with writing():
        keep_writers_out(db.session(), Thread, Reply)
        found = sum(1 for _ in _told(db.session(), repairing=True))
        outbox.record(db.session(), Recounted(differences=found))
        db.session.commit()
    return found


def _told(session: Session, repairing: bool) -> Iterator[Difference]:
    for step in STEPS:
        for difference in list(step(session)):
            click.echo(str(difference))
            if repairing:
                repair(session, difference)
            yield difference
