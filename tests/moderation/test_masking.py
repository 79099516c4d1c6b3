"""Masking and judging hold for whatever is written, and in whatever order rules stand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from types import SimpleNamespace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from forum.core.markdown import render
from forum.moderation.premoderation.models import Policy
from forum.moderation.rules.errors import TextRefused
from forum.moderation.rules.folding import Written, look
from forum.moderation.rules.matching import Draft, Watcher, ready
from forum.moderation.screening.judging import Verdict, judge, masked
from forum.moderation.screening.writers import Writer

NOW = datetime(2026, 11, 1, tzinfo=UTC)
WRITER = Writer(1, NOW - timedelta(days=100), is_confirmed=True, texts=0, approved=0)
WORDS = ("casino", "poker", "ｃａｓｉｎｏ", "PÓKER", "tea", "**", "\n", "cas", "ino", "&#99;")

texts = st.lists(st.sampled_from(WORDS)).map(" ".join) | st.text(max_size=60)
actions = st.sampled_from(["flag", "hold", "mask", "block"])


class Nobody:
    """Around whom nothing was written."""

    def written_since(self, moment: datetime, most: int) -> int:
        return 0

    def is_repeated(self, looks: str, moment: datetime) -> bool:
        return False


def draft(body: str) -> Draft:
    return Draft(None, body, render(body or "-"), 1, False, WRITER.since, NOW, Nobody())


def watcher(number: int, value: str, action: str, kind: str = "word") -> Watcher:
    rule = SimpleNamespace(
        id=number,
        kind=kind,
        value=value,
        number=None,
        minutes=None,
        action=action,
        audience="everybody",
        post_id=None,
    )
    return ready(rule)


def verdict(body: str, watchers: Sequence[Watcher]) -> Verdict | None:
    """None for what is refused."""
    try:
        return judge(draft(body), watchers, Policy(), WRITER, None)
    except TextRefused:
        return None


def test_a_text_is_rendered_once_unless_it_is_masked() -> None:
    watchers = [watcher(1, "casino", "mask"), watcher(2, "tea", "flag")]
    found = [verdict(body, watchers) for body in ("*tea*", "*casino*")]
    assert [each and each.html for each in found] == ["<p><em>tea</em></p>\n", None]


@given(texts, st.lists(st.tuples(st.sampled_from(["casino", "poker"]), actions)), st.randoms())
def test_the_order_of_rules_makes_no_difference(
    body: str, described: list[tuple[str, str]], random: Random
) -> None:
    watchers = [watcher(number, *each) for number, each in enumerate(described)]
    shuffled = random.sample(watchers, len(watchers))
    one, other = verdict(body, watchers), verdict(body, shuffled)
    assert (one is None) == (other is None)
    if one and other:
        assert (one.body, one.is_held, one.kind) == (other.body, other.is_held, other.kind)
        assert sorted(map(repr, one.reasons)) == sorted(map(repr, other.reasons))


@given(texts)
def test_what_is_masked_and_visible_is_not_found_again(body: str) -> None:
    found = verdict(body, [watcher(1, "casino", "mask")])
    assert found is not None
    assume(not found.is_held)
    assert draft(found.body).parts[1].looks.text.split().count(look("casino")) == 0


@given(st.text(max_size=50), st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10))))
def test_masking_keeps_the_rest_as_it_is(text: str, parts: list[tuple[int, int]]) -> None:
    spans = [(start, min(start + size, len(text))) for start, size in parts if start < len(text)]
    covered = {at for start, end in spans for at in range(start, end)}
    kept = "".join(char for at, char in enumerate(text) if at not in covered)
    assert masked(text, spans, "") == kept


@given(st.text(max_size=80))
def test_what_is_folded_knows_its_origin(text: str) -> None:
    for folded in (Written(text).plain, Written(text).looks):
        assert len(folded.text) == len(folded.origins)
        assert list(folded.origins) == sorted(folded.origins)
        assert all(0 <= at < len(text) for at in folded.origins)


@pytest.mark.parametrize("pattern", ["(a*)*b", "(a.*z)|a", "(x+x+)+y", "(.*)(.*)(.*)(.*)[^a]"])
def test_a_pattern_takes_no_time_to_speak_of(pattern: str) -> None:
    before = datetime.now(UTC)
    watcher(1, pattern, "flag", kind="pattern").catches(draft("a" * 20_000))
    assert datetime.now(UTC) - before < timedelta(seconds=2)
