"""Roles and the list of members, as staff has them."""

from typing import Any

import pytest
from flask.testing import FlaskCliRunner

from forum.core import clock
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.sanctions import put_into_force
from tests.test_races import request, statuses


def give(actor: Person, member: Person, role: str) -> Any:
    return actor.patch(f"/users/{member.username}", {"role": role})


def role_of(community: Community, person: Person) -> str:
    role: str = community.passer_by.ok("GET", f"/users/{person.username}")["role"]
    return role


def names(found: Json) -> list[str]:
    return [member["username"] for member in found["items"]]


def test_an_admin_gives_any_role(community: Community) -> None:
    member = community.member()
    for role in ("moderator", "admin", "member"):
        assert give(community.admin, member, role).json["role"] == role
        assert role_of(community, member) == role


def test_a_moderator_makes_moderators_but_no_admins(community: Community) -> None:
    moderator, member = community.moderator(), community.member()
    assert give(moderator, member, "admin").status_code == 403
    assert give(moderator, member, "moderator").status_code == 200


@on_one_database
def test_no_token_gives_a_role_by_undoing(community: Community) -> None:
    admin, member = community.admin, community.member()
    for role in ("moderator", "member"):
        give(admin, member, role)
    entry, *_ = admin.ok("GET", "/moderation/log?action=member.role")["items"]
    asked = {"name": "A script", "scopes": ["read", "moderate"]}
    script = Person(community.client, token=admin.ok("POST", "/auth/tokens", asked)["token"])
    assert script.post(f"/moderation/log/{entry['group']}/undo", {}).status_code == 403
    assert role_of(community, member) == "member"


@on_one_database
@pytest.mark.parametrize("better", ["moderator", "admin"])
def test_a_moderator_changes_no_equals_or_betters(community: Community, better: str) -> None:
    moderator, other = community.moderator(), community.member(role=better)
    assert give(moderator, other, "member").status_code == 403
    assert give(moderator, moderator, "member").status_code == 403
    assert role_of(community, other) == better


def test_a_role_that_changes_ends_the_sessions(community: Community) -> None:
    member = community.member()
    give(community.admin, member, "moderator")
    assert member.get("/me").json["code"] == "invalid-token"


def test_the_same_role_again_ends_no_sessions(community: Community) -> None:
    member = community.member()
    assert give(community.admin, member, "member").status_code == 200
    assert member.get("/me").status_code == 200


def test_what_a_member_wrote_shows_their_new_role(community: Community) -> None:
    member = community.member()
    reply = community.reply(member)
    community.passer_by.get(f"/replies/{reply['id']}")
    give(community.admin, member, "moderator")
    shown = community.passer_by.ok("GET", f"/replies/{reply['id']}")
    assert shown["author"]["role"] == "moderator"


def test_the_last_admin_stays(community: Community) -> None:
    admin = community.member(role="admin", password=PASSWORD)
    answer = give(admin, admin, "member")
    assert (answer.status_code, answer.json["code"]) == (409, "last-admin")
    leaving = admin.post("/me/erasure", {"password": PASSWORD, "content": "keep"})
    assert leaving.json["code"] == "last-admin"
    assert role_of(community, admin) == "admin"


def test_an_admin_stays_when_all_would_leave_at_once(community: Community) -> None:
    admins = [community.member(role="admin") for _ in range(4)]
    leave = [request(a, "PATCH", f"/users/{a.username}", {"role": "member"}) for a in admins]
    assert statuses(leave) == {200: 3, 409: 1}


def test_admins_who_depose_each_other_leave_one(community: Community) -> None:
    one, other = community.member(role="admin"), community.member(role="admin")
    depose = [
        request(a, "PATCH", f"/users/{b.username}", {"role": "member"})
        for a, b in ((one, other), (other, one))
    ]
    statuses(depose)
    assert {role_of(community, one), role_of(community, other)} == {"member", "admin"}


