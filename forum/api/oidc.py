"""Routes by which people sign in with a provider of OpenID Connect.

The protocol has the browser come and go by GET. Neither changes anything here: what ties them
together is a sealed cookie, and the session begins when the page redeems what it is handed.
"""

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request

from forum.accounts import identities
from forum.accounts.errors import Banned, NoSuchSignIn, SignInRefused
from forum.accounts.vouching import Vouched
from forum.api import handover, signing_in
from forum.api.blueprint import Blueprint
from forum.api.edge import BASE, NEWCOMERS
from forum.api.handover import Beginning
from forum.api.schemas.accounts import TokensSchema
from forum.api.schemas.oidc import RedeemHandedBody, ReturnQuery, StartQuery
from forum.config import settings_in
from forum.core import openid
from forum.core.db import db
from forum.core.errors import Invalid, Unavailable
from forum.core.http import quota
from forum.core.openid import Attempt, Client, NotVouched

COOKIE = "crossroads_sign_in"
FOR_THE_PROVIDER = timedelta(minutes=10)

_ATTEMPT = "an attempt to sign in"

blueprint = Blueprint("oidc", __name__, description="Signing in with other sites.")


@blueprint.operation(
    "GET",
    "/auth/oidc/<provider:provider>",
    who=NEWCOMERS,
    limit="login",
    query=StartQuery,
    status=302,
    errors=[NoSuchSignIn],
)
def start_sign_in(arguments: dict[str, Any], provider: str) -> Response:
    """Send the browser to a provider; it comes back to `return_to` in the end.

    With `session`, what the page is handed then joins the identity to the account of that session.
    """
    client, attempt = _client(provider), openid.new_attempt()
    _refuse_other_sites(arguments["return_to"])
    try:
        response = _sent_to(openid.address(client, attempt))
    except NotVouched as error:
        raise Unavailable("The provider cannot be asked just now.") from error
    kept = handover.sealed(_ATTEMPT, [provider, asdict(attempt), arguments], FOR_THE_PROVIDER)
    _set_cookie(response, kept, FOR_THE_PROVIDER)
    return response


@blueprint.operation(
    "GET",
    "/auth/oidc/<provider:provider>/callback",
    who=NEWCOMERS,
    limit="login",
    query=ReturnQuery,
    status=302,
    errors=[NoSuchSignIn, SignInRefused],
)
def return_from_provider(arguments: dict[str, Any], provider: str) -> Response:
    """Where a provider sends the browser back; the frontend is handed what it may redeem once."""
    attempt, begun = _attempt(provider, arguments["state"])
    try:
        vouched = _vouched(_client(provider), attempt, arguments["code"], arguments["iss"])
    except (NotVouched, SignInRefused):
        response = _sent_to(f"{begun.return_to}#error=sign-in-refused")
    else:
        handed = handover.hand_over(begun, attempt.state, vouched)
        response = _sent_to(f"{begun.return_to}#sign_in={handed}")
    _set_cookie(response, "", timedelta(0))
    return response


@blueprint.operation(
    "POST",
    "/auth/oidc/redeem",
    who=NEWCOMERS,
    limit="login",
    body=RedeemHandedBody,
    answer=TokensSchema,
    errors=[SignInRefused, Banned, *signing_in.REFUSALS],
)
def redeem_sign_in(data: dict[str, Any]) -> Response:
    """Sign in with what the page was handed as `#sign_in=`; good once, for two minutes."""
    vouched = handover.redeem(data["token"], data["verifier"], session_id=None)
    member = identities.sign_in(db.session(), vouched, quota.address())
    return signing_in.begin_session(member.id, data.get("code"))


def _vouched(client: Client, attempt: Attempt, code: str | None, issuer: str | None) -> Vouched:
    """Who has come back with a code; without one the provider, or they themselves, said no."""
    if code is None:
        raise NotVouched("The provider lets nobody sign in.")
    claims = openid.who(client, attempt, code, issuer)
    return replace(Vouched.by(client.issuer, claims), role=None)


def _client(name: str) -> Client:
    """Raises `NoSuchSignIn`."""
    settings = settings_in(current_app)
    for provider in settings.oidc_providers:
        if provider.name == name:
            return Client(
                issuer=provider.issuer,
                client_id=provider.client_id,
                client_secret=provider.client_secret,
                redirect_uri=f"{settings.base_url}{BASE}/auth/oidc/{name}/callback",
                allowed=settings.outbound_allowed,
            )
    raise NoSuchSignIn


def _refuse_other_sites(return_to: str) -> None:
    """Raise `Invalid` unless the page is of the forum or an allowed origin."""
    settings, parts = settings_in(current_app), urlsplit(return_to)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in {settings.base_url, *settings.allowed_origins} or "#" in return_to:
        raise Invalid("Must be a page of an allowed origin.", pointer="?return_to")


def _attempt(provider: str, state: str) -> tuple[Attempt, Beginning]:
    """The attempt that this browser began, and for which page; raises `SignInRefused`."""
    cookie = request.cookies.get(COOKIE, "")
    began_with, attempt, begun, _ = handover.unsealed(_ATTEMPT, cookie)
    if began_with != provider or attempt["state"] != state:
        raise SignInRefused("This browser began another sign-in.")
    return Attempt(**attempt), Beginning(**begun)


def _sent_to(url: str) -> Response:
    """A redirect that nobody keeps, and that tells nobody where it came from."""
    headers = {"Location": url, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Response(status=302, headers=headers)


def _set_cookie(response: Response, value: str, lifetime: timedelta) -> None:
    response.set_cookie(
        COOKIE,
        value,
        max_age=lifetime,
        path=f"{BASE}/auth/oidc",
        secure=settings_in(current_app).base_url.startswith("https:"),
        httponly=True,
        samesite="Lax",
    )
