"""Notes on members and review items, which moderators alone read and nobody edits silently."""

import pytest

from forum.core.db import db, writing
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import RULE
from tests.community import Community, Person
from tests.worker import work_off


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()


@pytest.fixture
def on_robin(community: Community) -> str:
    """Where notes on somebody are."""
    return f"/moderation/users/{community.member().username}/notes"


def test_moderators_read_the_notes_of_others(
    community: Community, moderator: Person, on_robin: str
) -> None:
    for body in ("Was warned.", "Apologised."):
        moderator.ok("POST", on_robin, {"body": body})
    shown = community.moderator().ok("GET", on_robin)["items"]
    assert [note["body"] for note in shown] == ["Apologised.", "Was warned."]
    assert shown[0]["author"]["username"] == moderator.username


def test_a_note_on_an_item_stands_by_the_item(community: Community, moderator: Person) -> None:
    reply = community.reply()
    with community.app.app_context(), writing():
        raised = raise_item(db.session(), Concern(RULE, reply["thread_id"], reply["id"], 10))
        db.session.commit()
    address = f"/moderation/queue/{raised.item_id}/notes"
    moderator.ok("POST", address, {"body": "Looks odd."})
    assert [note["body"] for note in moderator.ok("GET", address)["items"]] == ["Looks odd."]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_what_is_not_there_has_no_notes(moderator: Person, method: str) -> None:
    for address in ("/moderation/queue/99/notes", "/moderation/users/nobody/notes"):
        answer = moderator.call(method, address, json={"body": "Hm."} if method == "POST" else None)
        assert answer.status_code == 404


def test_what_a_note_said_stays_readable(moderator: Person, on_robin: str) -> None:
    noted = moderator.ok("POST", on_robin, {"body": "A robot."})
    address = f"/moderation/notes/{noted['id']}"
    changed = moderator.ok("PATCH", address, {"body": "A person, after all."})
    said = [version["body"] for version in changed["versions"]]
    assert (changed["body"], said) == (said[-1], ["A robot.", "A person, after all."])
    assert moderator.ok("GET", on_robin)["items"] == [changed]


def test_nobody_changes_the_note_of_another(
    community: Community, moderator: Person, on_robin: str
) -> None:
    noted = moderator.ok("POST", on_robin, {"body": "Was warned."})
    address = f"/moderation/notes/{noted['id']}"
    answer = community.admin.patch(address, {"body": "Was never warned."})
    assert answer.status_code == 403
    assert moderator.ok("GET", address) == noted


def test_members_read_no_notes(community: Community, moderator: Person) -> None:
    robin = community.member()
    address = f"/moderation/users/{robin.username}/notes"
    noted = moderator.ok("POST", address, {"body": "Was warned."})
    for hidden in (address, f"/moderation/notes/{noted['id']}"):
        assert robin.get(hidden).status_code == 403


def test_notes_and_words_about_the_erased_are_destroyed(
    community: Community, moderator: Person
) -> None:
    robin = community.member(password="three quiet harbour lights")
    about = f"/moderation/users/{robin.username}"
    noted = moderator.ok("POST", f"{about}/notes", {"body": "Was warned."})
    sanction = {"kind": "mute", "reason": "Insults.", "message": "Rest a while."}
    imposed = moderator.ok("POST", f"{about}/sanctions", sanction)
    goodbye = {"password": "three quiet harbour lights", "content": "keep"}
    robin.ok("POST", "/me/erasure", goodbye)
    work_off(community.app)
    assert moderator.get(f"/moderation/notes/{noted['id']}").status_code == 404
    kept = moderator.ok("GET", f"/moderation/sanctions/{imposed['id']}")
    assert (kept["kind"], kept["reason"], kept["message"]) == ("mute", "", None)
