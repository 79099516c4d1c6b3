"""Texts as rules see them: without what only looks different, and where each part of them stands.

What is found in a folded text is masked where it was written, so every character of it knows its
origin.
"""

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from forum.accounts.names import skeleton
from forum.core.text import without_invisible

Span = tuple[int, int]
"""Where something begins in a text, and where it is over."""

_ACCENTS = range(0x300, 0x370)


_MOST_KEPT = 10_000
"""Characters of which is known what becomes of them: more than anybody writes with."""

Fold = Callable[[str], str]
"""What becomes of a character."""


@lru_cache(_MOST_KEPT)
def _plain(char: str) -> str:
    """In compatibility form (NFKC), without what shows nothing."""
    return without_invisible(unicodedata.normalize("NFKC", char))


@lru_cache(_MOST_KEPT)
def _looks(char: str) -> str:
    """As the eye sees it (UTS #39), without regard to case and accents; any space is one."""
    if char.isspace():
        return " "
    return "".join(c for c in skeleton(char) if ord(c) not in _ACCENTS)


@dataclass(frozen=True)
class Folded:
    """A folded text, and for each of its characters the index of the one it comes from."""

    text: str
    origins: tuple[int, ...]

    def origin(self, start: int, end: int) -> Span:
        """Where a part of it, which is not empty, was written."""
        return self.origins[start], self.origins[end - 1] + 1


@dataclass(frozen=True)
class Written:
    """A text as it was written."""

    text: str

    @cached_property
    def plain(self) -> Folded:
        """In compatibility form, for patterns; one space for many."""
        return _folded(_plain, self.text)

    @cached_property
    def looks(self) -> Folded:
        """As the eye sees it, for words and phrases; one space for many."""
        return _folded(_looks, self.text)


def look(text: str) -> str:
    """What `Written.looks` makes of a text."""
    return " ".join("".join(map(_looks, text)).split())


def _folded(fold: Fold, text: str) -> Folded:
    pairs = [*_pairs(fold, text)]
    return Folded("".join(char for char, _ in pairs), tuple(at for _, at in pairs))


def _pairs(fold: Fold, text: str) -> Iterator[tuple[str, int]]:
    before = ""
    for at, char in enumerate(text):
        for part in fold(char):
            if not before == part == " ":
                yield part, at
            before = part
