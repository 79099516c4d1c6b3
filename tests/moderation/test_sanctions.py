"""Moderators impose and lift sanctions; members are told, and see what holds for them."""

from datetime import timedelta
from typing import Any

import pytest

from forum.core import clock
from tests.clocks import LetPass
from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.notifications.told import told
from tests.worker import work_off

MUTE = {"kind": "mute", "reason": "Insults, again."}


@pytest.fixture
def robin(community: Community) -> Person:
    return community.member()


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


def impose(moderator: Person, member: Person, **sanction: Any) -> Json:
    address = f"/moderation/users/{member.username}/sanctions"
    imposed: Json = moderator.ok("POST", address, {**MUTE, **sanction})
    return imposed


def mine(member: Person) -> list[Json]:
    items: list[Json] = member.ok("GET", "/me/sanctions")["items"]
    return items


def test_a_mute_holds_until_it_is_lifted(
    community: Community, moderator: Person, robin: Person
) -> None:
    thread = community.thread()
    reply = {"body": "I would go."}
    imposed = impose(moderator, robin)
    assert robin.post(f"/threads/{thread['id']}/replies", reply).json["code"] == "sanctioned"
    moderator.ok("DELETE", f"/moderation/sanctions/{imposed['id']}?reason=Sorry")
    assert robin.post(f"/threads/{thread['id']}/replies", reply).status_code == 201


def test_a_member_sees_what_holds_for_them_and_not_who_said_so(
    moderator: Person, robin: Person, let_pass: LetPass
) -> None:
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    impose(moderator, robin, until=tomorrow, rule="Be kind", message="Rest a while.")
    (shown,) = mine(robin)
    told = {name: shown[name] for name in ("kind", "scope", "reason", "rule", "message")}
    assert told == {**MUTE, "scope": "writing", "rule": "Be kind", "message": "Rest a while."}
    assert shown["state"] == "in-force"
    assert moderator.username not in str(shown)
    let_pass(days=1)
    assert mine(robin)[0]["state"] == "over"


def test_moderators_see_all_that_was_imposed_and_by_whom(
    community: Community, moderator: Person, robin: Person
) -> None:
    lifted = impose(moderator, robin, kind="warn")
    moderator.ok("DELETE", f"/moderation/sanctions/{lifted['id']}")
    impose(moderator, robin, starts_at="2036-01-01T00:00:00Z")
    address = f"/moderation/users/{robin.username}/sanctions"
    shown = community.moderator().ok("GET", address)["items"]
    assert [(each["kind"], each["state"]) for each in shown] == [
        ("mute", "upcoming"),
        ("warn", "lifted"),
    ]
    assert shown[0]["by"]["username"] == moderator.username


def test_a_warning_bars_until_it_is_seen(
    community: Community, moderator: Person, robin: Person
) -> None:
    thread = community.thread()
    warning = impose(moderator, robin, kind="warn")
    address, reply = f"/threads/{thread['id']}/replies", {"body": "I would go."}
    assert robin.post(address, reply).json["sanction_id"] == warning["id"]
    assert robin.ok("PUT", f"/me/sanctions/{warning['id']}/seen")["state"] == "over"
    assert robin.post(address, reply).status_code == 201


@on_one_database
def test_nobody_sees_a_warning_for_another(
    community: Community, moderator: Person, robin: Person
) -> None:
    warning = impose(moderator, robin, kind="warn")
    answer = community.member().put(f"/me/sanctions/{warning['id']}/seen")
    assert (answer.status_code, answer.json["code"]) == (404, "not-found")


@on_one_database
@pytest.mark.parametrize(
    ("by", "against", "status"),
    [
        ("moderator", "member", 201),
        ("moderator", "moderator", 403),
        ("moderator", "admin", 403),
        ("admin", "moderator", 201),
        ("admin", "admin", 403),
        ("member", "member", 403),
    ],
)
def test_nobody_sanctions_their_equals_or_betters(
    community: Community, by: str, against: str, status: int
) -> None:
    address = f"/moderation/users/{community.member(role=against).username}/sanctions"
    assert community.member(role=by).post(address, MUTE).status_code == status


def test_nobody_sanctions_or_lifts_for_themselves(community: Community, moderator: Person) -> None:
    address = f"/moderation/users/{moderator.username}/sanctions"
    assert moderator.post(address, MUTE).json["code"] == "rank-too-high"
    imposed = impose(community.admin, moderator)
    answer = moderator.delete(f"/moderation/sanctions/{imposed['id']}")
    assert answer.json["code"] == "rank-too-high"


