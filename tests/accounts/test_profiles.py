"""What members show of themselves, to themselves and to others."""

from tests.community import Community


def test_members_see_their_own_account(community: Community) -> None:
    me = community.member("noor").ok("GET", "/me")
    assert (me["username"], me["email"], me["email_confirmed"]) == (
        "noor",
        "noor@example.org",
        True,
    )


def test_nobody_else_has_an_account_to_see(community: Community) -> None:
    assert community.passer_by.get("/me").json["code"] == "unauthorized"


def test_a_display_name_can_be_changed(community: Community) -> None:
    noor = community.member("noor")
    assert noor.ok("PATCH", "/me", {"display_name": "Noor H."})["display_name"] == "Noor H."
    assert noor.ok("GET", "/me")["display_name"] == "Noor H."


def test_a_role_cannot_be_changed(community: Community) -> None:
    answer = community.member().patch("/me", {"display_name": "Noor", "role": "admin"})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/role")


def test_a_profile_is_not_changed_over_a_newer_one(community: Community) -> None:
    noor = community.member("noor")
    seen = noor.get("/me").headers["ETag"]
    noor.ok("PATCH", "/me", {"display_name": "Noor H."})
    late = noor.patch("/me", {"display_name": "N."}, headers={"If-Match": seen})
    assert (late.status_code, late.json["current"]["display_name"]) == (412, "Noor H.")


def test_everybody_sees_a_public_profile(community: Community) -> None:
    community.member("noor", role="moderator")
    profile = community.passer_by.ok("GET", "/users/noor")
    assert profile.pop("created_at").endswith("Z")
    assert profile == {
        "username": "noor",
        "display_name": "noor",
        "role": "moderator",
        "avatar_url": None,
        "standing": {"technical-path": 0, "management-path": 0},
    }


def test_a_profile_is_found_in_any_case(community: Community) -> None:
    community.member("Noor")
    assert community.passer_by.ok("GET", "/users/nOOR")["username"] == "Noor"


def test_a_profile_is_not_found_by_a_name_that_looks_alike(community: Community) -> None:
    community.member("noor")
    assert community.passer_by.get("/users/no0r").status_code == 404


def test_nobody_is_not_found(community: Community) -> None:
    for address in ("/users/nobody", "/users/nobody/replies", "/users/%00"):
        assert community.passer_by.get(address).json["code"] == "not-found"


def test_votes_received_make_the_standing_on_a_path(community: Community) -> None:
    noor = community.member("noor")
    technical = community.reply(noor, path="technical-path")
    management = community.reply(noor, path="management-path")
    for voter in community.members(2):
        voter.ok("PUT", f"/replies/{technical['id']}/vote", {"value": 1})
    community.member().ok("PUT", f"/replies/{management['id']}/vote", {"value": -1})
    standing = community.passer_by.ok("GET", "/users/noor")["standing"]
    assert standing == {"technical-path": 2, "management-path": -1}


def test_votes_on_a_deleted_reply_no_longer_count_for_standing(community: Community) -> None:
    noor = community.member("noor")
    reply = community.reply(noor, path="technical-path")
    community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    noor.delete(f"/replies/{reply['id']}")
    standing = community.passer_by.ok("GET", "/users/noor")["standing"]
    assert standing == {"technical-path": 0, "management-path": 0}


def test_replies_of_a_member_are_listed_newest_first(community: Community) -> None:
    noor, thread = community.member("noor"), community.thread()
    written = [community.reply(noor, thread)["id"] for _ in range(3)]
    community.reply(thread=thread)
    items = community.passer_by.ok("GET", "/users/noor/replies")["items"]
    assert [item["id"] for item in items] == written[::-1]


def test_replies_of_a_member_are_paged(community: Community) -> None:
    noor, thread = community.member("noor"), community.thread()
    written = [community.reply(noor, thread)["id"] for _ in range(3)]
    first = community.passer_by.ok("GET", "/users/noor/replies?limit=2")
    second = community.passer_by.ok("GET", first["page"]["next"])
    assert [item["id"] for item in first["items"] + second["items"]] == written[::-1]
    assert second["page"] == {"limit": 2, "next": None}


def test_deleted_replies_of_a_member_are_not_listed(community: Community) -> None:
    noor, thread = community.member("noor"), community.thread()
    answered = community.reply(noor, thread)
    community.reply(to=answered)
    noor.delete(f"/replies/{answered['id']}")
    assert community.passer_by.ok("GET", "/users/noor/replies")["items"] == []
