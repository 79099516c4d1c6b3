"""The threads that carry out work: of each kind so many, so that none keeps another waiting."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

from flask import Flask

from forum.core.work import Claim, Kind, carry_out, kind_of


class Hands:
    """Threads by kind of work, started when needed; `free` is set whenever one has finished."""

    def __init__(self, app: Flask, free: Event) -> None:
        self._app = app
        self._free = free
        self._threads: dict[Kind, ThreadPoolExecutor] = {}
        self._busy: Counter[Kind] = Counter()
        self._lock = Lock()

    def room(self, kind: Kind) -> int:
        """How many more calls of this kind could begin at once."""
        return max(0, kind.at_once - self._busy[kind])

    def take(self, claimed: Claim) -> None:
        """Carry it out soon."""
        kind = kind_of(claimed)
        with self._lock:
            self._busy[kind] += 1
            threads = self._threads.setdefault(kind, ThreadPoolExecutor(kind.at_once))
        threads.submit(self._carry_out, kind, claimed)

    def rest(self) -> None:
        """Begin nothing more, and wait for what has begun."""
        for threads in self._threads.values():
            threads.shutdown(cancel_futures=True)

    def _carry_out(self, kind: Kind, claimed: Claim) -> None:
        try:
            with self._app.app_context():
                carry_out(claimed)
        except Exception:
            self._app.logger.exception("%s %s failed", claimed.table, claimed.ids)
        finally:
            with self._lock:
                self._busy[kind] -= 1
            self._free.set()
