"""Members see what was decided about them, and appeal once."""

import re

import pytest

from forum.core import clock
from forum.moderation.text_facets import NOT_REMOVED, REPLY_REMOVED
from forum.moderation.text_facets import removed as removed_for
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.mail_servers import Mailbox
from tests.moderation.acts import change
from tests.moderation.queue.scene import claim_next, decided, report
from tests.notifications.told import told
from tests.test_races import request, statuses
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


@pytest.fixture
def appealed(robin: Person, removed: Json) -> str:
    """Where the decision is that was appealed against."""
    address = f"/me/decisions/{removed['id']}"
    robin.ok("POST", f"{address}/appeal", APPEAL)
    return address


def waiting(moderator: Person) -> str:
    """Where the only appeal is that waits."""
    (item,) = moderator.ok("GET", "/moderation/queue?kind=appeal")["items"]
    return f"/moderation/queue/{item['id']}"


def answer(moderator: Person, action: str) -> Json:
    """Claim the only appeal and answer it; gives the decision."""
    address = waiting(moderator)
    item = moderator.ok("POST", f"{address}/claim")
    said = {
        "action": action,
        "reason": "Looked at again.",
        "claim_seq": item["claim_seq"],
        "evidence_seq": item["evidence_seq"],
        "revision": item["text"]["revision"] if item["text"] else None,
    }
    answered: Json = moderator.ok("POST", f"{address}/decision", said)
    return answered


def test_reversing_sets_back_what_was_decided(
    community: Community, robin: Person, removed: Json, appealed: str
) -> None:
    answer(community.moderator(), "reverse")
    number = removed["actions"][0]["target"].partition(":")[2]
    assert community.passer_by.ok("GET", f"/replies/{number}")["state"] == "visible"
    shown = robin.ok("GET", appealed)
    assert (shown["undone"], shown["appeal"]["outcome"]) == (True, "reversed")
    assert shown["appeal"]["answer"] == "Looked at again."


def test_upholding_changes_nothing_but_the_appeal(
    community: Community, robin: Person, appealed: str
) -> None:
    answer(community.moderator(), "dismiss")
    shown = robin.ok("GET", appealed)
    assert (shown["undone"], shown["appeal"]["outcome"]) == (False, "upheld")


@on_one_database
def test_what_is_reversed_does_not_count_against_its_author_but_in_the_figures(
    community: Community, moderator: Person, robin: Person
) -> None:
    report(community, community.reply(robin))
    removed = decided(moderator, claim_next(moderator), "remove")
    robin.ok("POST", f"/me/decisions/{removed['group']}/appeal", APPEAL)
    judge = community.moderator()
    answer(judge, "reverse")
    figures = {
        each["moderator"]: each for each in judge.ok("GET", "/moderation/stats")["moderators"]
    }
    assert figures[moderator.username]["reversed"] == 1
    shown = judge.ok("GET", f"/moderation/queue/{removed['item_id']}")
    assert shown["target"]["author_removals"] == 0
    assert shown["decisions"][-1]["undone_at"] is not None


@pytest.mark.usefixtures("appealed")
def test_another_moderator_answers_where_there_is_one(
    community: Community, moderator: Person
) -> None:
    refused = moderator.post(f"{waiting(moderator)}/claim")
    assert (refused.status_code, refused.json["code"]) == (403, "left-to-others")
    answer(community.admin, "dismiss")


def test_the_only_moderator_there_is_answers(community: Community, robin: Person) -> None:
    community.admin.ok("DELETE", f"/replies/{community.reply(robin)['id']}")
    (decided,) = decisions(robin)
    robin.ok("POST", f"/me/decisions/{decided['id']}/appeal", APPEAL)
    answer(community.admin, "dismiss")


@pytest.mark.usefixtures("appealed")
def test_the_appellant_is_told_of_the_answer(
    community: Community, robin: Person, mailbox: Mailbox
) -> None:
    answer(community.moderator(), "reverse")
    heard = {each["kind"]: each["detail"] for each in told(community, robin)}
    assert heard["appeal"] == "reversed"
    (letter,) = (m.part("plain") for m in mailbox.mails if "appeal" in str(m.message["Subject"]))
    assert "It was reversed." in letter
    assert "Looked at again." in letter


def test_a_sanction_is_lifted_by_reversing_it(
    community: Community, moderator: Person, robin: Person
) -> None:
    address = f"/moderation/users/{robin.username}/sanctions"
    moderator.ok("POST", address, {"kind": "mute", "reason": "Insults."})
    (decided,) = decisions(robin)
    robin.ok("POST", f"/me/decisions/{decided['id']}/appeal", APPEAL)
    answer(community.moderator(), "reverse")
    community.reply(robin)


def test_undoing_an_answer_asks_again(community: Community, robin: Person, appealed: str) -> None:
    moderator = community.moderator()
    answer(moderator, "reverse")
    entry, *_ = moderator.ok("GET", "/moderation/log?action=appeal.reversed")["items"]
    moderator.ok("POST", f"/moderation/log/{entry['group']}/undo", {})
    shown = robin.ok("GET", appealed)
    assert shown["appeal"]["outcome"] is None
    answer(moderator, "dismiss")


