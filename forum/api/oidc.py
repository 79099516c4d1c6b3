"""Routes by which people sign in with a provider of OpenID Connect.

The protocol has the browser come and go by GET. Neither changes anything here: what ties them
together is a sealed cookie, and the session begins when the frontend redeems what it is handed.
"""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from flask import Response, current_app, request

from forum.accounts import identities
from forum.accounts.errors import Banned, NoSuchSignIn, SignInRefused
from forum.accounts.vouching import Vouched
from forum.api import signing_in
from forum.api.blueprint import Blueprint
from forum.api.edge import BASE, NEWCOMERS
from forum.api.schemas.accounts import SsoBody, TokensSchema
from forum.api.schemas.oidc import ReturnQuery, StartQuery
from forum.config import settings_in
from forum.core import clock, openid
from forum.core.db import db
from forum.core.errors import Invalid, Unavailable
from forum.core.http import quota
from forum.core.openid import Attempt, Client, NotVouched
from forum.core.seals import BrokenSeal, seal, unseal

COOKIE = "crossroads_sign_in"
FOR_THE_PROVIDER = timedelta(minutes=10)
FOR_THE_FRONTEND = timedelta(minutes=2)
"""Long enough to enter the code of a second factor."""

_ATTEMPT, _VOUCHED = "an attempt to sign in", "who signs in"

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
    """Send the browser to a provider; it comes back to `return_to` in the end."""
    client, attempt = _client(provider), openid.new_attempt()
    return_to = _allowed(arguments["return_to"])
    try:
        response = _sent_to(openid.address(client, attempt))
    except NotVouched as error:
        raise Unavailable("The provider cannot be asked just now.") from error
    kept = [provider, asdict(attempt), return_to, _until(FOR_THE_PROVIDER)]
    _set_cookie(response, seal(_secret(), _ATTEMPT, kept), FOR_THE_PROVIDER)
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
    attempt, return_to = _attempt(provider, arguments["state"])
    try:
        vouched = _vouched(_client(provider), attempt, arguments["code"], arguments["iss"])
    except (NotVouched, SignInRefused):
        response = _sent_to(f"{return_to}#error=sign-in-refused")
    else:
        told = [asdict(vouched), attempt.state, _until(FOR_THE_FRONTEND)]
        response = _sent_to(f"{return_to}#sign_in={seal(_secret(), _VOUCHED, told)}")
    _set_cookie(response, "", timedelta(0))
    return response


@blueprint.operation(
    "POST",
    "/auth/oidc/redeem",
    who=NEWCOMERS,
    limit="login",
    body=SsoBody,
    answer=TokensSchema,
    errors=[SignInRefused, Banned, *signing_in.REFUSALS],
)
def redeem_sign_in(data: dict[str, Any]) -> Response:
    """Sign in with what the page was handed as `#sign_in=`; good once, for two minutes."""
    told, token_id, until = _unsealed(_VOUCHED, data["token"])
    vouched = Vouched(**told)
    identities.spend(db.session(), vouched.issuer, token_id, datetime.fromtimestamp(until, UTC))
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


def _allowed(return_to: str) -> str:
    """Raises `Invalid` for a page of another site."""
    settings, parts = settings_in(current_app), urlsplit(return_to)
    origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in {settings.base_url, *settings.allowed_origins} or "#" in return_to:
        raise Invalid("Must be a page of an allowed origin.", pointer="?return_to")
    return return_to


def _attempt(provider: str, state: str) -> tuple[Attempt, str]:
    """The attempt that this browser began, and where it goes then; raises `SignInRefused`."""
    began_with, attempt, return_to, _ = _unsealed(_ATTEMPT, request.cookies.get(COOKIE, ""))
    if began_with != provider or attempt["state"] != state:
        raise SignInRefused("This browser began another sign-in.")
    return Attempt(**attempt), return_to


def _unsealed(purpose: str, sealed: str) -> Any:
    """What was sealed and still holds, which its last value says; raises `SignInRefused`."""
    try:
        found = unseal(_secret(), purpose, sealed)
    except BrokenSeal as error:
        raise SignInRefused("It was not made by this forum.") from error
    if found[-1] <= clock.now().timestamp():
        raise SignInRefused("It is too late.")
    return found


def _until(lifetime: timedelta) -> int:
    return int((clock.now() + lifetime).timestamp())


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


def _secret() -> str:
    return settings_in(current_app).secret_key
