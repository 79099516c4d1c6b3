"""Foreign tokens, and line breaks on their way into headers."""

from collections.abc import Iterator
from urllib.parse import quote, unquote

import pytest

from tests.apps import Answer
from tests.community import Community, Json
from tests.corpora.corpora import HOME, texts
from tests.databases import on_one_database

pytestmark = on_one_database

LINES = (HOME / "crlf/patt_crlfinjection.txt").read_text("utf-8").splitlines()


def test_no_foreign_token_is_good_anywhere(community: Community) -> None:
    tokens = texts("jwt/public_tokens.json", "token")
    document = community.client.open("/openapi.json").json
    protected = list(operations_with_sign_in(document))
    assert len(protected) > 40
    assert len(tokens) > 30
    for method, address in protected:
        for token in tokens:
            header = {"Authorization": f"Bearer {token}"}
            answer = community.client.open(address, method=method, headers=header, json={})
            assert (answer.status_code, answer.json["code"]) == (401, "invalid-token"), token


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/posts{}",
        "/api/v1/posts/lookup?url=https://blog.example.com{}",
        "/api/v1/posts?cursor={}",
        "/api/v1/posts?{}",
        "/api/v1/users{}",
        "/feeds/posts{}.atom",
        "/feeds/replies.rss?limit={}",
        "/posts{}",
        "/docs{}",
        "/assets{}",
        "/nowhere{}",
    ],
)
def test_a_line_break_in_an_address_begins_no_header(community: Community, address: str) -> None:
    for line in [*LINES, *(quote(unquote(line)) for line in LINES)]:
        assert is_sound(community.client.open(address.replace("{}", line))), line


@pytest.mark.parametrize("member", ["url", "slug", "title", "author_name", "published_at"])
def test_a_line_break_in_a_body_begins_no_header(community: Community, member: str) -> None:
    for line in [*LINES, *map(unquote, LINES)]:
        data = {"url": f"https://blog.example.com{quote(line)}", "title": "Ladders", member: line}
        assert is_sound(community.admin.post("/posts", data)), line


@pytest.mark.parametrize("name", ["X-Request-ID", "Idempotency-Key", "Origin", "Host", "If-Match"])
def test_an_escaped_line_break_in_a_header_begins_no_header(
    community: Community, name: str
) -> None:
    for line in LINES:
        data = {"display_name": "Sam"}
        assert is_sound(community.admin.patch("/me", data, headers={name: line})), line


def is_sound(answer: Answer) -> bool:
    """Whether it is no failure, and every header is one that the forum sends."""
    values = "".join(answer.headers.values())
    is_broken = "\r" in values or "\n" in values or "Set-Cookie" in answer.headers
    return answer.status_code < 500 and not is_broken


def operations_with_sign_in(document: Json) -> Iterator[tuple[str, str]]:
    for path, item in document["paths"].items():
        address = path.replace("{slug}", "a").replace("{username}", "aa")
        for name in ("thread_id", "reply_id"):
            address = address.replace(f"{{{name}}}", "1")
        for method, operation in item.items():
            if method != "parameters" and operation.get("security"):
                yield method.upper(), address
