"""Markdown that others test their renderers with, posted as replies."""

import resource
from typing import Any

from tests.community import Community
from tests.corpora.corpora import records
from tests.databases import on_one_database
from tests.html_judge import unsafe_parts

pytestmark = on_one_database

BODY_LIMIT = 10_000

WRITTEN_AS_CODE = {
    "deeply nested lists": "".join("  " * depth + "* a\n" for depth in range(500)),
    "backticks": "".join("e" + "`" * number for number in range(1, 2_500)),
    "linkify-it wrapper trailing asterisks pattern": f"https://test.com?{'*' * 70_000}a",
    "a lot of smartquotes": '"' * 160_000,
}


def test_every_commonmark_example_can_be_posted(community: Community) -> None:
    member, thread = community.member(), community.thread()
    examples = [each["markdown"] for each in records("commonmark/commonmark_spec_tests.json")]
    answers = {
        text: member.post(f"/threads/{thread['id']}/replies", {"body": text}) for text in examples
    }
    assert len(answers) > 600
    blank = {text for text in answers if not text.strip()}
    assert {text for text, answer in answers.items() if answer.status_code != 201} == blank
    shown = {
        text: answer.json["body_html"] for text, answer in answers.items() if text not in blank
    }
    assert [text for text, html in shown.items() if unsafe_parts(html)] == []


def test_every_pathological_text_is_answered(community: Community) -> None:
    member, thread = community.member(), community.thread()
    recipes = records("commonmark/pathological_recipes.json")
    assert len(recipes) > 70
    before = peak_memory()
    answered = {
        recipe["name"]: member.post(f"/threads/{thread['id']}/replies", {"body": text_of(recipe)})
        for recipe in recipes
    }
    unusual = {name for name, answer in answered.items() if answer.status_code not in {201, 422}}
    assert unusual == set()
    assert peak_memory() - before < 100 * 1024 * 1024


def text_of(recipe: dict[str, Any]) -> str:
    if "expr" in recipe:
        return WRITTEN_AS_CODE[recipe["name"]][:BODY_LIMIT]
    return "".join(part * times for part, times in recipe["parts"])[:BODY_LIMIT]


def peak_memory() -> int:
    """Bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
