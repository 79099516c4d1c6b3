"""Signing in with a provider of OpenID Connect: the code flow with PKCE, in Authlib's words.

What is asked of the provider goes by the one guarded way out, and what it says is believed only by
the keys it publishes, for this client, this attempt and the moment. Authlib is imported when it is
needed: it takes longer to load than the rest of the forum, which most forums never need it for.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import orjson

from forum.core import clock, outbound

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519"})
"""Those that verify by a public key."""
KNOWN_FOR_SECONDS = 600.0
ASKED_AGAIN_AFTER_SECONDS = 10.0
"""An unknown key makes us ask for new ones, but nobody can make us do nothing else."""
CLOCKS_DIFFER_SECONDS = 60

Json = dict[str, Any]


class NotVouched(Exception):
    """The provider does not say, or not believably, who signs in."""


@dataclass(frozen=True)
class Client:
    """What the forum is to a provider, and the only address to which it may return."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str
    allowed: Sequence[str] = ()
    """Networks of an intranet, see `outbound.post`."""


@dataclass(frozen=True)
class Attempt:
    """What ties the answer of a provider to the browser that asked."""

    state: str
    nonce: str
    verifier: str


def new_attempt() -> Attempt:
    """Secrets for one attempt to sign in."""
    return Attempt(*(secrets.token_urlsafe(size) for size in (32, 32, 48)))


def address(client: Client, attempt: Attempt) -> str:
    """Where the browser is sent; raises `NotVouched` where the provider cannot be asked."""
    from authlib.oauth2.client import OAuth2Client

    asking = OAuth2Client(
        None,
        client_id=client.client_id,
        redirect_uri=client.redirect_uri,
        scope="openid profile email",
        code_challenge_method="S256",
    )
    url, _ = asking.create_authorization_url(
        _member(_metadata(client), "authorization_endpoint"),
        state=attempt.state,
        code_verifier=attempt.verifier,
        nonce=attempt.nonce,
    )
    return str(url)


def who(client: Client, attempt: Attempt, code: str, issuer: str | None) -> Json:
    """What the provider says of who has come back with a code, and `issuer` (RFC 9207).

    Raises `NotVouched`.
    """
    metadata = _metadata(client)
    names_itself = metadata.get("authorization_response_iss_parameter_supported") is True
    if issuer != client.issuer and (issuer is not None or names_itself):
        raise NotVouched("Another provider has answered.")
    tokens = _redeemed(client, metadata, attempt, code)
    claims = _verified(client, metadata, tokens, attempt.nonce)
    return {**_more(client, metadata, tokens, claims), **claims}


def _redeemed(client: Client, metadata: Json, attempt: Attempt, code: str) -> Json:
    from authlib.oauth2.auth import ClientAuth
    from authlib.oauth2.rfc6749.parameters import prepare_token_request

    body = prepare_token_request(
        "authorization_code",
        code=code,
        redirect_uri=client.redirect_uri,
        code_verifier=attempt.verifier,
    )
    auth = ClientAuth(client.client_id, client.client_secret, _method(client, metadata))
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    url, headers, body = auth.prepare("POST", _member(metadata, "token_endpoint"), form, body)
    try:
        answer = outbound.post(url, body.encode(), headers, allowed=client.allowed)
    except outbound.NoExchange as error:
        raise NotVouched(str(error)) from error
    return _read(answer)


def _method(client: Client, metadata: Json) -> str:
    if not client.client_secret:
        return "none"
    known = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_basic" if "client_secret_basic" in known else "client_secret_post"


def _verified(client: Client, metadata: Json, tokens: Json, nonce: str) -> Json:
    """The claims of the ID token (OpenID Connect Core, 3.1.3.7)."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import JoseError

    told = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = sorted(ALGORITHMS.intersection(told))
    try:
        token = _decoded(client, metadata, _member(tokens, "id_token"), algorithms)
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": client.issuer},
                "aud": {"essential": True, "value": client.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            {"client_id": client.client_id, "nonce": nonce, **_access_token(tokens)},
        )
        claims.validate(int(clock.now().timestamp()), CLOCKS_DIFFER_SECONDS)
    except (JoseError, ValueError, TypeError) as error:
        raise NotVouched(str(error)) from error
    return dict(claims)


def _decoded(client: Client, metadata: Json, token: str, algorithms: list[str]) -> Any:
    """By the keys known, or else by those that the provider has by now."""
    from joserfc import jwt
    from joserfc.errors import JoseError

    url = _member(metadata, "jwks_uri")
    try:
        return jwt.decode(token, _keys(client, url, KNOWN_FOR_SECONDS), algorithms)
    except JoseError:
        return jwt.decode(token, _keys(client, url, ASKED_AGAIN_AFTER_SECONDS), algorithms)


def _keys(client: Client, url: str, known_for: float) -> Any:
    from joserfc.jwk import KeySet

    found: Any = _known.get(client, url, known_for)
    return KeySet.import_key_set(found)


def _more(client: Client, metadata: Json, tokens: Json, claims: Json) -> Json:
    """What the provider tells only who asks, about the same person."""
    url = metadata.get("userinfo_endpoint")
    if "email" in claims or not isinstance(url, str) or not _access_token(tokens):
        return {}
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "Accept": "application/json"}
    try:
        found = _read(outbound.get(url, headers, allowed=client.allowed))
    except outbound.NoExchange as error:
        raise NotVouched(str(error)) from error
    if found.get("sub") != claims["sub"]:
        raise NotVouched("The provider speaks of somebody else.")
    return found


def _access_token(tokens: Json) -> Json:
    token = tokens.get("access_token")
    return {"access_token": token} if isinstance(token, str) else {}


def _metadata(client: Client) -> Json:
    """What the provider says of itself (OpenID Connect Discovery)."""
    url = client.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _known.get(client, url, KNOWN_FOR_SECONDS)
    if found.get("issuer") != client.issuer:
        raise NotVouched("The provider calls itself otherwise.")
    return found


def _member(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise NotVouched(f"The provider does not tell its {name}.")
    return value


def _read(answer: outbound.Answer) -> Json:
    try:
        found = orjson.loads(answer.body)
    except ValueError as error:
        raise NotVouched("The provider has answered no JSON.") from error
    if answer.status != 200 or not isinstance(found, dict):
        raise NotVouched(f"The provider has answered with {answer.status}.")
    return found


class _Known:
    """Documents of providers, which change seldom, for a while."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._found: dict[str, tuple[float, Json]] = {}

    def get(self, client: Client, url: str, known_for: float) -> Json:
        with self._turn:
            asked_at, found = self._found.get(url, (float("-inf"), {}))
        now = time.monotonic()
        if now - asked_at < known_for:
            return found
        try:
            read = _read(outbound.get(url, {"Accept": "application/json"}, allowed=client.allowed))
        except outbound.NoExchange as error:
            raise NotVouched(str(error)) from error
        with self._turn:
            self._found[url] = now, read
        return read


_known = _Known()