def test_its_author_cannot_change_or_destroy_what_was_decided_about(
    community: Community, robin: Person, removed: Json
) -> None:
    number = removed["actions"][0]["target"].partition(":")[2]
    robin.patch(f"/replies/{number}", {"body": "I said nothing."})
    robin.delete(f"/replies/{number}")
    robin.ok("POST", f"/me/decisions/{removed['id']}/appeal", APPEAL)
    moderator = community.moderator()
    assert moderator.ok("GET", waiting(moderator))["text"]["body"] == "I would stay."


def test_an_appeal_tells_moderators_what_the_member_says(
    community: Community, moderator: Person, appealed: str
) -> None:
    said = community.moderator().ok("GET", waiting(moderator))["why"][0]["why"]
    assert said["appeal"] == APPEAL["text"]


def test_what_the_erased_said_is_destroyed(community: Community, moderator: Person) -> None:
    robin = community.member(password=PASSWORD)
    address = f"/moderation/users/{robin.username}/sanctions"
    moderator.ok("POST", address, {"kind": "mute", "reason": "Insults."})
    (decided,) = decisions(robin)
    robin.ok("POST", f"/me/decisions/{decided['id']}/appeal", APPEAL)
    item = waiting(moderator)
    assert APPEAL["text"] in moderator.get(item).text
    robin.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    work_off(community.app)
    assert APPEAL["text"] not in moderator.get(item).text


def test_who_appeals_twice_at_once_appeals_once(robin: Person, removed: Json) -> None:
    address = f"/me/decisions/{removed['id']}/appeal"
    asked = statuses([request(robin, "POST", address, APPEAL) for _ in range(2)])
    assert asked == {201: 1, 409: 1}


MUTED = {"do": "sanction", "sanction": {"kind": "mute", "reason": "Insults."}}


@pytest.fixture
def removed_and_muted(community: Community, moderator: Person, robin: Person) -> Json:
    """A reply of Robin's, who has appealed against a decision that removed it and muted Robin."""
    reply = community.reply(robin)
    report(community, reply)
    group = decided(moderator, claim_next(moderator), "remove", also=[MUTED])["group"]
    robin.ok("POST", f"/me/decisions/{group}/appeal", APPEAL)
    return reply


def test_what_was_changed_again_stays_when_an_appeal_is_granted(
    community: Community,
    moderator: Person,
    robin: Person,
    removed_and_muted: Json,
    mailbox: Mailbox,
) -> None:
    work_off(community.app)
    number, why = removed_and_muted["id"], removed_for("Another rule.", clock.now())
    change(community, moderator, REPLY_REMOVED, number, why)
    answered = answer(community.moderator(), "reverse")
    assert answered["stays"] == [{"target": f"reply:{number}", "facet": "reply.removed"}]
    assert community.passer_by.get(f"/replies/{number}").status_code == 404
    community.reply(robin)
    told_in_log = moderator.ok("GET", f"/moderation/log?group={answered['group']}")["items"]
    undoing = next(entry for entry in told_in_log if entry["action"] == "group.undo")
    assert undoing["private"]["stays"] == answered["stays"]
    heard = {each["kind"]: each["detail"] for each in told(community, robin)}
    assert heard["appeal"] == "reversed"
    (letter,) = (m.part("plain") for m in mailbox.mails if "appeal" in str(m.message["Subject"]))
    assert "decided again since then stays" in letter


@on_one_database
def test_what_cannot_come_back_stays_when_an_appeal_is_granted(
    community: Community, robin: Person, moderator: Person
) -> None:
    post = community.post()
    reply = community.reply(robin, community.thread(post=post))
    moderator.ok("DELETE", f"/replies/{reply['id']}?reason=Spam")
    robin.ok("POST", f"/me/decisions/{decisions(robin)[0]['id']}/appeal", APPEAL)
    community.admin.ok("DELETE", f"/posts/{post['slug']}")
    answered = answer(community.admin, "reverse")
    assert [each["target"] for each in answered["stays"]] == [f"reply:{reply['id']}"]
    assert decisions(robin)[0]["appeal"]["outcome"] == "reversed"


@on_one_database
def test_what_is_as_it_was_already_does_not_stay(
    community: Community, moderator: Person, removed_and_muted: Json
) -> None:
    change(community, moderator, REPLY_REMOVED, removed_and_muted["id"], NOT_REMOVED)
    assert answer(community.moderator(), "reverse")["stays"] == []


@on_one_database
def test_undoing_an_answer_sets_back_what_it_has_changed_alone(
    community: Community, moderator: Person, robin: Person, removed_and_muted: Json
) -> None:
    change(community, moderator, REPLY_REMOVED, removed_and_muted["id"], NOT_REMOVED)
    answered = answer(community.moderator(), "reverse")
    moderator.ok("POST", f"/moderation/log/{answered['group']}/undo", {})
    assert robin.ok("GET", "/me/sanctions")["items"][0]["state"] == "in-force"
    shown = community.passer_by.ok("GET", f"/replies/{removed_and_muted['id']}")
    assert shown["state"] == "visible"
    answer(community.moderator(), "dismiss")
