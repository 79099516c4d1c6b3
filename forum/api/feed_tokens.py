"""Routes of the tokens for private feeds."""

from typing import Any

from flask import Response, current_app, url_for

from forum.accounts import feed_tokens
from forum.accounts.errors import FeedTokenNotFound, TooManyFeedTokens
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.feed_tokens import (
    FeedTokenListSchema,
    FeedTokenSchema,
    IssuedFeedTokenSchema,
    NewFeedTokenBody,
)
from forum.api.schemas.fields import PageQuery
from forum.config import settings_in
from forum.core.db import db
from forum.core.errors import Forbidden
from forum.core.http.json import json_response

blueprint = Blueprint("feed_tokens", __name__, description="What feed readers show.")


@blueprint.operation(
    "POST",
    "/me/feed-tokens",
    who=MEMBERS,
    body=NewFeedTokenBody,
    status=201,
    answer=IssuedFeedTokenSchema,
    errors=[TooManyFeedTokens, Forbidden],
    creates=True,
)
def issue_feed_token(data: dict[str, Any]) -> Response:
    """Get a token with which a feed reader reads one private feed; it is told this once.

    Of the token only a hash is kept. It reads that feed alone, until it is revoked; that of the
    queue is for moderators, and opens nothing once they are none any more.
    """
    issued, token = feed_tokens.issue(db.session(), viewer(), data["feed"])
    base_url = settings_in(current_app).base_url
    response = json_response(representations.issued_feed_token(issued, token, base_url), 201)
    response.headers["Location"] = url_for("feed_tokens.feed_token", token_id=issued.id)
    return response


@blueprint.operation(
    "GET", "/me/feed-tokens", who=MEMBERS, query=PageQuery, answer=FeedTokenListSchema
)
def my_feed_tokens(arguments: dict[str, Any]) -> Response:
    """One's feed tokens, newest first, without what is secret of them."""
    after = lists.position(arguments)
    page = feed_tokens.tokens(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, lists.feed_tokens)


@blueprint.operation(
    "GET",
    "/me/feed-tokens/<id:token_id>",
    who=MEMBERS,
    answer=FeedTokenSchema,
    errors=[FeedTokenNotFound],
)
def feed_token(token_id: int) -> Response:
    """One of one's feed tokens, without what is secret of it."""
    found = feed_tokens.token(db.session(), viewer(), token_id)
    return json_response(representations.feed_token(found))


@blueprint.operation(
    "DELETE",
    "/me/feed-tokens/<id:token_id>",
    who=MEMBERS,
    status=204,
    errors=[FeedTokenNotFound],
)
def revoke_feed_token(token_id: int) -> Response:
    """Let a token open nothing any more."""
    feed_tokens.revoke(db.session(), viewer(), token_id)
    return Response(status=204)
