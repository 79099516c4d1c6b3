"""Texts as rules see them: without what only looks different, and where each part of them stands.

What is found in a folded text is masked where it was written, so every character of it knows its
origin.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from forum.accounts.names import skeleton
from forum.core.text import without_invisible

Span = tuple[int, int]
"""Where something begins in a text, and where it is over."""

_ACCENTS = range(0x300, 0x370)


class _Folding(dict[int, str]):
    """What becomes of each character, found out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = self.fold(chr(code))
        return folded

    def fold(self, char: str) -> str:
        raise NotImplementedError


class _Plain(_Folding):
    """In compatibility form (NFKC), without what shows nothing."""

    def fold(self, char: str) -> str:
        return without_invisible(unicodedata.normalize("NFKC", char))


class _Looks(_Folding):
    """As the eye sees it (UTS #39), without regard to case and accents; any space is one."""

    def fold(self, char: str) -> str:
        if char.isspace():
            return " "
        return "".join(c for c in skeleton(char) if ord(c) not in _ACCENTS)


_PLAIN, _LOOKS = _Plain(), _Looks()


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
        return _folded(_PLAIN, self.text)

    @cached_property
    def looks(self) -> Folded:
        """As the eye sees it, for words and phrases; one space for many."""
        return _folded(_LOOKS, self.text)


def look(text: str) -> str:
    """What `Written.looks` makes of a text."""
    return " ".join(text.translate(_LOOKS).split())


def _folded(folding: _Folding, text: str) -> Folded:
    pairs = [*_pairs(folding, text)]
    return Folded("".join(char for char, _ in pairs), tuple(at for _, at in pairs))


def _pairs(folding: _Folding, text: str) -> Iterator[tuple[str, int]]:
    before = ""
    for at, char in enumerate(text):
        for part in folding[ord(char)]:
            if not before == part == " ":
                yield part, at
            before = part
