"""What an owner meets who changes when ballots decide."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.community import Community, Json


@pytest.fixture
def reply(community: Community) -> Json:
    """A reply on no path, because two voters are no quorum."""
    reply = community.reply()
    community.cast(reply, technical=2)
    return reply


@pytest.fixture
def with_smaller_quorum(reply: Json, make_app: Callable[..., Flask]) -> Flask:
    """The same forum after two voters became a quorum, and a recount."""
    app = make_app(FORUM_PATH_QUORUM="2")
    app.test_cli_runner().invoke(args=["recount"])
    return app


def test_a_recount_puts_old_replies_on_their_path(reply: Json, with_smaller_quorum: Flask) -> None:
    shown = Community(with_smaller_quorum).passer_by.ok("GET", f"/replies/{reply['id']}/path")
    assert (shown["path"], shown["source"]) == ("technical-path", "community")


def test_a_recount_leaves_nothing_to_repair(with_smaller_quorum: Flask) -> None:
    again = with_smaller_quorum.test_cli_runner().invoke(args=["recount", "--check"])
    assert (again.exit_code, again.output) == (0, "Everything agrees.\n")


def test_ballots_move_a_recounted_reply_on(reply: Json, with_smaller_quorum: Flask) -> None:
    community = Community(with_smaller_quorum)
    for name in ("first-late-voter", "second-late-voter"):
        voter = community.member(name)
        voter.ok("PUT", f"/replies/{reply['id']}/ballot", {"path": "neither"})
    checked = with_smaller_quorum.test_cli_runner().invoke(args=["recount", "--check"])
    assert checked.output == "Everything agrees.\n"
