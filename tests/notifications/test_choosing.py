"""Subscriptions and mutes."""

import pytest

from tests.community import Community, Json
from tests.hiding import Hide, every_way_to_hide

TARGETS = ("/community", "/paths/technical-path", "/posts/{post}", "/threads/{thread}")


@pytest.fixture
def names(community: Community) -> Json:
    post = community.post()
    return {"post": post["slug"], "thread": community.thread(post=post)["id"]}


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_chosen_is_what_holds(community: Community, names: Json, target: str) -> None:
    address = f"{target.format(**names)}/subscription"
    ada = community.member()
    chosen = ada.ok("PUT", address, {"level": "all", "mail": "weekly"})
    assert (chosen["level"], chosen["mail"]) == ("all", "weekly")
    assert ada.ok("GET", address) == chosen
    again = ada.ok("PUT", address, {"level": "none", "mail": "never"})
    assert (again["level"], again["mail"]) == ("none", "never")
    assert ada.delete(address).status_code == 204
    assert ada.ok("GET", address) == {
        "level": "participating",
        "mail": "now",
        "chosen_at": None,
    }
    assert ada.delete(address).status_code == 204


def test_what_is_chosen_for_the_whole_holds_for_its_parts(
    community: Community, names: Json
) -> None:
    ada = community.member()
    ada.ok("PUT", "/community/subscription", {"level": "none", "mail": "never"})
    ada.ok("PUT", f"/posts/{names['post']}/subscription", {"level": "all", "mail": "weekly"})
    thread = ada.ok("GET", f"/threads/{names['thread']}/subscription")
    assert thread == {"level": "all", "mail": "weekly", "chosen_at": None}
    assert ada.ok("GET", "/paths/technical-path/subscription")["level"] == "none"


def test_digests_are_daily_unless_chosen(community: Community) -> None:
    chosen = community.member().ok("PUT", "/community/subscription", {"level": "all"})
    assert chosen["mail"] == "daily"


@pytest.mark.parametrize(
    "body",
    [{}, {"level": "some"}, {"level": "all", "mail": "hourly"}, {"level": "all", "mail": None}],
)
def test_other_words_are_refused(community: Community, body: Json) -> None:
    answer = community.member().put("/community/subscription", body)
    assert answer.status_code == 422


def test_subscriptions_are_listed_with_what_they_are_for(community: Community, names: Json) -> None:
    ada = community.member()
    for target in TARGETS:
        ada.ok("PUT", f"{target.format(**names)}/subscription", {"level": "all"})
    community.member().ok("PUT", "/community/subscription", {"level": "none"})
    listed = ada.ok("GET", "/me/subscriptions")
    targets = [item["target"] for item in listed["items"]]
    assert [target["kind"] for target in targets] == ["community", "path", "post", "thread"]
    assert targets[1]["path"] == "technical-path"
    assert targets[2]["slug"] == names["post"]
    assert targets[3]["thread_id"] == names["thread"]


def test_pages_of_subscriptions_are_the_whole_list(community: Community, names: Json) -> None:
    ada = community.member()
    for target in TARGETS:
        ada.ok("PUT", f"{target.format(**names)}/subscription", {"level": "all"})
    page = ada.ok("GET", "/me/subscriptions?limit=3")
    rest = ada.ok("GET", page["page"]["next"])
    assert [item["target"]["kind"] for item in rest["items"]] == ["thread"]
    assert rest["page"]["next"] is None


@every_way_to_hide
def test_subscriptions_to_what_is_hidden_are_not_listed(community: Community, hide: Hide) -> None:
    ada, opener, post = community.member(), community.member(), community.post()
    thread = community.thread(opener, post)
    ada.ok("PUT", f"/threads/{thread['id']}/subscription", {"level": "all"})
    hide(community, opener, post, f"/threads/{thread['id']}")
    assert ada.ok("GET", "/me/subscriptions")["items"] == []
    assert ada.get(f"/threads/{thread['id']}/subscription").status_code == 404


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_passers_by_choose_nothing(
    community: Community, names: Json, target: str, method: str
) -> None:
    body = {"level": "all"} if method == "PUT" else None
    address = f"{target.format(**names)}/subscription"
    assert community.passer_by.call(method, address, json=body).status_code == 401


def test_what_is_not_there_cannot_be_followed(community: Community) -> None:
    ada = community.member()
    for target in ("/posts/nowhere", "/threads/999", "/paths/neither"):
        assert ada.put(f"{target}/subscription", {"level": "all"}).status_code == 404


def test_who_is_muted_is_listed(community: Community) -> None:
    ada = community.member()
    for name in ("ben-cole", "cy-dorn"):
        community.member(name)
        assert ada.put(f"/me/mutes/{name}").status_code == 204
        assert ada.put(f"/me/mutes/{name.upper()}").status_code == 204
    listed = ada.ok("GET", "/me/mutes")["items"]
    assert [item["member"]["username"] for item in listed] == ["cy-dorn", "ben-cole"]
    assert ada.delete("/me/mutes/cy-dorn").status_code == 204
    assert ada.delete("/me/mutes/cy-dorn").status_code == 204
    assert len(ada.ok("GET", "/me/mutes")["items"]) == 1


def test_nobody_mutes_themselves_or_nobody(community: Community) -> None:
    ada = community.member("ada-berg")
    assert ada.put("/me/mutes/ada-berg").json["code"] == "self-mute"
    assert ada.put("/me/mutes/nobody").status_code == 404
