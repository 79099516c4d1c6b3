"""Strings from outside are made safe to store, or refused."""

import re
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.text import (
    LINE_PATTERN,
    TEXT_PATTERN,
    clean_line,
    clean_text,
    is_blank,
    without_invisible,
)

any_text = st.text(st.characters())
any_text_with_surrogates = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    "char", ["\0", "\x08", "\x0b", "\x1b", "\x7f", "\x85", "\ud800", "\ufdd0", "\uffff"]
)
def test_what_no_text_needs_is_refused(char: str) -> None:
    with pytest.raises(ValueError, match=f"U\\+{ord(char):04X} is not allowed"):
        clean_text(f"a{char}b")


def test_the_last_noncharacter_of_the_last_plane_is_refused() -> None:
    with pytest.raises(ValueError, match=r"U\+10FFFF"):
        clean_text("\U0010ffff")


def test_text_keeps_its_lines_tabs_and_outer_whitespace() -> None:
    assert clean_text("  a\tb\r\n\n  c\n") == "  a\tb\r\n\n  c\n"


def test_text_keeps_the_joiners_of_emoji_and_scripts() -> None:
    assert clean_text("👩‍💻 می‌خواهم") == "👩‍💻 می‌خواهم"


def test_a_letter_and_its_accent_are_composed() -> None:
    assert clean_text("e\u0301") == "\xe9"


def test_a_letter_may_carry_thirty_marks() -> None:
    assert clean_text("a" + "\u0316" * 30)


def test_a_letter_with_more_marks_is_refused_because_composing_them_is_slow() -> None:
    with pytest.raises(ValueError, match="30 marks"):
        clean_text("a" + "\u0316\u0301" * 50_000)


@pytest.mark.parametrize("char", ["\t", "\n", "\r", "\u2028", "\u2029"])
def test_a_line_has_no_line_breaks_or_tabs(char: str) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        clean_line(f"a{char}b")


@pytest.mark.parametrize("char", ["\u061c", "\u200e", "\u200f", "\u202a", "\u202e", "\u2069"])
def test_a_line_does_not_change_the_direction_of_writing(char: str) -> None:
    with pytest.raises(ValueError, match="not allowed"):
        clean_line(f"a{char}b")


def test_a_line_is_composed_too() -> None:
    assert clean_line("Zoe\u0308") == "Zo\xeb"


@pytest.mark.parametrize("clean", [clean_text, clean_line])
@given(value=any_text_with_surrogates)
def test_any_string_is_refused_or_comes_back_clean(clean: type[str], value: str) -> None:
    try:
        cleaned = clean(value)
    except ValueError:
        return
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize("value", ["", " ", "\n\t ", "\u200b", "\u00ad\ufeff", "\u3164", "\u2800"])
def test_what_shows_nothing_is_blank(value: str) -> None:
    assert is_blank(value)


@pytest.mark.parametrize("value", ["a", " .", "\u200ba", "👩‍💻", "\u0301"])
def test_what_shows_anything_is_not_blank(value: str) -> None:
    assert not is_blank(value)


@given(any_text, any_text)
def test_invisible_characters_leave_nothing_behind(before: str, after: str) -> None:
    shown = without_invisible(before + after)
    assert without_invisible(f"{before}\u200b\ufe0f\u2060{after}") == shown


@pytest.mark.parametrize(
    ("pattern", "clean"), [(TEXT_PATTERN, clean_text), (LINE_PATTERN, clean_line)]
)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
def test_the_published_patterns_match_what_is_accepted(
    pattern: str, clean: Callable[[str], str], text: str
) -> None:
    assert (re.fullmatch(pattern, text) is not None) == is_accepted(clean, text)


def is_accepted(clean: Callable[[str], str], text: str) -> bool:
    try:
        return not is_blank(clean(text))
    except ValueError:
        return False
