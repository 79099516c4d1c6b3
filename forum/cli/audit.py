"""`flask audit`: whether the log of what moderators did is intact."""

import click
from flask.cli import AppGroup

from forum.cli.database import on_the_database
from forum.core.audit_verification import Fault
from forum.core.audit_verification import verify as follow
from forum.core.db import db

audit = AppGroup("audit", help="The log of what moderators did.")

TOLD_EVERY = 100_000
SAID = {
    "changed": "is not what was written",
    "missing": "is missing",
    "misplaced": "does not follow the one before: something was dropped, inserted or reordered",
    "inserted": "was never part of the chain",
}


@audit.command("verify")
@on_the_database
def verify() -> None:
    """Compute every hash of the chain again; exits 1 and says where the first fault is."""
    told = _Told()
    found = follow(db.session(), progress=told.add)
    if found.fault:
        raise click.ClickException(_said(found.fault))
    click.echo(f"{found.position} entries are as they were written. The last hash: {found.hash}")


class _Told:
    """Says now and then how far it is."""

    def __init__(self) -> None:
        self._entries = 0

    def add(self, entries: int) -> None:
        before, self._entries = self._entries, self._entries + entries
        if self._entries // TOLD_EVERY > before // TOLD_EVERY:
            click.echo(f"{self._entries} entries …", err=True)


def _said(fault: Fault) -> str:
    which = [
        *([f"position {fault.position}"] if fault.position is not None else []),
        *([f"entry {fault.entry_id}"] if fault.entry_id is not None else []),
    ]
    return f"The log is not intact: {', '.join(which)} {SAID[fault.kind]}."
