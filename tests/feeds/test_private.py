"""A feed for one reader: whoever shows the token reads it, and it opens nothing else."""

from base64 import b64encode
from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from forum.accounts.feed_tokens import MOST_TOKENS
from tests.apps import Answer
from tests.community import PASSWORD, Community, Json, Person
from tests.feed_judge import problems
from tests.feeds.scene import BASE_URL, FORMATS, Scene, address, populated
from tests.statements import recorded

FEED = "me/replies"


def issued(person: Person, **headers: str) -> Json:
    token: Json = person.ok("POST", "/me/feed-tokens", {"feed": "replies"}, headers=headers)
    return token


def read(scene: Scene, token: str, kind: str = "json", query: str = "", **headers: str) -> Answer:
    return scene.get(FEED, kind, f"?token={token}{query}", **headers)


def shown(answer: Answer) -> list[str]:
    return [item["url"].removeprefix(f"{BASE_URL}/") for item in answer.json["items"]]


def basic(token: str) -> dict[str, str]:
    return {"Authorization": f"Basic {b64encode(f'ada:{token}'.encode()).decode()}"}


def test_it_has_the_replies_to_what_its_reader_wrote(scene: Scene) -> None:
    mine = scene.community.thread(scene.ada, scene.post)
    to_thread = scene.community.reply(thread=mine)
    scene.community.reply(to=to_thread)
    token = issued(scene.ada)["token"]
    assert shown(read(scene, token)) == [address(to_thread), address(scene.answer)]


def test_nobody_is_told_of_their_own_replies(scene: Scene) -> None:
    scene.community.reply(scene.ada, to=scene.reply)
    assert shown(read(scene, issued(scene.ada)["token"])) == [address(scene.answer)]


def test_it_tells_what_left(scene: Scene) -> None:
    token = issued(scene.ada)["token"]
    scene.community.admin.ok("DELETE", f"/replies/{scene.answer['id']}")
    (left,) = read(scene, token).json["_crossroads"]["deleted"]
    assert left["id"].endswith(address(scene.answer))


def test_it_is_valid_in_every_format(scene: Scene) -> None:
    token = issued(scene.ada)["token"]
    for kind in FORMATS:
        url = f"{BASE_URL}/feeds/{FEED}.{kind}?token={token}"
        assert problems(kind, read(scene, token, kind).data, url) == []


def test_the_address_that_is_told_with_the_token_is_that_of_the_feed(scene: Scene) -> None:
    url = issued(scene.ada)["url"]
    answer = scene.community.client.open(url.removeprefix(BASE_URL))
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")


def test_its_pages_carry_the_token_on(scene: Scene) -> None:
    scene.community.reply(to=scene.reply)
    token = issued(scene.ada)["token"]
    following = read(scene, token, query="&limit=1").json["next_url"]
    answer = scene.community.client.open(following.removeprefix(BASE_URL))
    assert shown(answer) == [address(scene.answer)]


def test_the_token_may_be_the_password_of_http_basic(scene: Scene) -> None:
    token = issued(scene.ada)["token"]
    answer = scene.get(FEED, **basic(token))
    assert shown(answer) == [address(scene.answer)]
    assert token not in answer.get_data(as_text=True)


def test_who_holds_it_costs_one_query(make_community: Callable[..., Community]) -> None:
    scene = populated(make_community(FORUM_PAGE_CACHE_MEGABYTES="0"))
    token = issued(scene.ada)["token"]
    held = {"If-None-Match": read(scene, token).headers["ETag"]}
    with recorded(scene.community.app) as asked:
        assert read(scene, token, **held).status_code == 304
    assert len(asked) == 1


def test_no_cache_that_others_use_may_keep_it(scene: Scene) -> None:
    token = issued(scene.ada)["token"]
    held = read(scene, token)
    again = read(scene, token, **{"If-None-Match": held.headers["ETag"]})
    for answer in (held, again, scene.get(FEED, **basic(token))):
        assert answer.headers["Cache-Control"] == "private, no-cache"


def test_nothing_is_read_without_a_token_that_is_good(scene: Scene) -> None:
    token = issued(scene.ada)["token"]
    answers = [
        scene.get(FEED),
        *(read(scene, wrong) for wrong in ("", "x", token[:-1], scene.ada.token[:90], "%00")),
        scene.get(FEED, **basic("x")),
        scene.get(FEED, Authorization=f"Bearer {scene.ada.token}"),
    ]
    assert {(answer.status_code, answer.json["code"]) for answer in answers} == {
        (401, "invalid-token")
    }
    assert answers[0].headers["WWW-Authenticate"] == 'Basic realm="feeds"'


