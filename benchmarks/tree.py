"""Who answers whom in a made-up community: the shape of all threads, before a row is written.

The shape is kept in arrays, 26 bytes a reply, so that ten million replies fit into 300 MB.
"""

from array import array
from bisect import bisect
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from forum.replies.tree_key import child_key

HUGE_THREAD = 1
SPREAD_EVENLY = 0.5
"""The share of the replies that every thread gets alike; the rest follows Zipf's law."""
TOP_LEVEL, TO_THE_FIRST, TO_THE_DEEPEST = 0.45, 0.08, 0.05
"""The shares of the replies that answer the thread itself, its first reply, and its deepest one."""
ONE_STEP_BACK = 0.5
"""How often who answers something recent passes over the newest reply, and again."""
DELETED = 0.01


@dataclass(frozen=True)
class Size:
    """How many of each there are; `huge` of the replies are in the first thread."""

    posts: int
    threads: int
    replies: int
    members: int
    huge: int


class Tree:
    """Parallel arrays by reply id, which begins with 1; 0 stands for no reply."""

    def __init__(self, size: Size, max_nesting: int, random: Random) -> None:
        def numbers() -> "array[int]":
            return array("i", bytes(4 * (size.replies + 1)))

        self.thread, self.answered, self.parent = numbers(), numbers(), numbers()
        self.descendants, self.children = numbers(), numbers()
        self.depth = bytearray(size.replies + 1)
        self.deleted = bytearray(size.replies + 1)
        self._grow(size, max_nesting, random)
        self._count()

    def key(self, reply: int) -> bytes:
        """The tree key of a reply."""
        above = self.parent[reply]
        return child_key(self.key(above) if above else b"", reply)

    def _grow(self, size: Size, max_nesting: int, random: Random) -> None:
        threads = _Threads(size, random)
        for reply in range(1, size.replies + 1):
            thread = threads.draw(reply)
            answered = threads.draw_answered(thread)
            self.thread[reply] = thread
            self.answered[reply] = answered
            if answered:
                at_last_level = self.depth[answered] + 1 >= max_nesting
                self.parent[reply] = self.parent[answered] if at_last_level else answered
                self.depth[reply] = self.depth[answered] + (not at_last_level)
            self.deleted[reply] = random.random() < DELETED
            threads.add(thread, reply, self.depth)

    def _count(self) -> None:
        """Count below each reply what is visible; children come after their parents."""
        for reply in range(len(self.thread) - 1, 0, -1):
            above = self.parent[reply]
            if above:
                visible = not self.deleted[reply]
                self.descendants[above] += self.descendants[reply] + visible
                self.children[above] += visible or self.descendants[reply] > 0


class _Threads:
    """What has been said in each thread so far, as far as the next reply depends on it."""

    def __init__(self, size: Size, random: Random) -> None:
        self._size, self._random = size, random
        self._first, self._last, self._deepest = ([0] * (size.threads + 1) for _ in range(3))
        self._before = array("i", bytes(4 * (size.replies + 1)))
        self._others = size.threads - 1
        self._zipf = list(accumulate(1 / rank for rank in range(1, self._others + 1)))

    def draw(self, reply: int) -> int:
        """The thread of the next reply."""
        size = self._size
        if reply * size.huge // size.replies > (reply - 1) * size.huge // size.replies:
            return HUGE_THREAD
        if self._random.random() < SPREAD_EVENLY:
            return HUGE_THREAD + 1 + reply % self._others
        return HUGE_THREAD + 1 + bisect(self._zipf, self._random.random() * self._zipf[-1])

    def draw_answered(self, thread: int) -> int:
        """The reply that the next one in the thread answers, or 0 for the thread itself."""
        draw = self._random.random() - TOP_LEVEL
        if draw < 0:
            return 0
        if draw < TO_THE_FIRST:
            return self._first[thread]
        if draw < TO_THE_FIRST + TO_THE_DEEPEST:
            return self._deepest[thread]
        recent = self._last[thread]
        while self._random.random() < ONE_STEP_BACK and self._before[recent]:
            recent = self._before[recent]
        return recent

    def add(self, thread: int, reply: int, depth: bytearray) -> None:
        """A reply has been written."""
        self._before[reply], self._last[thread] = self._last[thread], reply
        self._first[thread] = self._first[thread] or reply
        if depth[reply] >= depth[self._deepest[thread]]:
            self._deepest[thread] = reply
