"""Routes of votes, declarations, ballots and pins: each a resource that is put and deleted."""

from dataclasses import asdict
from typing import Any

from flask import Response, current_app

from forum.accounts.errors import EmailNotConfirmed, Sanctioned
from forum.accounts.grants import PATHS_WRITE, VOTES_WRITE
from forum.api import representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, MODERATORS, viewer
from forum.api.schemas.replies import (
    BallotBody,
    DeclarationBody,
    ExplainedPathSchema,
    PathSchema,
    PinBody,
)
from forum.api.schemas.texts import VoteBody, VotedSchema
from forum.config import settings_in
from forum.core.db import db
from forum.core.errors import Forbidden
from forum.core.http.json import json_response
from forum.core.http.page_cache import depends_on
from forum.core.pages import Record
from forum.moderation import commands as moderation
from forum.paths import commands as paths
from forum.paths import queries as ballots
from forum.paths.errors import BallotsExist, SelfBallot
from forum.replies import queries as replies
from forum.replies.errors import ReplyIsGone, ReplyNotFound
from forum.threads.errors import ThreadIsGone, ThreadNotFound
from forum.threads.events import thread_topic
from forum.votes import commands as votes
from forum.votes.commands import Tally
from forum.votes.errors import SelfVote

blueprint = Blueprint("judgements", __name__, description="Votes and paths.")

ON_THREADS = (ThreadNotFound, ThreadIsGone)
ON_REPLIES = (ReplyNotFound, ReplyIsGone)


@blueprint.operation(
    "PUT",
    "/threads/<id:thread_id>/vote",
    who=MEMBERS,
    scope=VOTES_WRITE,
    limit="vote",
    body=VoteBody,
    answer=VotedSchema,
    errors=[*ON_THREADS, SelfVote, EmailNotConfirmed, Sanctioned],
)
def vote_on_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Vote on a thread; voting the same again changes nothing."""
    value = data["value"]
    return _voted(votes.vote_on_thread(db.session(), viewer(), thread_id, value), value)


@blueprint.operation(
    "DELETE",
    "/threads/<id:thread_id>/vote",
    who=MEMBERS,
    scope=VOTES_WRITE,
    limit="vote",
    answer=VotedSchema,
    errors=[*ON_THREADS, SelfVote, EmailNotConfirmed, Sanctioned],
)
def withdraw_vote_on_thread(thread_id: int) -> Response:
    """Withdraw one's vote on a thread."""
    return _voted(votes.vote_on_thread(db.session(), viewer(), thread_id, 0), None)


@blueprint.operation(
    "PUT",
    "/replies/<id:reply_id>/vote",
    who=MEMBERS,
    scope=VOTES_WRITE,
    limit="vote",
    body=VoteBody,
    answer=VotedSchema,
    errors=[*ON_REPLIES, SelfVote, EmailNotConfirmed, Sanctioned],
)
def vote_on_reply(data: dict[str, Any], reply_id: int) -> Response:
    """Vote on a reply; voting the same again changes nothing."""
    value = data["value"]
    return _voted(votes.vote_on_reply(db.session(), viewer(), reply_id, value), value)


@blueprint.operation(
    "DELETE",
    "/replies/<id:reply_id>/vote",
    who=MEMBERS,
    scope=VOTES_WRITE,
    limit="vote",
    answer=VotedSchema,
    errors=[*ON_REPLIES, SelfVote, EmailNotConfirmed, Sanctioned],
)
def withdraw_vote_on_reply(reply_id: int) -> Response:
    """Withdraw one's vote on a reply."""
    return _voted(votes.vote_on_reply(db.session(), viewer(), reply_id, 0), None)


@blueprint.operation(
    "PUT",
    "/replies/<id:reply_id>/path",
    who=MEMBERS,
    scope=PATHS_WRITE,
    body=DeclarationBody,
    answer=PathSchema,
    errors=[*ON_REPLIES, Forbidden, BallotsExist, Sanctioned],
)
def declare_path(data: dict[str, Any], reply_id: int) -> Response:
    """Say which path one's own reply speaks for; null clears."""
    paths.declare(db.session(), viewer(), reply_id, data["path"])
    return _path(reply_id)


@blueprint.operation(
    "GET", "/replies/<id:reply_id>/path", answer=ExplainedPathSchema, errors=[ReplyNotFound]
)
def path(reply_id: int) -> Response:
    """The path of a reply, with every number that decided it."""
    found = replies.reply(db.session(), reply_id)
    depends_on(thread_topic(found.thread_id))
    return json_response(_explained(found))


@blueprint.operation(
    "PUT",
    "/replies/<id:reply_id>/ballot",
    who=MEMBERS,
    scope=PATHS_WRITE,
    limit="vote",
    body=BallotBody,
    answer=PathSchema,
    errors=[*ON_REPLIES, SelfBallot, EmailNotConfirmed, Sanctioned],
)
def cast_ballot(data: dict[str, Any], reply_id: int) -> Response:
    """Say what the path of somebody else's reply is; casting again replaces."""
    paths.cast_ballot(db.session(), viewer(), reply_id, data["path"])
    return _path(reply_id)


@blueprint.operation(
    "DELETE",
    "/replies/<id:reply_id>/ballot",
    who=MEMBERS,
    scope=PATHS_WRITE,
    limit="vote",
    answer=PathSchema,
    errors=[*ON_REPLIES, SelfBallot, EmailNotConfirmed, Sanctioned],
)
def withdraw_ballot(reply_id: int) -> Response:
    """Withdraw one's ballot."""
    paths.cast_ballot(db.session(), viewer(), reply_id, None)
    return _path(reply_id)


@blueprint.operation(
    "PUT",
    "/replies/<id:reply_id>/pin",
    who=MODERATORS,
    body=PinBody,
    answer=PathSchema,
    errors=ON_REPLIES,
)
def pin_path(data: dict[str, Any], reply_id: int) -> Response:
    """Settle the path of a reply, whatever the ballots say; null puts it on no path."""
    moderation.pin_path(db.session(), viewer(), reply_id, data["path"], data["reason"])
    return _path(reply_id)


@blueprint.operation(
    "DELETE", "/replies/<id:reply_id>/pin", who=MODERATORS, answer=PathSchema, errors=ON_REPLIES
)
def lift_pin(reply_id: int) -> Response:
    """Let declaration and ballots decide again."""
    moderation.lift_path_pin(db.session(), viewer(), reply_id)
    return _path(reply_id)


def _voted(tally: Tally, mine: int | None) -> Response:
    return json_response({"votes": representations.tally(*tally), "my_vote": mine})


def _path(reply_id: int) -> Response:
    return json_response(representations.path(replies.reply(db.session(), reply_id)))


def _explained(row: Record) -> dict[str, Any]:
    shown = representations.path(row)
    counted = shown["ballots"]
    voters = sum(counted.values())
    n = voters + (shown["declared"] is not None)
    shares = {
        value: round(100 * (count + (value == shown["declared"])) / n, 1) if n else None
        for value, count in counted.items()
    }
    explained = {
        **shown,
        "voters": voters,
        "n": n,
        "shares": shares,
        "thresholds": asdict(settings_in(current_app).thresholds),
    }
    if viewer().is_member:
        mine = ballots.ballots_of_viewer(db.session(), viewer(), [row.id])
        explained["my_ballot"] = mine.get(row.id)
    return explained
