"""Decisions: what they do, what they are based on, and that there is one."""

import pytest

from tests.community import Community, Json, Person
from tests.mail_servers import Mailbox
from tests.moderation.acts import entries
from tests.moderation.queue.scene import (
    address,
    claim_next,
    decide,
    decided,
    report,
)
from tests.notifications.told import told


@pytest.fixture
def reply(community: Community) -> Json:
    return community.reply(body="Buy my course.")


@pytest.fixture
def item(community: Community, moderator: Person, reply: Json) -> Json:
    """The reply, reported and claimed."""
    report(community, reply)
    return claim_next(moderator)


def state(community: Community, text: Json) -> str:
    answer = community.passer_by.get(address(text))
    return str(answer.json["state"]) if answer.status_code == 200 else "missing"


def test_a_removed_reply_is_gone(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    decision = decided(moderator, item, "remove")
    assert state(community, reply) == "missing"
    assert (decision["action"], decision["moderator"]) == ("remove", moderator.username)


@pytest.mark.parametrize("action", ["approve", "dismiss"])
def test_what_is_in_order_stays(
    community: Community, moderator: Person, item: Json, reply: Json, action: str
) -> None:
    decided(moderator, item, action)
    assert state(community, reply) == "visible"
    assert moderator.ok("GET", "/moderation/queue")["items"] == []


def test_what_is_held_waits_as_another_item(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    decided(moderator, item, "hold")
    assert state(community, reply) == "missing"
    waiting = claim_next(moderator)
    assert (waiting["kind"], waiting["target"]["reply_id"]) == ("held", reply["id"])
    assert decide(moderator, waiting, "dismiss").json["code"] == "action-does-not-fit"
    decided(moderator, waiting, "approve")
    assert state(community, reply) == "visible"


def test_a_thread_is_locked(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    decided(moderator, item, "lock")
    thread = community.passer_by.ok("GET", f"/threads/{reply['thread_id']}")
    assert (thread["locked"], state(community, reply)) == (True, "visible")


def test_a_path_is_settled(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    decided(moderator, item, "pin", path="management-path")
    path = community.passer_by.ok("GET", address(reply))["path"]
    assert (path["path"], path["source"]) == ("management-path", "moderator")


def test_a_thread_has_no_path(community: Community, moderator: Person) -> None:
    report(community, community.thread())
    answer = decide(moderator, claim_next(moderator), "pin", path="technical-path")
    assert (answer.status_code, answer.json["code"]) == (422, "action-does-not-fit")


def test_a_reported_thread_is_removed(community: Community, moderator: Person) -> None:
    thread = community.thread()
    report(community, thread)
    decided(moderator, claim_next(moderator), "remove")
    assert state(community, thread) == "missing"


def test_all_that_is_done_besides_is_one_group_of_the_log(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    also: list[Json] = [
        {"do": "lock", "reason": "Enough."},
        {"do": "message", "text": "Please read the rules."},
    ]
    also.append({"do": "sanction", "sanction": {"kind": "mute", "reason": "Again."}})
    also.append({"do": "note", "text": "A robot?"})
    group = decided(moderator, item, "remove", also=also)["group"]
    thread = community.passer_by.ok("GET", f"/threads/{reply['thread_id']}")
    assert thread["locked"] is True
    assert {entry.action for entry in entries(community) if entry.group_id == group} == {
        "queue.decide",
        "reply.remove",
        "thread.lock",
        "author.message",
        "sanction.mute",
        "note.add",
        "queue.close",
    }


@pytest.mark.parametrize(
    ("action", "kind"),
    [("approve", "approved"), ("hold", "held"), ("lock", "locked"), ("pin", "pinned")],
)
def test_the_author_is_told_what_was_done_and_why(
    community: Community, moderator: Person, action: str, kind: str
) -> None:
    author = community.member()
    reply = community.reply(author)
    report(community, reply)
    if action == "approve":
        moderator.ok("DELETE", address(reply))
    decided(moderator, claim_next(moderator), action, path="technical-path")
    news = told(community, author)[0]
    assert (news["kind"], news["detail"], news["reply_id"]) == (kind, "So be it.", reply["id"])


def test_a_message_reaches_the_author_alone(
    community: Community, moderator: Person, mailbox: Mailbox
) -> None:
    author, reporter = community.member(), community.member()
    reply = community.reply(author)
    report(community, reply, reporter)
    message = {"do": "message", "text": "Please read the rules."}
    decided(moderator, claim_next(moderator), "dismiss", also=[message])
    assert [news["kind"] for news in told(community, author)] == ["message"]
    assert [news["kind"] for news in told(community, reporter)] == ["report"]
    said = {mail.recipient: mail.part("plain") for mail in mailbox.mails}
    assert "> Please read the rules." in said[f"{author.username}@example.org"]
    outcome = "Moderators have decided about a reply that you reported: they let it stand"
    assert outcome in " ".join(said[f"{reporter.username}@example.org"].split())
    assert "read the rules" not in said[f"{reporter.username}@example.org"]


def test_what_cannot_be_done_besides_undoes_the_decision(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    also: list[Json] = [{"do": "sanction", "sanction": {"kind": "mute", "reason": "No."}}]
    also[0]["sanction"] |= {"scope": "thread", "thread_id": 77}
    assert decide(moderator, item, "remove", also=also).json["code"] == "not-found"
    assert state(community, reply) == "visible"


def test_a_text_that_was_edited_meanwhile_is_not_decided_about(
    community: Community, moderator: Person
) -> None:
    author = community.member()
    reply = community.reply(author, body="Before.")
    report(community, reply)
    item = claim_next(moderator)
    author.ok("PATCH", address(reply), {"body": "After."})
    answer = decide(moderator, item, "remove")
    assert (answer.status_code, answer.json["code"]) == (412, "text-changed")
    assert answer.json["current"]["body"] == "After."
    seen = answer.json["current"]["revision"]
    decided(moderator, item, "remove", revision=seen)


def test_reports_that_came_meanwhile_open_another_item(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    late = community.member()
    report(community, reply, late, reason="unkind")
    decided(moderator, item, "dismiss")
    again = claim_next(moderator)
    assert again["id"] != item["id"]
    assert [told["reporter"] for told in again["reports"]] == [late.username]
    assert again["weight"] == again["reports"][0]["weight"]


def test_nobody_decides_about_what_is_yet_to_come(moderator: Person, item: Json) -> None:
    answer = decide(moderator, item, "dismiss", evidence_seq=item["evidence_seq"] + 1)
    assert answer.json["errors"][0]["pointer"] == "/evidence_seq"


def test_the_second_decision_is_told_the_first(
    community: Community, moderator: Person, item: Json
) -> None:
    first = decided(moderator, item, "remove")
    answer = decide(moderator, item, "approve")
    assert (answer.status_code, answer.json["code"]) == (409, "already-decided")
    assert answer.json["decision"] == first


def test_approving_brings_back_what_a_moderator_removed(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    moderator.ok("DELETE", address(reply))
    decided(moderator, item, "approve")
    assert state(community, reply) == "visible"


def test_an_undone_decision_opens_the_item_again(
    community: Community, moderator: Person, item: Json, reply: Json
) -> None:
    group = decided(moderator, item, "remove")["group"]
    moderator.ok("POST", f"/moderation/log/{group}/undo", {})
    assert state(community, reply) == "visible"
    assert claim_next(moderator)["id"] == item["id"]


def test_an_undone_decision_is_in_the_way_of_no_other(
    community: Community, moderator: Person, item: Json
) -> None:
    group = decided(moderator, item, "remove")["group"]
    moderator.ok("POST", f"/moderation/log/{group}/undo", {})
    again = claim_next(moderator)
    decision = decided(moderator, again, "dismiss")
    assert moderator.ok("GET", f"/moderation/queue/{item['id']}")["decision"] == decision