def test_a_role_is_logged_and_can_be_taken_back(community: Community) -> None:
    member = community.member()
    give(community.admin, member, "moderator")
    entry = community.admin.ok("GET", "/moderation/log")["items"][0]
    assert (entry["action"], entry["member"]["username"]) == ("member.role", member.username)
    community.admin.ok("POST", f"/moderation/log/{entry['group']}/undo", {})
    assert role_of(community, member) == "member"


@on_one_database
def test_a_role_is_changed_as_it_was_seen(community: Community) -> None:
    member = community.member()
    seen = {"If-Match": '"something-else"'}
    path = f"/users/{member.username}"
    answer = community.admin.patch(path, {"role": "moderator"}, headers=seen)
    assert (answer.status_code, answer.json["current"]["role"]) == (412, "member")


def test_members_are_found_by_how_their_names_begin(community: Community) -> None:
    for name in ("anna-of-the-docks", "hannah", "basil", "anna-banana"):
        community.member(name)
    community.member("noor").ok("PATCH", "/me", {"display_name": "Änna N."})
    community.member("zoe").ok("PATCH", "/me", {"display_name": "ANNA Zoe"})
    moderator = community.moderator()
    assert names(moderator.ok("GET", "/users?q=AnnA")) == [
        "zoe",
        "anna-banana",
        "anna-of-the-docks",
    ]
    assert names(moderator.ok("GET", "/users?q=anna-of")) == ["anna-of-the-docks"]
    assert names(moderator.ok("GET", "/users?q=änna")) == ["noor"]


@on_one_database
@pytest.mark.parametrize("q", ["%", "_", "/", "a_n"])
def test_what_is_looked_for_is_no_pattern(community: Community, q: str) -> None:
    community.member("anna")
    moderator = community.moderator()
    assert moderator.get("/users", query_string={"q": q}).json["items"] == []


def test_members_are_found_by_role_and_state(community: Community) -> None:
    moderator = community.moderator()
    unconfirmed = community.member(confirmed=False)
    suspended, gone = community.member(), community.member(password=PASSWORD)
    put_into_force(community, suspended, "suspend")
    gone.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    states = {"unconfirmed": unconfirmed.username, "suspended": suspended.username}
    for state, username in {**states, "erased": "deleted-member"}.items():
        assert names(moderator.ok("GET", f"/users?state={state}")) == [username]
    assert names(moderator.ok("GET", "/users?role=moderator")) == [moderator.username]


def test_only_admins_are_told_addresses(community: Community) -> None:
    member = community.member()
    found = community.admin.ok("GET", f"/users?q={member.username}")["items"][0]
    assert found["email"] == f"{member.username}@example.org"
    assert "email" not in community.moderator().ok("GET", f"/users?q={member.username}")["items"][0]


def test_the_owner_lists_members_and_gives_roles(cli: FlaskCliRunner, community: Community) -> None:
    member = community.member("noor")
    give_role = ["users", "role", "noor", "admin", "--reason", "Runs it now."]
    assert cli.invoke(args=give_role).output == "noor is now admin.\n"
    assert member.get("/me").status_code == 401
    printed = cli.invoke(args=["users", "list", "--role", "admin"]).output
    came = f"{clock.now():%Y-%m-%d}"
    assert printed == f"noor\tadmin\tactive\tnoor@example.org\t{came}\t\n"
    logged = community.admin.ok("GET", "/moderation/log?action=member.role")["items"][0]
    assert logged["private"]["reason"] == "Runs it now."


def test_the_owner_cannot_take_the_last_admin_away(
    cli: FlaskCliRunner, community: Community
) -> None:
    community.member("noor", role="admin")
    refused = cli.invoke(args=["users", "role", "noor", "member"])
    assert (refused.exit_code, "no other admin" in refused.output) == (1, True)
    assert cli.invoke(args=["users", "role", "nobody", "member"]).exit_code == 1
