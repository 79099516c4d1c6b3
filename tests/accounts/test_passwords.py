"""Passwords: kept as hashes that are dear to try, and refused when they are easy to guess."""

from threading import Event, Thread

import pytest
from argon2 import extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts import passwords
from forum.accounts.passwords import hash_password, verify_password, weakness
from tests.cost import times_as_costly

PASSWORD = "correct horse battery staple"
HASH = hash_password(PASSWORD)
OWNER = ["Alice.Cooper", "alice.cooper@mail.example", "Alice"]


def test_the_right_password_is_recognised() -> None:
    assert verify_password(HASH, PASSWORD)


@pytest.mark.parametrize("password", ["", PASSWORD.upper(), f"{PASSWORD} ", "\ud800", "a\0b"])
def test_another_password_is_not(password: str) -> None:
    assert not verify_password(HASH, password)


def test_nobody_s_hash_takes_as_long_to_verify_as_a_member_s() -> None:
    assert extract_parameters(passwords._DUMMY_HASH) == extract_parameters(HASH)


@pytest.mark.parametrize("password", ["gr\xfc\xdfe aus k\xf6ln", "\0" * 10, "\ud800" * 10, ""])
def test_any_string_can_be_a_password(password: str) -> None:
    assert verify_password(hash_password(password), password)


def test_it_does_not_matter_how_a_keyboard_composes_letters() -> None:
    assert verify_password(hash_password("cafe\u0301 cre\u0300me"), "caf\xe9 cr\xe8me")


def test_two_hashes_of_a_password_differ() -> None:
    assert hash_password(PASSWORD) != HASH


def test_a_hash_names_the_recommended_parameters() -> None:
    assert HASH.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("password", [PASSWORD, "", "for unknown users"])
def test_nobody_has_no_password(password: str) -> None:
    assert not verify_password(None, password)


def test_an_unknown_user_takes_as_long_as_a_known_one() -> None:
    cost = times_as_costly(
        lambda: verify_password(None, "wrong"), lambda: verify_password(HASH, "wrong")
    )
    assert 1 / 2 < cost < 2


def test_a_third_hashing_waits_for_one_of_two() -> None:
    third, over = Thread(target=verify_password, args=(HASH, PASSWORD)), Event()
    for _ in range(2):
        passwords._HASHING.submit(over.wait)
    third.start()
    third.join(timeout=0.2)
    assert third.is_alive()
    over.set()
    third.join(timeout=10)
    assert not third.is_alive()


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "s3cret-Passw0rd-x",
        "hunter2-hunter2-hunter2",
        "Sup3r-Secret-Passw0rd!",
        "a-long-enough-password-1",
        "password-of-alice-42",
        "überraschend günstig",
        "x" * 5 + "kq7 vw2!" * 31,
    ],
)
def test_a_password_that_is_hard_to_guess_is_accepted(password: str) -> None:
    assert weakness(password, OWNER) is None


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "at least 10 characters"),
        ("x7#kQ2!mz", "at least 10 characters"),
        ("kq7 vw2!" * 33, "at most 256 characters"),
        ("alice.cooper", "part of your name"),
        ("ALICE.COOPER@mail.example", "part of your name"),
        ("mail.example", "part of your name"),
        ("basketball", "most common"),
        ("1Q2W3E4R5T", "most common"),
        (" basketball ", "most common"),
        ("aaaaaaaaaaaa", "easy to guess"),
        ("abcdefghijklm", "easy to guess"),
        ("passwordpassword", "easy to guess"),
        ("alicealicealice", "easy to guess"),
        ("          ", "easy to guess"),
    ],
)
def test_a_password_that_is_easy_to_guess_is_refused(password: str, reason: str) -> None:
    assert reason in (weakness(password, OWNER) or "accepted")


def test_nothing_need_be_known_about_the_owner() -> None:
    assert weakness(PASSWORD, []) is None


def test_judging_a_hostile_password_costs_no_more_than_some_hashings() -> None:
    hostile = "4@8({[<369!1|0$5+7%2" * 12
    cost = times_as_costly(lambda: weakness(hostile, OWNER), lambda: hash_password(PASSWORD))
    assert cost < 40


@given(st.text(st.characters(exclude_categories=()), max_size=300))
def test_any_string_is_judged(password: str) -> None:
    assert weakness(password, OWNER) != ""
