"""Bytes that are JSON, are not, or may be, sent where JSON is expected."""

from pathlib import Path

import pytest

from tests.community import Community, Person
from tests.corpora.corpora import HOME
from tests.databases import on_one_database

pytestmark = on_one_database

FILES = sorted((HOME / "json").glob("*.json"))
ROUTES = [("POST", "/auth/login"), ("POST", "/posts"), ("PATCH", "/me"), ("PUT", "/replies/1/path")]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_what_is_not_json_is_told_from_what_does_not_fit(
    community: Community, method: str, path: str
) -> None:
    caller = community.admin
    answers = {file.name: answer_to(caller, method, path, file) for file in FILES}
    assert len(answers) > 300
    assert {name: code for name, code in answers.items() if code not in EXPECTED[name[0]]} == {}


EXPECTED = {"n": {"malformed-json"}, "y": {"invalid"}, "i": {"malformed-json", "invalid"}}


def answer_to(caller: Person, method: str, path: str, file: Path) -> str:
    answer = caller.call(method, path, data=file.read_bytes(), content_type="application/json")
    return str(answer.json["code"])
