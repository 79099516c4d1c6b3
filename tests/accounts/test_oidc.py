"""Signing in with a provider of OpenID Connect, which is a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from joserfc import jwt
from joserfc.jwk import RSAKey

from forum.app import create_app
from forum.core.db import db
from tests.apps import Answer, SeparateClient
from tests.clocks import LetPass
from tests.community import API, Community, Json, Person
from tests.databases import on_one_database, settings_for
from tests.oidc_provider import CLIENT_ID, CLIENT_SECRET

BASE = "https://forum.example.com"
HOME = "https://blog.example.com/careers?page=2"
START = "/auth/oidc/example"
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
"""Of RFC 7636, appendix B."""
ANOTHER_VERIFIER = "another-page-has-this-one-or-has-made-it-up"

pytestmark = on_one_database


class Provider:
    """The process, as browsers and tests speak to it."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer

    def answers(self, **said: Any) -> None:
        """How it is to answer from here on; without words, as it should."""
        self._call("PUT", "/next", json.dumps(said))

    def sends_to(self, url: str) -> str:
        """Where a browser that comes to `url` is sent."""
        parts = urlsplit(url)
        assert f"{parts.scheme}://{parts.netloc}" == self.issuer
        status, location = self._call("GET", f"{parts.path}?{parts.query}")
        assert status == 302, location
        return location

    def _call(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        connection = HTTPConnection(urlsplit(self.issuer).netloc, timeout=20)
        connection.request(method, path, body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        text = response.read().decode()
        connection.close()
        return response.status, response.getheader("Location") or text


@pytest.fixture(scope="module")
def process() -> Iterator[Provider]:
    program = Path(__file__).parents[1] / "oidc_provider.py"
    running = subprocess.Popen(
        [sys.executable, str(program), f"{BASE}{API}{START}/callback"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"},
        text=True,
    )
    with running:
        assert running.stdout
        yield Provider(running.stdout.readline().strip())
        running.communicate()


@pytest.fixture
def provider(process: Provider) -> Provider:
    process.answers()
    return process


@pytest.fixture(scope="module")
def made() -> dict[str, Flask]:
    return {}


@pytest.fixture
def community(made: dict[str, Flask], provider: Provider, database_url: str) -> Iterator[Community]:
    if database_url not in made:
        known = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
        providers = {
            "example": {"issuer": provider.issuer, **known},
            "another": {"issuer": "https://id.example.org", **known},
        }
        settings = {
            "FORUM_BASE_URL": BASE,
            "FORUM_ALLOWED_ORIGINS": "https://blog.example.com",
            "FORUM_OIDC_PROVIDERS": providers,
            "FORUM_OUTBOUND_ALLOWED": "127.0.0.1",
        }
        made[database_url] = create_app(settings_for(database_url, **settings))
    yield Community(made[database_url])
    with made[database_url].app_context():
        db.engine.dispose()


@pytest.fixture
def browser(community: Community) -> Person:
    """A browser of its own, which keeps cookies."""
    return Person(SeparateClient(community.app))


def start(browser: Person, return_to: str = HOME, **more: Any) -> Answer:
    query = {"return_to": return_to, "challenge": CHALLENGE, **more}
    return browser.client.open(f"{API}{START}?{urlencode(query)}", base_url=BASE)


def come_back(browser: Person, location: str) -> Answer:
    parts = urlsplit(location)
    return browser.client.open(f"{parts.path}?{parts.query}", base_url=BASE)


def through(browser: Person, provider: Provider, **more: Any) -> str:
    """Where the browser is in the end."""
    back = provider.sends_to(start(browser, **more).headers["Location"])
    return come_back(browser, back).headers["Location"]


def handed(location: str) -> str:
    """What the frontend is handed."""
    assert location.startswith(f"{HOME}#sign_in="), location
    return location.partition("#sign_in=")[2]


def redeem(browser: Person, token: str, verifier: str = VERIFIER) -> Answer:
    return browser.post("/auth/oidc/redeem", {"token": token, "verifier": verifier})


def join(person: Person, token: str) -> Answer:
    body = {"token": token, "verifier": VERIFIER}
    return person.post("/auth/identities/oidc", body)


def session_of(person: Person) -> int:
    """The id of the session that somebody uses."""
    found: int = person.ok("GET", "/auth/sessions")["items"][0]["id"]
    return found


def user(browser: Person, provider: Provider) -> Json:
    """Who the browser is signed in as."""
    tokens = redeem(browser, handed(through(browser, provider)))
    assert tokens.status_code == 200, tokens.text
    me: Json = Person(browser.client, token=tokens.json["access_token"]).ok("GET", "/me")
    return me


REFUSED = f"{HOME}#error=sign-in-refused"


def test_somebody_new_gets_an_account(browser: Person, provider: Provider) -> None:
    me = user(browser, provider)
    assert (me["username"], me["display_name"], me["role"]) == ("robin-w", "Robin W.", "member")


def test_the_next_time_it_is_the_same_account(browser: Person, provider: Provider) -> None:
    assert user(browser, provider)["id"] == user(browser, provider)["id"]


def test_a_verified_address_is_confirmed(browser: Person, provider: Provider) -> None:
    claims = {"email": "robin@example.org", "email_verified": True}
    provider.answers(claims=claims)
    me = user(browser, provider)
    assert (me["email"], me["email_confirmed"]) == ("robin@example.org", True)


@pytest.mark.parametrize("verified", [True, False])
def test_nobody_gets_an_account_by_its_address(
    community: Community, browser: Person, provider: Provider, verified: bool
) -> None:
    noor = community.member("noor").ok("GET", "/me")
    provider.answers(claims={"email": "noor@example.org", "email_verified": verified})
    me = user(browser, provider)
    assert (me["id"] != noor["id"], me["email"]) == (True, None)


def test_a_provider_makes_no_moderators(browser: Person, provider: Provider) -> None:
    provider.answers(claims={"role": "moderator"})
    assert user(browser, provider)["role"] == "member"


def test_the_browser_is_sent_with_state_nonce_and_challenge(
    browser: Person, provider: Provider
) -> None:
    asked = parse_qs(urlsplit(start(browser).headers["Location"]).query)
    assert asked["redirect_uri"] == [f"{BASE}{API}{START}/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert all(len(asked[name][0]) >= 43 for name in ("state", "nonce", "code_challenge"))


def test_what_ties_browser_and_answer_is_out_of_reach_of_scripts(
    browser: Person, provider: Provider
) -> None:
    cookie = start(browser).headers["Set-Cookie"]
    for attribute in ("HttpOnly", "Secure", "SameSite=Lax", "Path=/api/v1/auth/oidc"):
        assert attribute in cookie


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example.com/",
        "https://blog.example.com.evil.example/",
        "https://blog.example.com@evil.example/",
        "https://evil.example/#https://blog.example.com/",
        "//blog.example.com/",
        "javascript:alert(1)",
    ],
)
def test_nobody_is_sent_elsewhere(browser: Person, provider: Provider, elsewhere: str) -> None:
    assert start(browser, elsewhere).status_code == 422


def test_an_unknown_provider_is_not_found(browser: Person, provider: Provider) -> None:
    query = urlencode({"return_to": HOME, "challenge": CHALLENGE})
    assert browser.get(f"/auth/oidc/nobody?{query}").status_code == 404


def test_another_browser_cannot_end_what_one_began(
    community: Community, browser: Person, provider: Provider
) -> None:
    back = provider.sends_to(start(browser).headers["Location"])
    other = Person(SeparateClient(community.app))
    start(other)
    assert [come_back(each, back).status_code for each in (other, community.passer_by)] == [401] * 2


def test_a_wrong_state_is_refused(browser: Person, provider: Provider) -> None:
    back = provider.sends_to(start(browser).headers["Location"])
    assert come_back(browser, back.replace("state=", "state=x")).status_code == 401


def test_an_answer_is_good_once(browser: Person, provider: Provider) -> None:
    back = provider.sends_to(start(browser).headers["Location"])
    statuses = [come_back(browser, back).status_code for _ in range(2)]
    assert statuses == [302, 401]


def test_a_code_of_another_attempt_is_refused(
    community: Community, browser: Person, provider: Provider
) -> None:
    """A stolen code without the secrets of the attempt it belongs to: PKCE."""
    stolen = parse_qs(urlsplit(provider.sends_to(start(browser).headers["Location"])).query)
    thief = Person(SeparateClient(community.app))
    back = urlsplit(provider.sends_to(start(thief).headers["Location"]))
    forged = {**parse_qs(back.query), "code": stolen["code"]}
    location = f"{back.path}?{urlencode(forged, doseq=True)}"
    assert come_back(thief, location).headers["Location"] == REFUSED


def test_an_answer_of_another_provider_is_refused(browser: Person, provider: Provider) -> None:
    """The mix-up of RFC 9207."""
    back = provider.sends_to(start(browser).headers["Location"])
    query = {**parse_qs(urlsplit(back).query), "iss": "https://id.example.org"}
    mixed = f"{API}{START}/callback?{urlencode(query, doseq=True)}"
    assert come_back(browser, mixed).headers["Location"] == REFUSED


def test_an_answer_at_the_address_of_another_provider_is_refused(
    browser: Person, provider: Provider
) -> None:
    back = provider.sends_to(start(browser).headers["Location"])
    assert come_back(browser, back.replace("/example/", "/another/")).status_code == 401


def test_who_says_no_comes_back_without_anything(browser: Person, provider: Provider) -> None:
    state = parse_qs(urlsplit(start(browser).headers["Location"]).query)["state"][0]
    back = f"{API}{START}/callback?state={state}&error=access_denied"
    assert come_back(browser, back).headers["Location"] == REFUSED


def right_claims(provider: Provider) -> Json:
    return {"iss": provider.issuer, "aud": CLIENT_ID, "sub": "admin", "iat": 1, "exp": 2**33}


@pytest.mark.parametrize("kind", ["none", "HS256", "RS256"])
def test_a_token_that_the_provider_has_not_signed_is_refused(
    browser: Person, provider: Provider, kind: str
) -> None:
    head = {"alg": kind, "kid": "one"}
    claims = right_claims(provider)
    if kind == "none":
        forged = ".".join(_packed(part) for part in (head, claims)) + "."
    else:
        from joserfc.jwk import OctKey

        key: Any = OctKey.import_key(CLIENT_SECRET)
        key = RSAKey.generate_key(2048) if kind == "RS256" else key
        forged = jwt.encode(head, claims, key)
    provider.answers(id_token=forged)
    assert through(browser, provider) == REFUSED


def _packed(part: Json) -> str:
    from base64 import urlsafe_b64encode

    return urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "of another attempt"},
        {"iss": "https://id.example.org"},
        {"aud": "another client"},
        {"aud": [CLIENT_ID, "another client"]},
        {"azp": "another client"},
        {"exp": 1},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_token_with_a_wrong_claim_is_refused(
    browser: Person, provider: Provider, wrong: Json
) -> None:
    provider.answers(claims=wrong)
    assert through(browser, provider) == REFUSED


def test_a_new_key_of_the_provider_is_found(
    browser: Person, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    user(browser, provider)
    provider.answers(new_key=True)
    monkeypatch.setattr("forum.core.openid.ASKED_AGAIN_AFTER_SECONDS", 0)
    assert user(browser, provider)["username"] == "robin-w"


def test_what_is_handed_over_is_good_once(browser: Person, provider: Provider) -> None:
    token = handed(through(browser, provider))
    assert [redeem(browser, token).status_code for _ in range(2)] == [200, 401]


def test_what_a_page_is_handed_is_of_use_to_no_other(browser: Person, provider: Provider) -> None:
    """Who is led to a page with somebody else's sign-in is not signed in by it."""
    token = handed(through(browser, provider))
    assert redeem(browser, token, ANOTHER_VERIFIER).json["code"] == "sign-in-refused"
    assert redeem(browser, token).status_code == 200


@pytest.mark.parametrize("challenge", ["", VERIFIER + "x", CHALLENGE + "\n"])
def test_no_page_begins_without_a_challenge(
    browser: Person, provider: Provider, challenge: str
) -> None:
    assert start(browser, challenge=challenge).status_code == 422


def test_a_member_joins_who_a_provider_knows(
    community: Community, browser: Person, provider: Provider
) -> None:
    noor = community.member("noor")
    token = handed(through(browser, provider, session=session_of(noor)))
    assert join(noor, token).json["issuer"] == provider.issuer
    assert user(browser, provider)["username"] == "noor"


def test_what_one_session_has_begun_joins_nothing_in_another(
    community: Community, browser: Person, provider: Provider
) -> None:
    noor, sam = community.member(), community.member()
    token = handed(through(browser, provider, session=session_of(noor)))
    assert join(sam, token).json["code"] == "sign-in-refused"


def test_what_was_begun_to_sign_in_joins_nothing_and_the_other_way_round(
    community: Community, browser: Person, provider: Provider
) -> None:
    noor = community.member()
    assert join(noor, handed(through(browser, provider))).json["code"] == "sign-in-refused"
    to_join = handed(through(browser, provider, session=session_of(noor)))
    assert redeem(browser, to_join).json["code"] == "sign-in-refused"


def test_what_is_handed_over_is_soon_too_late(
    browser: Person, provider: Provider, let_pass: LetPass
) -> None:
    token = handed(through(browser, provider))
    let_pass(minutes=3)
    assert redeem(browser, token).status_code == 401


def test_nothing_made_elsewhere_can_be_redeemed(browser: Person, provider: Provider) -> None:
    start(browser)
    cookie = browser.client.get_cookie("crossroads_sign_in", "forum.example.com", START)
    others = ["made-up", "a.b.c", *([cookie.value] if cookie else [])]
    assert {redeem(browser, other).status_code for other in others} == {401}


def test_no_provider_is_asked_that_is_out_of_reach(
    community: Community, browser: Person, provider: Provider
) -> None:
    app = create_app(
        settings_for(
            str(community.app.config["SQLALCHEMY_DATABASE_URI"]),
            FORUM_ALLOWED_ORIGINS="https://blog.example.com",
            FORUM_OIDC_PROVIDERS={
                "inside": {"issuer": f"{provider.issuer}/", "client_id": CLIENT_ID}
            },
        )
    )
    inside = Person(SeparateClient(app))
    query = urlencode({"return_to": HOME, "challenge": CHALLENGE})
    assert inside.get(f"/auth/oidc/inside?{query}").status_code == 503
    with app.app_context():
        db.engine.dispose()
