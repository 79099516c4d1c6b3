"""How the path of a reply follows from declaration, ballots and pin."""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.config import PathThresholds
from forum.paths.resolve import PinnedPath, Resolution, resolve

TECHNICAL, MANAGEMENT, NEITHER = "technical-path", "management-path", "neither"
VALUES = (TECHNICAL, MANAGEMENT, NEITHER)
LETTERS = dict(zip("TMN", VALUES, strict=True))

declarations = st.sampled_from([TECHNICAL, MANAGEMENT, None])
some_ballots = st.fixed_dictionaries(dict.fromkeys(VALUES, st.integers(0, 12)))
pins = st.none() | st.builds(PinnedPath, declarations)
percents = st.integers(0, 100)
some_thresholds = st.builds(
    PathThresholds,
    quorum=st.integers(1, 10),
    community=st.integers(51, 100),
    author=percents,
    bridge=percents,
    bridge_neither=percents,
)


def ballots(technical: int = 0, management: int = 0, neither: int = 0) -> dict[str, int]:
    return dict(zip(VALUES, (technical, management, neither), strict=True))


@pytest.mark.parametrize(
    ("declared", "cast", "path", "source", "marks"),
    [
        ("T", "", "T", "author", ""),
        ("T", "MM", "T", "author", ""),
        ("T", "MMM", "M", "community", ""),
        ("T", "MMMT", "M", "community", ""),
        ("T", "MMMTT", "T", "author", "contested bridge"),
        ("T", "MMMMMTTT", "T", "author", "contested bridge"),
        ("T", "NNN", "-", "community", ""),
        ("T", "MMNN", "-", "none", "contested"),
        ("-", "TT", "-", "none", ""),
        ("-", "TTT", "T", "community", ""),
        ("-", "TTTMM", "T", "community", ""),
        ("-", "TTTMMM", "-", "none", "contested bridge"),
        ("-", "MMMMTT", "M", "community", ""),
    ],
)
def test_declaration_and_ballots_decide_by_the_table(
    declared: str, cast: str, path: str, source: str, marks: str
) -> None:
    counts = {value: cast.count(letter) for letter, value in LETTERS.items()}
    assert resolve(LETTERS.get(declared), counts, None) == Resolution(
        LETTERS.get(path), source, "contested" in marks, "bridge" in marks
    )


@given(declared=declarations, cast=some_ballots, pinned=declarations)
def test_a_pin_decides_whatever_else_there_is(
    declared: str | None, cast: dict[str, int], pinned: str | None
) -> None:
    assert resolve(declared, cast, PinnedPath(pinned)) == Resolution(
        pinned, "moderator", contested=False, bridge=False
    )


def test_it_does_what_the_rules_say_for_every_small_number_of_ballots() -> None:
    for numbers in product(range(7), repeat=3):
        for declared in (TECHNICAL, MANAGEMENT, None):
            cast = ballots(*numbers)
            assert resolve(declared, cast, None) == by_the_rules(declared, cast), (declared, cast)


def by_the_rules(declared: str | None, cast: dict[str, int]) -> Resolution:
    """The rules word by word, with exact fractions."""
    everything = [value for value, number in cast.items() for _ in range(number)]
    voters = len(everything)
    everything += [declared] if declared else []
    n = len(everything)
    share = {value: Fraction(everything.count(value), n or 1) for value in VALUES}
    contested = voters >= 4 and max(share.values()) < Fraction(60, 100)
    bridge = (
        contested
        and voters >= 5
        and share[TECHNICAL] >= Fraction(35, 100)
        and share[MANAGEMENT] >= Fraction(35, 100)
        and share[NEITHER] <= Fraction(20, 100)
    )
    for value in VALUES:
        if cast[value] >= 3 and share[value] >= Fraction(60, 100):
            path = None if value == NEITHER else value
            return Resolution(path, "community", contested, bridge)
    if declared and (voters - cast[declared] < 3 or share[declared] >= Fraction(40, 100)):
        return Resolution(declared, "author", contested, bridge)
    return Resolution(None, "none", contested, bridge)


@given(declared=declarations, cast=some_ballots, pin=pins, at=some_thresholds)
def test_one_more_ballot_for_the_effective_path_never_moves_it_away(
    declared: str | None, cast: dict[str, int], pin: PinnedPath | None, at: PathThresholds
) -> None:
    path = resolve(declared, cast, pin, at).path
    one_more = {**cast, path or NEITHER: cast[path or NEITHER] + 1}
    assert resolve(declared, one_more, pin, at).path == path


@given(declared=declarations, cast=some_ballots, pin=pins, at=some_thresholds)
def test_the_two_paths_are_treated_alike(
    declared: str | None, cast: dict[str, int], pin: PinnedPath | None, at: PathThresholds
) -> None:
    swapped = {TECHNICAL: MANAGEMENT, MANAGEMENT: TECHNICAL}
    found = resolve(declared, cast, pin, at)
    mirrored = resolve(
        swapped.get(declared or ""),
        {swapped.get(value, value): number for value, number in cast.items()},
        PinnedPath(swapped.get(pin.path or "")) if pin else None,
        at,
    )
    assert mirrored == replace(found, path=swapped.get(found.path or ""))


@given(declared=declarations, cast=some_ballots, pin=pins, at=some_thresholds)
def test_a_bridge_is_contested_and_a_contested_reply_is_settled_by_nobody(
    declared: str | None, cast: dict[str, int], pin: PinnedPath | None, at: PathThresholds
) -> None:
    found = resolve(declared, cast, pin, at)
    assert found.contested or not found.bridge
    assert not (found.contested and found.source in {"community", "moderator"})


@given(declared=declarations, cast=some_ballots, missing=st.integers(1, 5))
def test_fewer_voters_than_the_quorum_change_nothing_about_a_declaration(
    declared: str | None, cast: dict[str, int], missing: int
) -> None:
    at = PathThresholds(quorum=sum(cast.values()) + missing)
    source = "author" if declared else "none"
    assert resolve(declared, cast, None, at) == Resolution(
        declared, source, contested=False, bridge=False
    )


@pytest.mark.parametrize(
    ("thresholds", "cast", "found"),
    [
        (PathThresholds(quorum=2), ballots(technical=2), (TECHNICAL, "community")),
        (PathThresholds(quorum=5), ballots(technical=4), (None, "none")),
        (PathThresholds(community=75), ballots(technical=3, management=2), (None, "none")),
        (PathThresholds(community=55), ballots(4, 3), (TECHNICAL, "community")),
    ],
)
def test_thresholds_decide_when_the_community_does(
    thresholds: PathThresholds, cast: dict[str, int], found: tuple[str | None, str]
) -> None:
    resolution = resolve(None, cast, None, thresholds)
    assert (resolution.path, resolution.source) == found


@pytest.mark.parametrize(("share", "path"), [(25, TECHNICAL), (26, None)])
def test_a_threshold_decides_how_long_a_declaration_holds(share: int, path: str | None) -> None:
    at = PathThresholds(author=share, community=80)
    assert resolve(TECHNICAL, ballots(management=3), None, at).path == path


@pytest.mark.parametrize(
    ("thresholds", "is_bridge"),
    [
        (PathThresholds(), False),
        (PathThresholds(bridge=30), True),
        (PathThresholds(bridge=30, bridge_neither=15), False),
    ],
)
def test_thresholds_decide_what_a_bridge_is(thresholds: PathThresholds, is_bridge: bool) -> None:
    cast = ballots(technical=5, management=3, neither=2)
    assert resolve(None, cast, None, thresholds).bridge == is_bridge
