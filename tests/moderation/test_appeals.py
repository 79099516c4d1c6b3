"""Members see what was decided about them, and appeal once."""

import re

import pytest

from tests.clocks import LetPass
from tests.community import Community, Json, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.worker import work_off

APPEAL = {"text": "It was a quotation."}


@pytest.fixture
def robin(community: Community) -> Person:
    return community.member()


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def removed(community: Community, moderator: Person, robin: Person) -> Json:
    """The decision to remove a reply of Robin's."""
    reply = community.reply(robin)
    moderator.ok("DELETE", f"/replies/{reply['id']}?reason=Spam")
    (decided,) = decisions(robin)
    assert decided["actions"] == [{"action": "reply.remove", "target": f"reply:{reply['id']}"}]
    return decided


def decisions(person: Person) -> list[Json]:
    items: list[Json] = person.ok("GET", "/me/decisions")["items"]
    return items


def test_members_read_what_was_decided_why_and_until_when_they_can_appeal(
    robin: Person, moderator: Person, removed: Json
) -> None:
    assert (removed["reason"], removed["undone"], removed["appeal"]) == ("Spam", False, None)
    assert removed["appealable_until"] > removed["decided_at"]
    assert moderator.username not in str(removed)


def test_a_sanction_is_a_decision(moderator: Person, robin: Person) -> None:
    address = f"/moderation/users/{robin.username}/sanctions"
    imposed = moderator.ok("POST", address, {"kind": "mute", "reason": "Insults."})
    (decided,) = decisions(robin)
    action = {"action": "sanction.mute", "target": f"sanction:{imposed['id']}"}
    assert (decided["actions"], decided["reason"]) == ([action], "Insults.")


def test_notes_and_what_one_does_oneself_are_no_decisions(
    community: Community, moderator: Person, robin: Person
) -> None:
    moderator.ok("POST", f"/moderation/users/{robin.username}/notes", {"body": "A robot?"})
    robin.ok("DELETE", f"/replies/{community.reply(robin)['id']}")
    assert decisions(robin) == []


def test_nobody_else_reads_or_appeals(community: Community, removed: Json) -> None:
    other = community.member()
    assert decisions(other) == []
    assert other.get(f"/me/decisions/{removed['id']}").status_code == 404
    assert other.post(f"/me/decisions/{removed['id']}/appeal", APPEAL).status_code == 404


def test_one_appeals_once(robin: Person, removed: Json) -> None:
    address = f"/me/decisions/{removed['id']}"
    appealed = robin.ok("POST", f"{address}/appeal", APPEAL)
    assert appealed["appeal"]["text"] == APPEAL["text"]
    assert appealed["appeal"]["outcome"] is appealed["appealable_until"] is None
    assert robin.ok("GET", address) == appealed
    assert robin.post(f"{address}/appeal", APPEAL).json["code"] == "already-appealed"


@on_one_database
def test_one_appeals_within_thirty_days(
    community: Community, robin: Person, removed: Json, let_pass: LetPass
) -> None:
    token = robin.ok("POST", "/auth/tokens", {"name": "A tool", "scopes": ["read"]})["token"]
    let_pass(days=30)
    reading = Person(community.client, token=token)
    assert reading.ok("GET", f"/me/decisions/{removed['id']}")["appealable_until"] is None


def test_what_was_undone_is_not_appealed_against(
    moderator: Person, robin: Person, removed: Json
) -> None:
    moderator.ok("POST", f"/moderation/log/{removed['id']}/undo", {})
    (decided,) = decisions(robin)
    assert (decided["undone"], decided["appealable_until"]) == (True, None)
    answer = robin.post(f"/me/decisions/{removed['id']}/appeal", APPEAL)
    assert answer.json["code"] == "already-reversed"


def test_what_was_undone_and_redone_holds(moderator: Person, robin: Person, removed: Json) -> None:
    undone = moderator.ok("POST", f"/moderation/log/{removed['id']}/undo", {})
    moderator.ok("POST", f"/moderation/log/{undone['group']}/undo", {})
    assert decisions(robin)[0]["undone"] is False


def test_nobody_undoes_what_a_better_imposed_on_them(
    community: Community, moderator: Person
) -> None:
    address = f"/moderation/users/{moderator.username}/sanctions"
    community.admin.ok("POST", address, {"kind": "mute", "reason": "Insults."})
    (decided,) = decisions(moderator)
    answer = moderator.post(f"/moderation/log/{decided['id']}/undo", {})
    assert answer.json["code"] == "rank-too-high"


def test_the_suspended_appeal_by_the_link_in_their_mail(
    community: Community, moderator: Person, robin: Person, mailbox: Mailbox
) -> None:
    address = f"/moderation/users/{robin.username}/sanctions"
    moderator.ok("POST", address, {"kind": "suspend", "reason": "Insults."})
    work_off(community.app)
    (page,) = re.findall(r"/appeal\?token=\S+", mailbox.only().part("plain"))
    asked = community.client.get(page)
    assert asked.status_code == 200
    assert "Insults." in asked.text
    assert community.client.post(page, data={"text": " "}).status_code == 422
    assert community.client.post(page, data=APPEAL).status_code == 200
    token = page.partition("token=")[2]
    again = community.passer_by.post("/appeals", {**APPEAL, "token": token})
    assert again.json["code"] == "already-appealed"


@on_one_database
@pytest.mark.parametrize("token", ["", "made-up"])
def test_a_link_of_somebody_elses_making_leads_nowhere(community: Community, token: str) -> None:
    assert community.client.get(f"/appeal?token={token}").status_code == 404
    body = {**APPEAL, "token": token or "x"}
    assert community.passer_by.post("/appeals", body).status_code == 404
