"""The guards of text against what others have collected."""

import json
import os
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest
from markdown_it import MarkdownIt

from forum.accounts.names import USERNAME_PATTERN, is_reserved, skeleton
from forum.accounts.passwords import MIN_LENGTH, weakness
from forum.core.markdown import render
from forum.core.text import clean_line, clean_text
from tests.cost import ORDINARY_TEXT, SOME, times_as_costly
from tests.html_judge import unsafe_parts

CORPORA = Path(os.environ["FORUM_CORPORA"])
BODY_LIMIT = 10_000

XSS = {
    "dompurify_expect": "payload",
    "loofah_sanitizer_tests1": "input",
    "nh3_test_nh3_strings": None,
    "owasp_filter_evasion": "payload",
    "sanitize_html_inputs": None,
}
PLACES = ["{}", "[a]({})", "[a](<{}>)", "[{}](https://a.example)", "<{}>", "![{}]({})"]
PLACES += ["[a]: {}\n\n[a]", "```{}\na\n```", "> - {}", "https://a.example/{}", "a|b\n-|-\n{}|{}"]
WITHOUT_LINKS_AND_HTML = {
    *("ATX headings", "Blank lines", "Fenced code blocks", "Indented code blocks", "Inlines"),
    *("List items", "Paragraphs", "Precedence", "Setext headings", "Soft line breaks", "Tabs"),
    *("Textual content", "Thematic breaks"),
}


def corpus(path: str) -> list[Any]:
    records: list[Any] = json.loads((CORPORA / path).read_text("utf-8"))
    return records


def payloads(name: str) -> list[str]:
    member = XSS[name]
    return [record[member] if member else record for record in corpus(f"xss/{name}.json")]


def normal(html: str) -> str:
    serialized: str = html5lib.serialize(html5lib.parseFragment(html))
    return serialized


@pytest.mark.parametrize("name", XSS)
@pytest.mark.parametrize("place", PLACES)
def test_no_attack_survives_rendering(name: str, place: str) -> None:
    texts = [place.replace("{}", payload) for payload in payloads(name)]
    assert [text for text in texts if unsafe_parts(render(text))] == []


@pytest.mark.parametrize("name", XSS)
def test_the_judge_sees_the_attacks_where_nothing_stops_them(name: str) -> None:
    unguarded = MarkdownIt("commonmark")
    unsafe = [text for text in payloads(name) if unsafe_parts(unguarded.render(text))]
    assert len(unsafe) > len(payloads(name)) / 2


def test_every_commonmark_example_is_rendered_safely() -> None:
    examples = corpus("commonmark/commonmark_spec_tests.json")
    assert [each for each in examples if unsafe_parts(render(each["markdown"]))] == []


def test_commonmark_is_understood_where_it_is_neither_links_nor_html() -> None:
    examples = [
        each
        for each in corpus("commonmark/commonmark_spec_tests.json")
        if each["section"] in WITHOUT_LINKS_AND_HTML
    ]
    wrong = [each for each in examples if normal(render(each["markdown"])) != normal(each["html"])]
    assert len(examples) > 150
    assert [each for each in wrong if "language-;" not in each["html"]] == []


def test_no_pathological_text_costs_more_than_some_ordinary_ones() -> None:
    recipes = [
        recipe for recipe in corpus("commonmark/pathological_recipes.json") if "parts" in recipe
    ]
    costs = {recipe["name"]: cost_of(recipe) for recipe in recipes}
    assert len(recipes) > 60
    assert {name: cost for name, cost in costs.items() if cost > SOME} == {}


def cost_of(recipe: dict[str, Any]) -> float:
    text = "".join(part * times for part, times in recipe["parts"])[:BODY_LIMIT]
    return times_as_costly(lambda: render(text), lambda: render(ORDINARY_TEXT))


@pytest.mark.parametrize("clean", [clean_text, clean_line])
def test_naughty_strings_are_refused_or_kept_as_they_are(clean: type[str]) -> None:
    kept = []
    for text in corpus("naughty/blns.json"):
        try:
            kept.append((text, clean(text)))
        except ValueError:
            continue
    assert len(kept) > 450
    assert [(text, cleaned) for text, cleaned in kept if text != cleaned] == []


@pytest.mark.parametrize("case", [str.lower, str.upper, str.title])
def test_every_reserved_name_is_refused(case: type[str]) -> None:
    names = [case(name) for name in corpus("unicode/reserved_usernames.json")]
    well_formed = [name for name in names if re.fullmatch(USERNAME_PATTERN, name)]
    assert len(well_formed) > 590
    assert [name for name in well_formed if not is_reserved(name)] == []


def test_every_confusable_name_has_the_skeleton_of_its_victim() -> None:
    pairs = corpus("unicode/confusable_usernames_derived.json")
    assert len(pairs) > 1_300
    assert [each for each in pairs if skeleton(each["attack"]) != skeleton(each["victim"])] == []


def test_every_confusable_name_is_malformed() -> None:
    pairs = corpus("unicode/confusable_usernames_derived.json")
    assert [each for each in pairs if re.fullmatch(USERNAME_PATTERN, each["attack"])] == []


def test_every_common_password_is_refused() -> None:
    path = CORPORA / "passwords/django_common_passwords.txt"
    common = path.read_text("utf-8").splitlines()
    assert len([password for password in common if len(password) >= MIN_LENGTH]) > 1_700
    assert [password for password in common if weakness(password, []) is None] == []
