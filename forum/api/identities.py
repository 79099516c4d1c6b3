"""Routes by which members say which users of other sites they are, too."""

from typing import Any

from flask import Response, current_app, url_for

from forum.accounts import identities, presence, sso, ways_in
from forum.accounts.errors import (
    IdentityNotFound,
    IdentityTaken,
    InvalidCredentials,
    LastWayIn,
    NoSuchSignIn,
    SignInAgain,
    SignInRefused,
)
from forum.accounts.grants import SIGNED_IN
from forum.accounts.vouching import Vouched
from forum.api import handover, lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.identities import (
    IdentityListSchema,
    IdentitySchema,
    JoinHandedBody,
    JoinSsoBody,
)
from forum.config import settings_in
from forum.core.db import db, reading_apart
from forum.core.http.json import json_response

blueprint = Blueprint("identities", __name__, description="Users of other sites who sign in.")

REFUSALS = (SignInRefused, IdentityTaken, InvalidCredentials, SignInAgain)


@blueprint.operation(
    "GET",
    "/auth/identities",
    who=MEMBERS,
    scope=SIGNED_IN,
    query=PageQuery,
    answer=IdentityListSchema,
)
def my_identities(arguments: dict[str, Any]) -> Response:
    """Which users of other sites sign in to one's account, newest first."""
    after = lists.position(arguments)
    page = ways_in.identities(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, lists.identities)


@blueprint.operation(
    "GET",
    "/auth/identities/<id:identity_id>",
    who=MEMBERS,
    scope=SIGNED_IN,
    answer=IdentitySchema,
    errors=[IdentityNotFound],
)
def identity(identity_id: int) -> Response:
    """One of them."""
    found = ways_in.identity(db.session(), viewer(), identity_id)
    return json_response(representations.identity(found))


@blueprint.operation(
    "POST",
    "/auth/identities/oidc",
    who=MEMBERS,
    limit="login",
    body=JoinHandedBody,
    status=201,
    answer=IdentitySchema,
    errors=REFUSALS,
    creates=True,
)
def join_by_oidc(data: dict[str, Any]) -> Response:
    """Join who a provider knows to one's account: with what the page of this session was handed.

    It takes the password of who has one, and of others a session of the last ten minutes.
    """
    _require_presence(data)
    session_id = viewer().sign_in_id
    return _joined(handover.redeem(data["token"], data["verifier"], session_id))


@blueprint.operation(
    "POST",
    "/auth/identities/sso",
    who=MEMBERS,
    limit="login",
    body=JoinSsoBody,
    status=201,
    answer=IdentitySchema,
    errors=[*REFUSALS, NoSuchSignIn],
    creates=True,
)
def join_by_sso(data: dict[str, Any]) -> Response:
    """Join a user of the blog to one's account: with a token as signing in takes it.

    It takes the password of who has one, and of others a session of the last ten minutes.
    """
    _require_presence(data)
    token = sso.read(settings_in(current_app), data["token"])
    identities.spend(db.session(), token.vouched.issuer, token.token_id, token.expires_at)
    return _joined(token.vouched)


@blueprint.operation(
    "DELETE",
    "/auth/identities/<id:identity_id>",
    who=MEMBERS,
    status=204,
    errors=[IdentityNotFound, LastWayIn],
)
def remove_identity(identity_id: int) -> Response:
    """Let an identity sign in no more, unless there is no other way in."""
    ways_in.remove(db.session(), viewer(), identity_id)
    return Response(status=204)


def _require_presence(data: dict[str, Any]) -> None:
    with reading_apart():
        presence.require(db.session(), viewer(), data.get("password"))


def _joined(vouched: Vouched) -> Response:
    joined = ways_in.join(db.session(), viewer(), vouched)
    response = json_response(representations.identity(joined), 201)
    response.headers["Location"] = url_for("identities.identity", identity_id=joined.id)
    return response
