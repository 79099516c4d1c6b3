"""The worker of the tests: does what is due to its end, where the test waits for it."""

from contextvars import Context

from flask import Flask

from forum.core.work import Claim, carry_out
from forum.worker.relay import Relay


def work_off(app: Flask) -> None:
    """Tell everybody of what happened and do all that follows, until nothing is due any more."""
    Context().run(_work_off, app)


def _work_off(app: Flask) -> None:
    def do(claimed: Claim) -> None:
        with app.app_context():
            carry_out(claimed)

    relay = Relay(app, lambda kind: kind.at_once, do)
    while relay.look():
        pass
