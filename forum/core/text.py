"""Rules for strings from outside: what may be stored, printed and sent on without harm."""

import re
import unicodedata
from itertools import groupby

_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
_REFUSED = re.compile(f"[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff{_NONCHARACTERS}]")
_BREAKS = "\t\n\r\u2028\u2029"
_BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_REFUSED_IN_LINE = re.compile(f"[{_BREAKS}{_BIDI_CONTROLS}]")

# Unicode's Default_Ignorable_Code_Point, and the braille pattern without a dot.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_MOST_MARKS = 30


def clean_text(value: str) -> str:
    """Text of several lines in normal form C, otherwise as it was written.

    Raises `ValueError` for NUL and other control characters, lone surrogates and noncharacters,
    and for a letter with more marks than the Stream-Safe Text Format of UAX #15 knows: composing
    a long run of them takes quadratic time.
    """
    _refuse(_REFUSED, value)
    if not value.isascii() and _longest_run_of_marks(value) > _MOST_MARKS:
        raise ValueError(f"More than {_MOST_MARKS} marks on one letter are not allowed.")
    return unicodedata.normalize("NFC", value)


def clean_line(value: str) -> str:
    """Text of one line in normal form C.

    Raises `ValueError` for what `clean_text` refuses, and for anything that breaks a line or
    changes the direction of writing.
    """
    _refuse(_REFUSED_IN_LINE, value)
    return clean_text(value)


def is_blank(value: str) -> bool:
    """Whether a reader sees nothing: only whitespace and invisible characters."""
    return not without_invisible(value).strip()


def without_invisible(value: str) -> str:
    """The text without the characters that show nothing, such as a zero-width space."""
    return _INVISIBLE.sub("", value)


def _refuse(pattern: re.Pattern[str], value: str) -> None:
    if found := pattern.search(value):
        raise ValueError(f"The character U+{ord(found[0]):04X} is not allowed.")


def _longest_run_of_marks(value: str) -> int:
    runs = groupby(value, key=lambda char: unicodedata.combining(char) > 0)
    return max((sum(1 for _ in run) for marks, run in runs if marks), default=0)
