"""The owner looks after the queue from the command line."""

import pytest
from flask.testing import FlaskCliRunner

from tests.community import Community, Json
from tests.databases import on_one_database
from tests.moderation.queue.scene import address, claim_next, report

pytestmark = on_one_database


@pytest.fixture
def reply(community: Community) -> Json:
    reported = community.reply(body="Buy my\ncourse.")
    report(community, reported)
    return reported


def state(community: Community, reply: Json) -> int:
    return community.passer_by.get(address(reply)).status_code


def test_an_empty_queue_says_so(cli: FlaskCliRunner, community: Community) -> None:
    assert cli.invoke(args=["moderation", "queue"]).output == "Nothing waits.\n"


def test_the_queue_is_listed(cli: FlaskCliRunner, reply: Json) -> None:
    told = cli.invoke(args=["moderation", "queue"]).output
    author = reply["author"]["username"]
    assert told == f"1  report  10  reply {reply['id']} by {author}: Buy my course.\n"


def test_the_owner_removes_and_the_log_tells_it(
    cli: FlaskCliRunner, community: Community, reply: Json
) -> None:
    result = cli.invoke(args=["moderation", "remove", "1", "--reason", "Advertising."])
    assert (result.exit_code, state(community, reply)) == (0, 404)
    told = cli.invoke(args=["moderation", "log"]).output
    assert f"the system  reply.remove  reply:{reply['id']}  Advertising." in told


def test_a_moderator_may_be_named(cli: FlaskCliRunner, community: Community, reply: Json) -> None:
    moderator = community.moderator()
    result = cli.invoke(args=["moderation", "approve", "1", "--as", moderator.username])
    assert result.exit_code == 0
    decision = moderator.ok("GET", "/moderation/queue/1")["decision"]
    assert (decision["action"], decision["moderator"]) == ("approve", moderator.username)


def test_who_is_no_moderator_cannot_be_named(
    cli: FlaskCliRunner, community: Community, reply: Json
) -> None:
    for name, told in ((community.member().username, "is no moderator"), ("x-nobody", "no member")):
        result = cli.invoke(args=["moderation", "approve", "1", "--as", name])
        assert (result.exit_code, told in result.output) == (1, True)


def test_what_somebody_has_claimed_is_left_to_them(
    cli: FlaskCliRunner, community: Community, reply: Json
) -> None:
    claim_next(community.moderator())
    result = cli.invoke(args=["moderation", "remove", "1"])
    assert (result.exit_code, state(community, reply)) == (1, 200)


def test_a_moderator_decides_what_they_have_claimed(
    cli: FlaskCliRunner, community: Community, reply: Json
) -> None:
    moderator = community.moderator()
    claim_next(moderator)
    result = cli.invoke(args=["moderation", "remove", "1", "--as", moderator.username])
    assert (result.exit_code, state(community, reply)) == (0, 404)


def test_there_is_nothing_to_decide_about_nothing(
    cli: FlaskCliRunner, community: Community
) -> None:
    assert cli.invoke(args=["moderation", "remove", "77"]).exit_code == 1
