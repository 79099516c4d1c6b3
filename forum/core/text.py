"""Rules for strings from outside: what may be stored, printed and sent on without harm."""

import re
import unicodedata
from itertools import groupby

from email_validator import EmailNotValidError, validate_email

# Parts of character classes, written as both Python and JSON Schema (ECMA 262) read them.
_NONCHARACTERS = r"\ufdd0-\ufdef\ufffe\uffff" + "".join(
    chr(plane << 16 | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF)
)
_REFUSED = rf"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f{_NONCHARACTERS}"
_SURROGATES = r"\ud800-\udfff"
_BREAKS = r"\t\n\r\u2028\u2029"
_SPACES = r" \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_BIDI_CONTROLS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
# The rest of Unicode's Default_Ignorable_Code_Point, and the braille pattern without a dot.
_IGNORABLE = (
    r"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u2065\u206a-\u206f"
    r"\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)

_REFUSED_IN_TEXT = re.compile(f"[{_REFUSED}{_SURROGATES}]")
_REFUSED_IN_LINE = re.compile(f"[{_BREAKS}{_BIDI_CONTROLS}]")
_INVISIBLE = re.compile(f"[{_IGNORABLE}{_BIDI_CONTROLS}]")

SECRET_PATTERN = f"^[^{_REFUSED}]*$"
TEXT_PATTERN = (
    f"^[{_BREAKS}{_SPACES}{_IGNORABLE}{_BIDI_CONTROLS}]*"
    f"[^{_REFUSED}{_BREAKS}{_SPACES}{_IGNORABLE}{_BIDI_CONTROLS}][^{_REFUSED}]*$"
)
LINE_PATTERN = (
    f"^[{_SPACES}{_IGNORABLE}]*"
    f"[^{_REFUSED}{_BREAKS}{_SPACES}{_IGNORABLE}{_BIDI_CONTROLS}]"
    f"[^{_REFUSED}{_BREAKS}{_BIDI_CONTROLS}]*$"
)
"""For JSON Schema: what `clean_text` accepts; that and not blank; the same for `clean_line`.

Only heaps of marks are beyond a pattern; lone surrogates are beyond JSON that is well-formed.
"""

_MOST_MARKS = 30


def clean_text(value: str) -> str:
    """Text of several lines in normal form C, otherwise as it was written.

    Raises `ValueError` for NUL and other control characters, lone surrogates and noncharacters,
    and for a letter with more marks than the Stream-Safe Text Format of UAX #15 knows: composing
    a long run of them takes quadratic time.
    """
    _refuse(_REFUSED_IN_TEXT, value)
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


def clean_email(value: str) -> str:
    """An address that mail can be sent to, as RFC 5321 and 6531 have it; never looked up.

    Raises `ValueError` for what is none, and for what `clean_line` refuses.
    """
    try:
        return validate_email(clean_line(value), check_deliverability=False).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error


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
