"""The route by which the blog's own users sign in."""

from typing import Any

from flask import Response, current_app

from forum.accounts import identities, sso
from forum.accounts.errors import Banned, NoSuchSignIn, SignInRefused
from forum.api import signing_in
from forum.api.blueprint import Blueprint
from forum.api.edge import NEWCOMERS
from forum.api.schemas.accounts import SsoBody, TokensSchema
from forum.config import settings_in
from forum.core.db import db
from forum.core.http import quota

blueprint = Blueprint("sso", __name__, description="Signing in as a user of the blog.")


@blueprint.operation(
    "POST",
    "/auth/sso",
    who=NEWCOMERS,
    limit="login",
    body=SsoBody,
    answer=TokensSchema,
    errors=[SignInRefused, NoSuchSignIn, Banned, *signing_in.REFUSALS],
)
def sign_in_as_user_of_the_blog(data: dict[str, Any]) -> Response:
    """Sign in with a token of the blog; the first time, an account is opened."""
    token = sso.read(settings_in(current_app), data["token"])
    identities.spend(db.session(), token.vouched.issuer, token.token_id, token.expires_at)
    member = identities.sign_in(db.session(), token.vouched, quota.address())
    return signing_in.begin_session(member.id, data.get("code"))
