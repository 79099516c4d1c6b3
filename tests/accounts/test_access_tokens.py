"""Personal access tokens: they do what their scopes say, and never more than their owner may."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts.grants import SCOPES
from forum.accounts.models import AccessToken
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.statements import recorded


def issued(owner: Person, *scopes: str, **more: Any) -> Json:
    body = {"name": "A tool", "scopes": list(scopes or SCOPES), **more}
    token: Json = owner.ok("POST", "/auth/tokens", body)
    return token


def tool(owner: Person, *scopes: str, **more: Any) -> Person:
    """A program that acts for `owner`."""
    return Person(owner.client, owner.username, issued(owner, *scopes, **more)["token"])


def refusal(answer: Any) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json["code"], answer.json.get("scope")


def test_a_token_is_told_once_and_kept_as_a_hash(community: Community, session: Session) -> None:
    owner = community.member()
    token = issued(owner, "read")
    assert token["token"].startswith("cr_")
    (shown,) = owner.ok("GET", "/auth/tokens")["items"]
    assert shown == {name: token[name] for name in token if name != "token"}
    assert shown == owner.ok("GET", f"/auth/tokens/{token['id']}")
    kept = session.execute(select(AccessToken.__table__)).one()
    assert token["token"] not in map(str, kept)


def test_a_token_acts_for_its_owner(community: Community) -> None:
    owner = community.member()
    program = tool(owner, "read", "replies:write")
    assert program.ok("GET", "/me")["username"] == owner.username
    assert community.reply(program)["author"]["username"] == owner.username


def test_a_token_needs_the_scope_of_what_it_does(community: Community) -> None:
    program, thread = tool(community.member(), "read"), community.thread()
    answer = program.post(f"/threads/{thread['id']}/replies", {"body": "I would stay."})
    assert refusal(answer) == (403, "insufficient-scope", "replies:write")
    answer = tool(community.member(), "votes:write").get(f"/threads/{thread['id']}")
    assert refusal(answer) == (403, "insufficient-scope", "read")


@on_one_database
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/auth/tokens", {"name": "Another", "scopes": ["read"]}),
        ("GET", "/auth/tokens", None),
        ("GET", "/auth/sessions", None),
        ("DELETE", "/auth/sessions", None),
        ("POST", "/auth/logout", None),
        ("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"}),
        ("POST", "/me/feed-tokens", {}),
        ("PATCH", "/me", {"display_name": "Somebody else"}),
    ],
)
def test_no_token_does_what_takes_its_owner(
    community: Community, method: str, path: str, body: Json | None
) -> None:
    answer = tool(community.member(password=PASSWORD)).call(method, path, json=body)
    assert refusal(answer) == (403, "insufficient-scope", None)


def test_a_token_does_no_more_than_its_owner_may(community: Community) -> None:
    thread, program = community.thread(), tool(community.member())
    assert program.put(f"/threads/{thread['id']}/pin").json["code"] == "forbidden"
    assert program.get("/webhooks").json["code"] == "forbidden"


def test_a_token_moderates_with_the_scope_for_it_alone(community: Community) -> None:
    moderator, reply = community.moderator(), community.reply()
    scopes = [scope for scope in SCOPES if scope != "moderate"]
    assert tool(moderator, *scopes).delete(f"/replies/{reply['id']}").status_code == 403
    assert community.passer_by.get(f"/replies/{reply['id']}").json["state"] == "visible"
    pin = f"/threads/{reply['thread_id']}/pin"
    assert refusal(tool(moderator, *scopes).put(pin))[1:] == ("insufficient-scope", "moderate")
    assert tool(moderator, "moderate").put(pin).status_code == 200


def test_a_token_ends_when_it_is_revoked(community: Community) -> None:
    owner = community.member()
    program = tool(owner)
    assert owner.delete(f"/auth/tokens/{issued(owner)['id'] - 1}").status_code == 204
    assert program.get("/me").json["code"] == "invalid-token"


def test_nobody_sees_or_revokes_the_tokens_of_others(community: Community) -> None:
    address, stranger = f"/auth/tokens/{issued(community.member())['id']}", community.member()
    assert [stranger.get(address).status_code, stranger.delete(address).status_code] == [404, 404]
    assert stranger.ok("GET", "/auth/tokens")["items"] == []


def test_a_token_ends_when_its_time_is_over(community: Community, let_pass: LetPass) -> None:
    program = tool(community.member(), expires_at="2099-01-01T00:00:00Z")
    assert program.get("/me").status_code == 200
    let_pass(days=365 * 80)
    assert program.get("/me").json["code"] == "invalid-token"


def test_a_token_ends_with_the_account(community: Community) -> None:
    owner = community.member(password=PASSWORD)
    program = tool(owner)
    owner.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    assert program.get("/me").json["code"] == "invalid-token"


@on_one_database
def test_a_mistyped_token_is_refused_without_asking_the_database(community: Community) -> None:
    token = issued(community.member())["token"]
    for wrong in (token[:-1], token + "0", f"{token[:-1]}{'0' if token[-1] != '0' else '1'}"):
        with recorded(community.app) as statements:
            answer = Person(community.client, token=wrong).get("/me")
        assert (answer.json["code"], statements) == ("invalid-token", [])


def test_who_shows_a_token_is_found_by_one_query(community: Community) -> None:
    program = tool(community.member())
    program.get("/posts")
    with recorded(community.app) as by_token:
        program.get("/posts")
    with recorded(community.app) as by_nobody:
        community.passer_by.get("/posts?limit=51")
    assert len([s for s in by_token if "access_tokens" in s.sql]) == 1
    assert len(by_token) <= len(by_nobody) + 1


def test_the_use_of_a_token_is_noted_by_the_hour(community: Community, let_pass: LetPass) -> None:
    owner = community.member()
    program = tool(owner)

    def noted() -> Any:
        return owner.ok("GET", "/auth/tokens")["items"][0]["last_used_at"]

    assert noted() is None
    program.get("/me")
    first = noted()
    let_pass(minutes=59)
    program.get("/me")
    assert noted() == first
    let_pass(minutes=2)
    program.get("/me")
    assert noted() > first


@on_one_database
def test_a_member_has_fifty_tokens_at_most(community: Community) -> None:
    owner = community.member()
    for _ in range(50):
        issued(owner)
    answer = owner.post("/auth/tokens", {"name": "One more", "scopes": ["read"]})
    assert (answer.status_code, answer.json["code"]) == (409, "too-many-access-tokens")


@on_one_database
@pytest.mark.parametrize(
    "wrong",
    [{"scopes": []}, {"scopes": ["everything"]}, {"expires_at": "2020-01-01T00:00:00Z"}],
)
def test_a_token_needs_scopes_that_exist_and_a_time_to_come(
    community: Community, wrong: Json
) -> None:
    body = {"name": "A tool", "scopes": ["read"], **wrong}
    answer = community.member().post("/auth/tokens", body)
    assert answer.json["errors"][0]["pointer"].startswith(f"/{next(iter(wrong))}")