def test_a_sanction_is_lifted_once(moderator: Person, robin: Person) -> None:
    address = f"/moderation/sanctions/{impose(moderator, robin)['id']}"
    assert moderator.delete(address).status_code == 204
    assert moderator.delete(address).json["code"] == "sanction-lifted"


@on_one_database
@pytest.mark.parametrize(
    ("sanction", "pointer"),
    [
        ({"scope": "thread"}, "/thread_id"),
        ({"thread_id": 1}, "/thread_id"),
        ({"kind": "slow"}, "/minutes"),
        ({"minutes": 5}, "/minutes"),
        ({"kind": "slow", "minutes": 5, "scope": "voting"}, "/scope"),
        ({"kind": "suspend", "scope": "reporting"}, "/scope"),
        ({"until": "2020-01-01T00:00:00Z"}, "/until"),
    ],
)
def test_what_does_not_go_together_is_refused(
    moderator: Person, robin: Person, sanction: Json, pointer: str
) -> None:
    address = f"/moderation/users/{robin.username}/sanctions"
    answer = moderator.post(address, {**MUTE, **sanction})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, pointer)
    assert mine(robin) == []


@on_one_database
def test_a_sanction_in_a_thread_that_is_not_there_is_refused(
    moderator: Person, robin: Person
) -> None:
    address = f"/moderation/users/{robin.username}/sanctions"
    answer = moderator.post(address, {**MUTE, "scope": "thread", "thread_id": 10**9})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (404, "/thread_id")


def test_the_sanctioned_are_notified_with_the_reason(
    community: Community, moderator: Person, robin: Person
) -> None:
    imposed = impose(moderator, robin)
    moderator.ok("DELETE", f"/moderation/sanctions/{imposed['id']}")
    heard = [(each["kind"], each["detail"]) for each in told(community, robin)]
    assert heard == [("sanction-lifted", None), ("sanctioned", "Insults, again.")]


def test_the_sanctioned_are_mailed_why_and_until_when(
    community: Community, moderator: Person, robin: Person, mailbox: Mailbox
) -> None:
    more = {"until": "2036-01-01T00:00:00Z", "rule": "Be kind", "message": "Rest a while."}
    impose(moderator, robin, kind="suspend", **more)
    work_off(community.app)
    text = mailbox.only().part("plain")
    assert "suspended until 01 January 2036, 00:00 UTC" in text
    assert all(said in text for said in ("Insults, again.", "Be kind", "Rest a while."))
    assert moderator.username not in text


def test_nothing_is_mailed_of_what_was_lifted_meanwhile(
    community: Community, moderator: Person, robin: Person, mailbox: Mailbox
) -> None:
    imposed = impose(moderator, robin)
    moderator.ok("DELETE", f"/moderation/sanctions/{imposed['id']}")
    work_off(community.app)
    assert "holds no more" in mailbox.only().part("plain")


def test_the_slow_write_one_text_in_so_many_minutes(
    community: Community, moderator: Person, robin: Person, let_pass: LetPass
) -> None:
    thread = community.thread()
    impose(moderator, robin, kind="slow", minutes=10)
    community.reply(robin, thread)
    address, reply = f"/threads/{thread['id']}/replies", {"body": "And another thing."}
    answer = robin.post(address, reply)
    assert (answer.status_code, answer.json["code"]) == (429, "too-soon")
    assert 0 < int(answer.headers["Retry-After"]) <= 600
    opening = robin.post(f"/posts/{community.post()['slug']}/threads", reply)
    assert opening.json["code"] == "too-soon"
    let_pass(minutes=10)
    assert robin.post(address, reply).status_code == 201


def test_what_the_held_write_waits_for_a_moderator(
    community: Community, moderator: Person, robin: Person
) -> None:
    thread = community.thread()
    impose(moderator, robin, kind="hold-all", scope="thread", thread_id=thread["id"])
    reply = community.reply(robin, thread)
    assert reply["state"] == "held"
    assert community.passer_by.get(f"/replies/{reply['id']}").status_code == 404
    assert moderator.ok("GET", "/moderation/queue?kind=held")["items"]
    assert community.reply(robin)["state"] == "visible"


def test_the_barred_report_nothing(community: Community, moderator: Person, robin: Person) -> None:
    address = f"/replies/{community.reply()['id']}/reports"
    impose(moderator, robin, scope="reporting")
    assert robin.post(address, {"reason": "spam"}).json["code"] == "sanctioned"
