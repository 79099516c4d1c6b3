"""Nothing that somebody writes becomes a part of the page itself."""

import html5lib
import pytest
from flask.testing import FlaskClient

from forum.core.http.headers import HTML_POLICY
from tests.community import Community
from tests.html_judge import unsafe_parts
from tests.web.page import read

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\" ' {{ 7*7 }} & </title>"
MARKDOWN = "[here](javascript:alert(1)) <b onclick=x>bold</b>\n\n> quoted\n\n    <code>"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # no matter which


@pytest.fixture
def addresses(community: Community) -> list[str]:
    """Pages of a forum in which every text is hostile."""
    post = community.post(title=HOSTILE, author_name=HOSTILE, summary=HOSTILE)
    member = community.member("mallory")
    member.ok("PATCH", "/me", {"display_name": HOSTILE[:80]})
    thread = community.thread(by=member, post=post, title=HOSTILE, body=MARKDOWN)
    reply = community.reply(by=member, thread=thread, body=MARKDOWN, path="technical-path")
    pin = {"path": "technical-path", "reason": HOSTILE}
    community.moderator().ok("PUT", f"/replies/{reply['id']}/pin", pin)
    return [
        "/",
        f"/posts/{post['slug']}",
        f"/threads/{thread['id']}",
        f"/replies/{reply['id']}",
        "/users/mallory",
    ]


def test_hostile_text_makes_no_element(addresses: list[str], client: FlaskClient) -> None:
    for address in addresses:
        page = read(client, address)
        assert not page.all("script")
        assert not page.all("img")
        assert not page.all("b")


def test_hostile_text_is_shown_as_it_was_written(addresses: list[str], client: FlaskClient) -> None:
    shown = HOSTILE.replace("\n", " ")
    for address in addresses[:4]:
        assert shown in read(client, address).text


def test_no_element_of_any_page_has_a_handler_or_a_style(
    addresses: list[str], client: FlaskClient
) -> None:
    for address in addresses:
        names = {name for element in read(client, address).root.iter() for name in element.attrib}
        assert not {name for name in names if name.startswith("on") or name == "style"}


def test_what_people_wrote_stays_within_what_markdown_may_make(
    addresses: list[str], client: FlaskClient
) -> None:
    for address in addresses[1:]:
        bodies = read(client, address).all("div", class_="body")
        assert bodies
        for body in bodies:
            assert not unsafe_parts("".join(html5lib.serialize(child) for child in body))


def test_pages_allow_no_script(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert policy == HTML_POLICY
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
