"""Usernames: how they are written, which look alike, and which nobody may take."""

import re
import unicodedata
from functools import cache
from importlib import resources

import orjson

from forum.core.text import without_invisible

USERNAME_PATTERN = "^[A-Za-z0-9][A-Za-z0-9._-]{0,30}[A-Za-z0-9]$"
"""2 to 32 ASCII letters and digits, with dots, hyphens and underscores inside; for JSON Schema.

In Python it is for `re.fullmatch`, for `$` also stands before a final newline.
"""

_DECORATION = re.compile(r"[\W_]")
_PASSES = 4
"""Every character of Unicode settles in three."""


def skeleton(name: str) -> str:
    """What names that look alike have in common (UTS #39, section 4), without regard to case.

    For any string. Case makes `I` and `i` one letter and the eye `I`, `l` and `1`, hence all four
    are one; likewise `0` and `o`, `rn` and `m`.
    """
    for _ in range(_PASSES):
        alike = without_invisible(name).translate(_prototypes())
        name = unicodedata.normalize("NFKD", alike).casefold()
    return " ".join(name.split())


def bare_skeleton(name: str) -> str:
    """The letters and digits of the skeleton: what a name says that is spaced out or decorated."""
    return _DECORATION.sub("", skeleton(name))


def is_reserved(name: str) -> bool:
    """Whether the name could pose as the staff or the system, or be taken for a part of the site.

    Case, separators, decoration and look-alikes make no difference.
    """
    return bare_skeleton(name) in _reserved()


@cache
def _prototypes() -> dict[int, str]:
    """The table of UTS #39 from a character to its prototype.

    The library lists under each character all that look like it: under a prototype many, under
    the others only the prototype. In a pair it does not say which is which; UTS #39 prefers
    the sequence (`rn` to `m`), and the smaller code point serves for the rest. Only its data file
    is read, for importing it would keep 8 MB of what is looked at once.
    """
    listed = orjson.loads(
        (resources.files("confusable_homoglyphs") / "confusables.json").read_bytes()
    )
    twins = {_bare(glyph): [_bare(twin["c"]) for twin in found] for glyph, found in listed.items()}

    def rank(glyph: str) -> tuple[int, int, str]:
        return -len(twins[glyph]), -len(glyph), glyph

    pairs = ((glyph, found[0]) for glyph, found in twins.items() if len(glyph) == 1)
    table = {ord(glyph): twin for glyph, twin in pairs if rank(twin) < rank(glyph)}
    return table | {ord("i"): "l"}


def _bare(glyph: str) -> str:
    """The library wraps what is written from right to left in marks."""
    return glyph.strip("\u200e")


@cache
def _reserved() -> frozenset[str]:
    lines = (resources.files("forum.accounts") / "reserved_usernames.txt").read_text("utf-8")
    words = (word for line in lines.splitlines() for word in line.partition("#")[0].split())
    return frozenset(map(bare_skeleton, words))
