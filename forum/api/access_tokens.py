"""Routes of personal access tokens."""

from typing import Any

from flask import Response, url_for

from forum.accounts import access_tokens
from forum.accounts.access_tokens import NewAccessToken
from forum.accounts.errors import AccessTokenNotFound, TooManyAccessTokens
from forum.accounts.grants import SIGNED_IN
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.sessions import (
    AccessTokenListSchema,
    AccessTokenSchema,
    IssuedAccessTokenSchema,
    NewAccessTokenBody,
)
from forum.core.db import db
from forum.core.http.json import json_response

blueprint = Blueprint("access_tokens", __name__, description="What programs show.")


@blueprint.operation(
    "POST",
    "/auth/tokens",
    who=MEMBERS,
    body=NewAccessTokenBody,
    status=201,
    answer=IssuedAccessTokenSchema,
    errors=[TooManyAccessTokens],
    creates=True,
)
def issue_access_token(data: dict[str, Any]) -> Response:
    """Get a token with which a program acts for one; it is told this once.

    It does what its scopes say and its owner may do at that moment, until it expires or is revoked.
    """
    issued, token = access_tokens.issue(db.session(), viewer(), NewAccessToken(**data))
    told = {**representations.access_token(issued), "token": token}
    response = json_response(told, 201)
    response.headers["Location"] = url_for("access_tokens.access_token", token_id=issued.id)
    return response


@blueprint.operation(
    "GET",
    "/auth/tokens",
    who=MEMBERS,
    scope=SIGNED_IN,
    query=PageQuery,
    answer=AccessTokenListSchema,
)
def my_access_tokens(arguments: dict[str, Any]) -> Response:
    """One's personal access tokens, newest first, without what is secret of them."""
    after = lists.position(arguments)
    page = access_tokens.tokens(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, lists.access_tokens)


@blueprint.operation(
    "GET",
    "/auth/tokens/<id:token_id>",
    who=MEMBERS,
    scope=SIGNED_IN,
    answer=AccessTokenSchema,
    errors=[AccessTokenNotFound],
)
def access_token(token_id: int) -> Response:
    """One of one's personal access tokens, without what is secret of it."""
    found = access_tokens.token(db.session(), viewer(), token_id)
    return json_response(representations.access_token(found))


@blueprint.operation(
    "DELETE",
    "/auth/tokens/<id:token_id>",
    who=MEMBERS,
    status=204,
    errors=[AccessTokenNotFound],
)
def revoke_access_token(token_id: int) -> Response:
    """Let a token open nothing any more."""
    access_tokens.revoke(db.session(), viewer(), token_id)
    return Response(status=204)
