"""Watch rules: what they catch, and what becomes of it."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core.audit import LoggedEntry
from forum.moderation.queue.models import Evidence, ReviewItem
from tests.clocks import LetPass
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import on_one_database
from tests.worker import work_off


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def thread(community: Community) -> Json:
    return community.thread(community.admin)


@pytest.fixture
def writer(community: Community) -> Person:
    return community.member()


def rule(by: Person, kind: str, action: str, **more: Any) -> Json:
    """A new rule."""
    added: Json = by.ok("POST", "/moderation/rules", {"kind": kind, "action": action, **more})
    return added


def write(by: Person, thread: Json, body: str) -> Json:
    """A new reply."""
    written: Json = by.ok("POST", f"/threads/{thread['id']}/replies", {"body": body})
    return written


def state(by: Person, thread: Json, body: str) -> str:
    """What becomes of a new reply: its state, or the code of its refusal."""
    answer = by.post(f"/threads/{thread['id']}/replies", {"body": body})
    found: str = answer.json["state"] if answer.status_code == 201 else answer.json["code"]
    return found


def evidence(session: Session) -> list[tuple[str, int | None, Json]]:
    """What moderators are told: kind, rule, and why."""
    found = select(ReviewItem.kind, Evidence.rule_id, Evidence.why).join(
        Evidence, Evidence.item_id == ReviewItem.id
    )
    return [(row.kind, row.rule_id, row.why) for row in session.execute(found)]


def test_a_rule_holds_the_very_next_text(
    moderator: Person, writer: Person, thread: Json, session: Session
) -> None:
    assert state(writer, thread, "Visit my casino!") == "visible"
    added = rule(moderator, "word", "hold", value="Casino")
    assert state(writer, thread, "Visit my casino!") == "held"
    ((kind, rule_id, why),) = evidence(session)
    assert (kind, rule_id, why["found"]) == ("rule", added["id"], ["casino"])
    moderator.delete(f"/moderation/rules/{added['id']}")
    assert state(writer, thread, "Visit my casino!") == "visible"


CAUGHT = [
    ("word", {"value": "casino"}, "A ｃａsｉnｏ."),
    ("word", {"value": "casino"}, "My cas\u200bino here"),
    ("word", {"value": "casino"}, "My с\u0430sin\u03bf"),
    ("word", {"value": "casino"}, "A cas**in**o."),
    ("word", {"value": "casino"}, "A &#99;asino."),
    ("word", {"value": "casino"}, "Cásino."),
    ("phrase", {"value": "buy now"}, "Please BUY \n now"),
    ("phrase", {"value": "赌场"}, "最好的赌场在这里"),
    ("pattern", {"value": r"\b\d{3}-\d{4}\b"}, "Call 555-1234 today"),
    ("pattern", {"value": "^spam"}, "SPAM it is"),
    ("domain", {"value": "spam.example"}, "See https://www.Spam.example/buy"),
    ("domain", {"value": "spam.example"}, "[x](http&#58;//spam.example)"),
    ("domain", {"value": "bücher.example"}, "https://xn--bcher-kva.example/"),
    ("links", {"number": 2}, "https://a.example and https://b.example"),
]
NOT_CAUGHT = [
    ("word", {"value": "casino"}, "Casinos are many."),
    ("phrase", {"value": "buy now"}, "Buy it now."),
    ("pattern", {"value": "^spam"}, "No spam."),
    ("domain", {"value": "spam.example"}, "https://notspam.example/"),
    ("domain", {"value": "spam.example"}, "https://a.example/spam.example"),
    ("links", {"number": 2}, "https://a.example alone"),
]


@on_one_database
@pytest.mark.parametrize(
    ("kind", "measures", "body", "expected"),
    [(*each, "text-refused") for each in CAUGHT] + [(*each, "visible") for each in NOT_CAUGHT],
)
def test_rules_catch_what_they_describe(
    moderator: Person,
    writer: Person,
    thread: Json,
    kind: str,
    measures: Json,
    body: str,
    expected: str,
) -> None:
    rule(moderator, kind, "block", **measures)
    assert state(writer, thread, body) == expected


@on_one_database
def test_a_title_is_looked_at(community: Community, moderator: Person) -> None:
    rule(moderator, "word", "block", value="casino")
    url = f"/posts/{community.post()['slug']}/threads"
    answer = community.member().post(url, {"title": "My casino", "body": "Well."})
    assert (answer.status_code, answer.json["code"]) == (403, "text-refused")


@on_one_database
def test_a_refusal_names_nothing_of_the_rule(
    moderator: Person, writer: Person, thread: Json
) -> None:
    rule(moderator, "word", "block", value="casino")
    answer = writer.post(f"/threads/{thread['id']}/replies", {"body": "My casino, and more."})
    assert "casino" not in answer.text


def test_a_flagged_text_is_seen_and_brought_up(
    moderator: Person, writer: Person, thread: Json, session: Session
) -> None:
    rule(moderator, "word", "flag", value="casino")
    assert state(writer, thread, "My casino") == "visible"
    assert [kind for kind, _, _ in evidence(session)] == ["rule"]


def test_a_masked_word_is_kept_for_moderators_alone(
    community: Community, moderator: Person, writer: Person, thread: Json, session: Session
) -> None:
    rule(moderator, "word", "mask", value="casino")
    reply = write(writer, thread, "My *CASINO* and casino.")
    assert reply["body_html"] == "<p>My <em>***</em> and ***.</p>\n"
    shown = community.passer_by.get(f"/replies/{reply['id']}").text
    assert (reply["state"], "casino" in shown.lower()) == ("visible", False)
    ((_, _, why),) = evidence(session)
    assert why["body"] == "My *CASINO* and casino."


@on_one_database
def test_masked_words_go_with_all_that_their_author_wrote(
    community: Community, moderator: Person, thread: Json, session: Session
) -> None:
    rule(moderator, "word", "mask", value="casino")
    writer = community.member(password=PASSWORD)
    write(writer, thread, "My casino")
    writer.ok("POST", "/me/erasure", {"password": PASSWORD, "content": "remove"})
    work_off(community.app)
    assert [why for _, _, why in evidence(session)] == [{}]


@on_one_database
def test_what_cannot_be_masked_is_held(moderator: Person, writer: Person, thread: Json) -> None:
    rule(moderator, "word", "mask", value="casino")
    assert state(writer, thread, "My ca**si**no") == "held"


@on_one_database
def test_an_edit_is_looked_at(community: Community, moderator: Person, writer: Person) -> None:
    rule(moderator, "word", "block", value="casino")
    rule(moderator, "word", "mask", value="poker")
    url = f"/replies/{community.reply(writer)['id']}"
    refused = writer.patch(url, {"body": "My casino"})
    assert (refused.status_code, refused.json["code"]) == (403, "text-refused")
    assert writer.ok("PATCH", url, {"body": "My poker"})["body"] == r"My \*\*\*"
    assert moderator.ok("PATCH", url, {"body": "No casino"})["body"] == "No casino"


@on_one_database
def test_the_strongest_action_decides(
    moderator: Person, writer: Person, thread: Json, session: Session
) -> None:
    for action in ("flag", "hold", "mask"):
        rule(moderator, "word", action, value="casino")
    assert state(writer, thread, "My casino") == "held"
    assert len(evidence(session)) == 3
    rule(moderator, "word", "block", value="casino")
    assert state(writer, thread, "My casino") == "text-refused"


@on_one_database
def test_a_policy_and_a_rule_make_one_item(
    community: Community, moderator: Person, writer: Person, thread: Json, session: Session
) -> None:
    rule(moderator, "word", "hold", value="casino")
    community.admin.ok("PUT", "/moderation/policy", {"everybody": True})
    assert state(writer, thread, "My casino") == "held"
    assert [kind for kind, _, _ in evidence(session)] == ["held", "held"]
    assert len(session.scalars(select(ReviewItem.id)).all()) == 1


def test_who_writes_too_fast_is_caught(
    moderator: Person, writer: Person, thread: Json, let_pass: LetPass
) -> None:
    rule(moderator, "speed", "hold", number=2, minutes=5)
    bodies = [f"Text {number}" for number in range(4)]
    assert [state(writer, thread, body) for body in bodies] == ["visible"] * 2 + ["held"] * 2
    let_pass(minutes=6)
    assert state(writer, thread, "Later") == "visible"


def test_what_repeats_a_recent_text_is_caught(
    community: Community, moderator: Person, writer: Person, thread: Json, let_pass: LetPass
) -> None:
    rule(moderator, "duplicate", "hold", number=10, minutes=60)
    body = "The same long story."
    assert state(writer, thread, body) == "visible"
    assert state(writer, thread, "  the SAME  long story.") == "held"
    assert state(community.member(), thread, body) == "held"
    assert [state(writer, thread, "Yes.") for _ in range(2)] == ["visible", "visible"]
    let_pass(minutes=61)
    assert state(writer, thread, body) == "visible"


@on_one_database
def test_a_rule_is_about_one_post(
    community: Community, moderator: Person, writer: Person, thread: Json
) -> None:
    post = community.post()
    rule(moderator, "word", "block", value="casino", post=post["slug"])
    elsewhere = state(writer, thread, "My casino")
    there = state(writer, community.thread(community.admin, post), "My casino")
    assert (elsewhere, there) == ("visible", "text-refused")


@on_one_database
def test_a_rule_is_about_newcomers(
    moderator: Person, writer: Person, thread: Json, let_pass: LetPass
) -> None:
    rule(moderator, "word", "block", value="casino", audience="newcomers")
    assert state(writer, thread, "My casino") == "text-refused"
    let_pass(days=7)
    assert state(writer, thread, "My casino") == "visible"


@on_one_database
def test_a_rule_about_guests_is_not_about_members(
    moderator: Person, writer: Person, thread: Json
) -> None:
    rule(moderator, "word", "block", value="casino", audience="guests")
    assert state(writer, thread, "My casino") == "visible"


@on_one_database
@pytest.mark.parametrize(
    ("data", "pointer"),
    [
        ({"kind": "word", "action": "hold"}, "/value"),
        ({"kind": "word", "action": "hold", "value": "two words"}, "/value"),
        ({"kind": "word", "action": "hold", "value": "one", "number": 3}, "/number"),
        ({"kind": "links", "action": "mask", "number": 3}, "/action"),
        ({"kind": "speed", "action": "hold", "number": 3}, "/minutes"),
        ({"kind": "pattern", "action": "hold", "value": "(a"}, "/value"),
        ({"kind": "pattern", "action": "hold", "value": r"(a)\1"}, "/value"),
        ({"kind": "pattern", "action": "hold", "value": "((x{100}){100}){100}"}, "/value"),
        ({"kind": "domain", "action": "hold", "value": "spam.example/path"}, "/value"),
    ],
)
def test_a_rule_that_cannot_work_is_refused(moderator: Person, data: Json, pointer: str) -> None:
    answer = moderator.post("/moderation/rules", data)
    assert (answer.status_code, answer.json["code"]) == (422, "unusable-rule")
    assert answer.json["errors"][0]["pointer"] == pointer


@on_one_database
def test_rules_are_kept_like_other_things(moderator: Person, session: Session) -> None:
    added = rule(moderator, "word", "hold", value="casino")
    url = f"/moderation/rules/{added['id']}"
    assert moderator.ok("GET", url) == moderator.ok("GET", "/moderation/rules")["items"][0] == added
    changed = moderator.ok("PUT", url, {"kind": "links", "action": "flag", "number": 5})
    assert (changed["kind"], changed["value"], changed["number"]) == ("links", None, 5)
    assert moderator.delete(url).status_code == 204
    assert moderator.get(url).status_code == moderator.delete(url).status_code == 404
    logged = session.scalars(select(LoggedEntry.action).order_by(LoggedEntry.id)).all()
    assert logged == ["rule.add", "rule.change", "rule.remove"]


@on_one_database
def test_members_do_not_read_rules(moderator: Person, writer: Person) -> None:
    rule(moderator, "word", "hold", value="casino")
    assert writer.get("/moderation/rules").status_code == 403


def test_a_trial_tells_what_would_have_been_caught(
    community: Community, moderator: Person, thread: Json
) -> None:
    bodies = ["My casino", "No", "A casino", "Nothing"]
    replies = [write(community.member(), thread, body) for body in bodies]
    moderator.delete(f"/replies/{replies[0]['id']}")
    moderator.delete(f"/replies/{replies[1]['id']}")
    added = rule(moderator, "word", "block", value="casino")
    url = f"/moderation/rules/{added['id']}/trial"
    tried = moderator.ok("POST", url, {"replies": 10})
    assert tried == {
        "replies": 4,
        "removed": 2,
        "caught": 2,
        "caught_and_removed": 1,
        "items": [
            {"reply_id": replies[2]["id"], "found": ["casino"], "removed": False},
            {"reply_id": replies[0]["id"], "found": ["casino"], "removed": True},
        ],
    }
    assert moderator.ok("POST", url, {"replies": 2})["caught"] == 1


@on_one_database
@pytest.mark.parametrize(
    ("kind", "number", "caught"), [("speed", 2, 1), ("duplicate", 3, 2), ("duplicate", 30, 0)]
)
def test_a_trial_knows_what_was_written_before(
    moderator: Person, writer: Person, thread: Json, kind: str, number: int, caught: int
) -> None:
    for body in ("The same.", "the same.", "THE SAME."):
        write(writer, thread, body)
    added = rule(moderator, kind, "hold", number=number, minutes=60)
    tried = moderator.ok("POST", f"/moderation/rules/{added['id']}/trial", {})
    assert tried["caught"] == caught