def test_a_token_opens_no_other_door(scene: Scene) -> None:
    token = issued(scene.ada)["token"]
    person = Person(scene.community.client, token=token)
    assert person.get("/me").status_code == 401
    assert scene.get("replies", query=f"?token={token}").status_code == 422


def test_a_revoked_token_opens_nothing(scene: Scene) -> None:
    first, second = issued(scene.ada), issued(scene.ada)
    assert scene.ada.delete(f"/me/feed-tokens/{first['id']}").status_code == 204
    assert read(scene, first["token"]).status_code == 401
    assert read(scene, second["token"]).status_code == 200


def test_nobody_revokes_the_token_of_somebody_else(scene: Scene) -> None:
    token = issued(scene.ada)
    for token_id in (token["id"], 999):
        answer = scene.community.member().delete(f"/me/feed-tokens/{token_id}")
        assert (answer.status_code, answer.json["code"]) == (404, "not-found")
    assert read(scene, token["token"]).status_code == 200


def test_tokens_are_listed_without_their_secret(scene: Scene) -> None:
    first, second = issued(scene.ada), issued(scene.ada)
    issued(scene.community.member())
    listed = scene.ada.get("/me/feed-tokens")
    assert [item["id"] for item in listed.json["items"]] == [second["id"], first["id"]]
    assert {*listed.json["items"][0]} == {"id", "feed", "created_at"}
    assert scene.ada.ok("GET", f"/me/feed-tokens/{first['id']}") == listed.json["items"][1]


def test_only_a_hash_of_a_token_is_kept(scene: Scene, session: Session) -> None:
    token = issued(scene.ada, **{"Idempotency-Key": "one"})["token"]
    for table in ("feed_tokens", "events", "idempotency_keys"):
        rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608 - no input
        assert rows
        assert token not in repr(rows)


def test_a_token_is_told_again_to_who_repeats_the_request(scene: Scene) -> None:
    first = issued(scene.ada, **{"Idempotency-Key": "one"})
    assert issued(scene.ada, **{"Idempotency-Key": "one"}) == first


def test_nobody_has_more_tokens_than_anybody_needs(scene: Scene) -> None:
    for _ in range(MOST_TOKENS):
        issued(scene.ada)
    answer = scene.ada.post("/me/feed-tokens", {})
    assert (answer.status_code, answer.json["code"]) == (409, "too-many-feed-tokens")


def test_the_tokens_of_who_left_open_nothing(scene: Scene) -> None:
    leaver = scene.community.member(password=PASSWORD)
    token = issued(leaver)["token"]
    leaver.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    assert read(scene, token).status_code == 401


def test_a_token_stands_in_no_line_of_the_log(
    make_community: Callable[..., Community], capsys: pytest.CaptureFixture[str]
) -> None:
    scene = populated(make_community(FORUM_LOG_LEVEL="INFO"))
    token = issued(scene.ada)["token"]
    read(scene, token)
    read(scene, token, query="&limit=none")
    scene.get(FEED, **basic(token))
    logged = capsys.readouterr().out
    assert f"/feeds/{FEED}.json" in logged
    assert token not in logged


def test_it_leaves_out_whom_its_reader_mutes(scene: Scene) -> None:
    token, troll = issued(scene.ada)["token"], scene.community.member()
    muted = scene.community.reply(troll, to=scene.reply)
    scene.ada.ok("PUT", f"/me/mutes/{troll.username}")
    assert shown(read(scene, token)) == [address(scene.answer)]
    scene.ada.ok("DELETE", f"/me/mutes/{troll.username}")
    assert shown(read(scene, token)) == [address(muted), address(scene.answer)]


def test_it_does_not_tell_that_what_its_reader_mutes_left(scene: Scene) -> None:
    token, troll = issued(scene.ada)["token"], scene.community.member()
    muted = scene.community.reply(troll, to=scene.reply)
    scene.ada.ok("PUT", f"/me/mutes/{troll.username}")
    scene.community.admin.ok("DELETE", f"/replies/{muted['id']}")
    assert read(scene, token).json["_crossroads"]["deleted"] == []
