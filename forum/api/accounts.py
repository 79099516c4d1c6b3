"""Routes of accounts: signing up, in and out, one's own profile, and those of others."""

from typing import Any

from flask import Response, url_for

from forum.accounts import commands, queries, sessions
from forum.accounts.commands import NewMember
from forum.accounts.errors import (
    Banned,
    InvalidCredentials,
    MemberNotFound,
    TokenReused,
    UsernameTaken,
    WeakPassword,
)
from forum.api import edge, lists, representations, signing_in
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, NEWCOMERS, REFRESHERS, viewer
from forum.api.schemas.accounts import (
    LoginBody,
    ProfileBody,
    PublicUserSchema,
    RegisterBody,
    TokensSchema,
    UserSchema,
)
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.replies import ReplyListSchema
from forum.core.db import db, reading_first
from forum.core.http import quota
from forum.core.http.conditional import require_match
from forum.core.http.json import json_response
from forum.replies import queries as replies

blueprint = Blueprint("accounts", __name__, description="Who people are.")


@blueprint.operation(
    "POST",
    "/auth/register",
    who=NEWCOMERS,
    limit="register",
    body=RegisterBody,
    status=201,
    answer=UserSchema,
    errors=[UsernameTaken, WeakPassword, Banned],
    creates=True,
)
def register(data: dict[str, Any]) -> Response:
    """Open an account."""
    member = commands.register(db.session(), NewMember(**data, comes_from=quota.address()))
    edge.welcome(member)
    response = json_response(representations.user(member), 201)
    response.headers["Location"] = url_for("accounts.user", username=member.username)
    return response


@blueprint.operation(
    "POST",
    "/auth/login",
    who=NEWCOMERS,
    limit="login",
    body=LoginBody,
    answer=TokensSchema,
    errors=[InvalidCredentials, *signing_in.REFUSALS],
)
def login(data: dict[str, Any]) -> Response:
    """Sign in with name or address and password."""
    with reading_first():
        member_id = commands.sign_in(db.session(), data["login"], data["password"]).id
    return signing_in.begin_session(member_id, data.get("code"))


@blueprint.operation(
    "POST",
    "/auth/refresh",
    who=REFRESHERS,
    limit="login",
    answer=TokensSchema,
    errors=[TokenReused],
)
def refresh() -> Response:
    """Spend the refresh token, sent as the bearer token, for a new pair.

    A token that is presented twice ends its whole session.
    """
    claims = edge.token_claims("refresh")
    whose = int(claims["sub"])
    rotated = sessions.rotate(db.session(), whose, claims["sid"], claims["jti"])
    return signing_in.token_pair(rotated)


@blueprint.operation("GET", "/me", who=MEMBERS, answer=UserSchema)
def me() -> Response:
    """The signed-in member's own account."""
    return json_response(representations.user(queries.member_by_id(db.session(), viewer().id)))


@blueprint.operation("PATCH", "/me", who=MEMBERS, body=ProfileBody, answer=UserSchema)
def change_me(data: dict[str, Any]) -> Response:
    """Change one's own profile."""
    require_match(representations.user(queries.member_by_id(db.session(), viewer().id)))
    member = commands.change_profile(db.session(), viewer(), data["display_name"])
    return json_response(representations.user(member))


@blueprint.operation(
    "GET", "/users/<username:username>", answer=PublicUserSchema, errors=[MemberNotFound]
)
def user(username: str) -> Response:
    """A member's public profile, with the votes received on each path."""
    member = queries.member_by_username(db.session(), username)
    return json_response(representations.public_user(member))


@blueprint.operation(
    "GET",
    "/users/<username:username>/replies",
    query=PageQuery,
    answer=ReplyListSchema,
    errors=[MemberNotFound],
)
def replies_of_user(arguments: dict[str, Any], username: str) -> Response:
    """What a member wrote, newest first."""
    member = queries.member_by_username(db.session(), username)
    after = lists.position(arguments)
    page = replies.of_author(db.session(), member.id, after, arguments["limit"])
    return lists.listed(page, arguments, lists.replies)
