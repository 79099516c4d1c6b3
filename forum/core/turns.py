"""Waiting in line: places are given to those who wait in the order in which they came.

The locks of the standard library let whoever comes at the right moment pass those who wait.
"""

from collections import deque
from threading import Lock


class Turns:
    """So many places, taken and given back; nobody is passed while they wait."""

    def __init__(self, places: int = 1) -> None:
        self._mutex = Lock()
        self._waiting: deque[Lock] = deque()
        self._free = places

    def take(self, seconds: float) -> bool:
        """Wait for a place for so long; whether there was one."""
        mine = Lock()
        with self._mutex:
            if self._free:
                self._free -= 1
                return True
            mine.acquire()
            self._waiting.append(mine)
        return mine.acquire(timeout=seconds) or not self._leave(mine)

    def give(self) -> None:
        """Give a place back."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._free += 1

    def _leave(self, mine: Lock) -> bool:
        with self._mutex:
            if mine not in self._waiting:  # the turn came at the last moment
                return False
            self._waiting.remove(mine)
            return True
