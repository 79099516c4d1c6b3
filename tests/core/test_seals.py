"""What was sealed is known only to who holds the key, and good for one purpose only."""

from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.core.seals import BrokenSeal, seal, unseal

SEALED = seal("key", "unsubscribe", [7, "thread:3"])


def test_what_was_sealed_is_read_again() -> None:
    assert unseal("key", "unsubscribe", SEALED) == [7, "thread:3"]


def test_what_was_sealed_twice_is_the_same() -> None:
    assert seal("key", "unsubscribe", [7, "thread:3"]) == SEALED


def test_a_seal_shows_nothing() -> None:
    assert b"thread" not in urlsafe_b64decode(SEALED + "=" * (-len(SEALED) % 4))


@pytest.mark.parametrize(("key", "purpose"), [("key", "confirm"), ("another", "unsubscribe")])
def test_a_seal_is_good_for_one_purpose_and_key(key: str, purpose: str) -> None:
    with pytest.raises(BrokenSeal):
        unseal(key, purpose, SEALED)


@given(st.one_of(st.text(), st.sampled_from([SEALED[:-1], SEALED + "=", SEALED + " ", "A" * 40])))
def test_what_was_not_sealed_is_refused(text: str) -> None:
    with pytest.raises(BrokenSeal):
        unseal("key", "unsubscribe", text)
