"""Brings work that is due to whoever is free to do it.

It looks a few times a second, by one indexed read, and at once when something was finished. It
takes no more than can begin: what waits, waits in the database, and the longest due comes first.
"""

from collections.abc import Callable
from threading import Event

from flask import Flask

from forum.core.db import db, reading_first, writing
from forum.core.work import Claim, Kind, claim, waiting_kinds

LOOK_EVERY_SECONDS = 0.25
AFTER_A_FAILURE_SECONDS = 5.0


class Relay:
    """Claims rows for as many calls as there is `room` for, and hands the claims on."""

    def __init__(
        self, app: Flask, room: Callable[[Kind], int], hand_on: Callable[[Claim], object]
    ) -> None:
        self._app = app
        self._room = room
        self._hand_on = hand_on

    def run(self, wake: Event, stopped: Event) -> None:
        """Look again and again until `stopped`, and sooner whenever `wake` is set."""
        while not stopped.is_set():
            wake.clear()
            try:
                self.look()
            except Exception:
                self._app.logger.exception("what is due is not known")
                stopped.wait(AFTER_A_FAILURE_SECONDS)
            wake.wait(LOOK_EVERY_SECONDS)

    def look(self) -> int:
        """Hand on what is due; gives the number of claims."""
        with self._app.app_context():
            claims = self._claims()
        for claimed in claims:
            self._hand_on(claimed)
        return len(claims)

    def _claims(self) -> list[Claim]:
        with reading_first():
            waiting = waiting_kinds(db.session())
        calls = {kind: self._room(kind) for kind in waiting}
        if not any(calls.values()):
            return []
        with writing():
            session = db.session()
            claims = [claimed for kind in waiting for claimed in claim(session, kind, calls[kind])]
            db.session.commit()
        return claims
