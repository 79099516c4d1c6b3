"""Usernames: their form, their look-alikes, and the names that are kept back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forum.accounts.names import USERNAME_PATTERN, is_reserved, skeleton

any_name = st.text(st.characters(exclude_categories=()), max_size=40)
usernames = st.from_regex(USERNAME_PATTERN.replace("$", r"\Z"))


@pytest.mark.parametrize("name", ["ab", "Ada", "a.b-c_d", "42", "a--b", "x" * 32])
def test_a_username_has_2_to_32_letters_and_digits(name: str) -> None:
    assert re.fullmatch(USERNAME_PATTERN, name)


@pytest.mark.parametrize(
    "name", ["", "a", "x" * 33, "-ab", "ab.", "_a", "a b", "a@b", "a/b", "\xe4rger", "аda", "ab\n"]
)
def test_a_username_has_nothing_else(name: str) -> None:
    assert not re.fullmatch(USERNAME_PATTERN, name)


@pytest.mark.parametrize(
    ("name", "twin"),
    [
        ("ada", "ADA"),
        ("user1", "userl"),
        ("user1", "userI"),
        ("user10", "user1O"),
        ("alice", "aIice"),
        ("alice", "a1ice"),
        ("Ida", "lda"),
        ("tom", "torn"),
        ("paul", "рaul"),
        ("ADAM", "АDАМ"),
        ("ada", "ａｄａ"),
        ("ada", "𝐚𝐝𝐚"),
        ("ada", "a\u200bd\u2060a"),
        ("zoe\u0308", "zo\xeb"),
        ("Ada Lovelace", " Ada\u2003 Lovelace"),
    ],
)
def test_names_that_look_alike_have_one_skeleton(name: str, twin: str) -> None:
    assert skeleton(name) == skeleton(twin)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("member1", "member2"),
        ("user5", "users"),
        ("user8", "userb"),
        ("ada", "adam"),
        ("anna", "arma"),
        ("a_b", "a.b"),
        ("ab", "a-b"),
        ("vvv", "vw"),
        ("zoe", "zo\xeb"),
        ("Ольга", "Олег"),
        ("", "a"),
    ],
)
def test_names_that_look_different_have_two(name: str, other: str) -> None:
    assert skeleton(name) != skeleton(other)


@given(any_name)
def test_any_string_has_a_skeleton_and_it_is_its_own(name: str) -> None:
    assert skeleton(skeleton(name)) == skeleton(name)


@given(usernames)
def test_case_makes_no_other_username(name: str) -> None:
    assert skeleton(name.upper()) == skeleton(name.lower()) == skeleton(name)


@given(usernames)
def test_a_skeleton_is_at_most_twice_as_long_as_the_username(name: str) -> None:
    assert 0 < len(skeleton(name)) <= 2 * len(name)


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "Admin",
        "ADM1N",
        "a.d.m.i.n",
        "moderat0r",
        "rnoderator",
        "аdmin",
        "sign-in",
        "Sign_In",
        "technical-path",
        "crossroads",
        "lookup",
        "deleted-member",
        "null",
    ],
)
def test_names_of_the_staff_the_system_and_the_site_are_reserved(name: str) -> None:
    assert is_reserved(name)


@pytest.mark.parametrize(
    "name",
    ["ada", "mara", "alice", "bob", "mod1", "member1", "user1", "tester", "admiral", "reader"],
)
def test_other_names_are_free(name: str) -> None:
    assert not is_reserved(name)
