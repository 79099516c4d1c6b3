"""Who is told that a text names them."""

import pytest

from tests.community import Community
from tests.notifications.told import kinds, told, unread


@pytest.mark.parametrize(
    "body",
    ["@ada-berg would know.", "Ask (@Ada-Berg).", "**@ada-berg**, well?", "> @ada-berg said so"],
)
def test_whom_a_reply_names_is_told(community: Community, body: str) -> None:
    ada = community.member("ada-berg")
    reply = community.reply(body=body)
    (item,) = told(community, ada)
    assert (item["kind"], item["reply_id"]) == ("mention", reply["id"])


@pytest.mark.parametrize(
    "body",
    [
        "`@ada-berg`",
        "```\n@ada-berg\n```",
        "    @ada-berg",
        "mail@ada-berg",
        "https://example.org/@ada-berg",
        "@ada-bergs",
        "\\@@ada-berg",
        "@ada-bérg",
    ],
)
def test_what_only_looks_like_a_name_tells_nobody(community: Community, body: str) -> None:
    ada = community.member("ada-berg")
    community.reply(body=body)
    assert told(community, ada) == []


def test_a_name_that_looks_alike_is_another(community: Community) -> None:
    ada = community.member("mara-lind")
    community.reply(body="@rnara-lind")
    assert told(community, ada) == []


def test_a_thread_names_people_too(community: Community) -> None:
    ada = community.member("ada-berg")
    community.thread(body="What says @ada-berg?")
    assert kinds(community, ada) == ["mention"]


def test_whom_an_edit_names_is_told(community: Community) -> None:
    ada, author = community.member("ada-berg"), community.member()
    reply = community.reply(author)
    author.ok("PATCH", f"/replies/{reply['id']}", {"body": "Ask @ada-berg."})
    author.ok("PATCH", f"/replies/{reply['id']}", {"body": "Really, ask @ada-berg."})
    assert kinds(community, ada) == ["mention"]


def test_whom_an_edit_still_names_is_not_told_again(community: Community) -> None:
    ada, author = community.member("ada-berg"), community.member()
    thread = community.thread(author, body="Ask @ada-berg.")
    assert unread(community, ada) == 1
    author.ok("PATCH", f"/threads/{thread['id']}", {"body": "Do ask @ada-berg."})
    assert unread(community, ada) == 1


def test_the_first_ten_names_are_told(community: Community) -> None:
    people = [community.member(f"person-no-{letter}") for letter in "abcdefghjk" + "n"]
    community.reply(body=" ".join(f"@{person.username}" for person in people))
    assert [unread(community, person) for person in people] == [1] * 10 + [0]


def test_an_answer_that_names_whom_it_answers_is_one_thing(community: Community) -> None:
    ada = community.member("ada-berg")
    community.reply(to=community.reply(ada), body="No, @ada-berg.")
    assert kinds(community, ada) == ["reply"]
