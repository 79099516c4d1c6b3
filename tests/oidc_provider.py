"""A provider of OpenID Connect, written with Authlib, in a process of its own.

Whoever is asked to sign in is signed in as the user that the test has chosen last; the tests say
by `PUT /next` how the provider is to answer, right or wrong.
"""

import sys
import threading
import time
from typing import Any

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin, grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oauth2.rfc9207 import IssuerParameter
from authlib.oidc.core import OpenIDCode as OpenIDCodeExtension
from authlib.oidc.core import UserInfo
from flask import Flask, Response, jsonify, request
from joserfc.jwk import RSAKey
from werkzeug.serving import make_server

CLIENT_ID, CLIENT_SECRET = "forum", "between forum and provider"


class Client(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """The one client, and the one address it may return to."""

    def __init__(self, redirect_uri: str) -> None:
        self._redirect_uri = redirect_uri

    def get_client_id(self) -> str:
        return CLIENT_ID

    def get_default_redirect_uri(self) -> str:
        return self._redirect_uri

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self._redirect_uri

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == CLIENT_SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Code(dict[str, Any]):
    """An authorization code as it is kept until it is redeemed."""

    def get_redirect_uri(self) -> str:
        return str(self["redirect_uri"])

    def get_scope(self) -> str:
        return str(self["scope"])

    def get_nonce(self) -> str:
        return str(self["nonce"])

    def get_auth_time(self) -> None:
        return None

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None

    def __getattr__(self, name: str) -> Any:
        return self.get(name)


def make_app(issuer: str, redirect_uri: str) -> Flask:  # noqa: C901 - the routes of one server
    """The provider as it calls itself, for the forum that returns to an address."""
    app, client = Flask(__name__), Client(redirect_uri)
    codes: dict[str, Code] = {}
    keys = [RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})]
    said: dict[str, Any] = {"claims": {}, "user": {"sub": "user-17", "name": "Robin W."}}

    class CodeGrant(grants.AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
        TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic",)

        def save_authorization_code(self, code: str, request: Any) -> None:
            data = request.payload.data
            names = ("code_challenge", "code_challenge_method", "nonce")
            codes[code] = Code(
                {name: data.get(name) for name in names},
                redirect_uri=request.payload.redirect_uri,
                scope=request.payload.scope,
                user=dict(said["user"]),
            )

        def query_authorization_code(self, code: str, client: Client) -> Code | None:
            return codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            for code, kept in list(codes.items()):
                if kept is authorization_code:
                    del codes[code]

        def authenticate_user(self, authorization_code: Code) -> dict[str, Any]:
            user: dict[str, Any] = authorization_code["user"]
            return user

    class OpenIDCode(OpenIDCodeExtension):  # type: ignore[misc]  # Authlib has no types
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return False

        def resolve_client_private_key(self, client: Client) -> RSAKey:
            return keys[-1]

        def get_client_claims(self, client: Client) -> dict[str, Any]:
            now = int(time.time())
            return {"iss": issuer, "iat": now, "exp": now + 3600}

        def get_client_algorithm(self, client: Client) -> str:
            return "RS256"

        def generate_user_info(self, user: Any, scope: str) -> UserInfo:
            return UserInfo({**user, **said["claims"]})

    class NamesItself(IssuerParameter):  # type: ignore[misc]  # Authlib has no types
        def get_issuer(self) -> str:
            return issuer

    server = AuthorizationServer(app, query_client=lambda _: client, save_token=lambda *_: None)
    server.register_extension(NamesItself())
    server.register_grant(CodeGrant, [OpenIDCode(require_nonce=True), CodeChallenge(required=True)])

    @app.get("/.well-known/openid-configuration")
    def configuration() -> Response:
        return jsonify(
            issuer=said.get("issuer", issuer),
            authorization_endpoint=f"{issuer}/authorize",
            token_endpoint=f"{issuer}/token",
            jwks_uri=f"{issuer}/keys",
            id_token_signing_alg_values_supported=["RS256"],
            authorization_response_iss_parameter_supported=True,
        )

    @app.get("/keys")
    def published() -> Response:
        return jsonify(keys=[key.as_dict(private=False) for key in keys])

    @app.get("/authorize")
    def authorize() -> Any:
        return server.create_authorization_response(grant_user=said["user"])

    @app.post("/token")
    def token() -> Any:
        response = server.create_token_response()
        if "id_token" in said and response.status_code == 200:
            return jsonify({**response.get_json(), "id_token": said["id_token"]})
        return response

    @app.put("/next")
    def next_answers() -> Response:
        said.clear()
        said.update({"claims": {}, "user": {"sub": "user-17", "name": "Robin W."}})
        said.update(request.get_json())
        if said.pop("new_key", False):
            keys[:] = [RSAKey.generate_key(2048, {"kid": f"key-{id(said)}-{len(codes)}"})]
        return Response(status=204)

    return app


def main() -> None:
    """Serve until standard input ends; tells the port."""
    server = make_server("127.0.0.1", 0, Flask("unused"), threaded=True)
    issuer = f"http://127.0.0.1:{server.server_port}"
    server.app = make_app(issuer, sys.argv[1])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdout.write(f"{issuer}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
