"""What comes up while an item is decided waits in an item of its own."""

from tests.community import Community, Json, Person
from tests.moderation.queue.scene import claim_next, decided, report


def claim(moderator: Person, kind: str) -> Json:
    (item,) = moderator.ok("GET", f"/moderation/queue?kind={kind}")["items"]
    claimed: Json = moderator.ok("POST", f"/moderation/queue/{item['id']}/claim")
    return claimed


def test_what_is_held_twice_can_be_held_for_another_reason(community: Community) -> None:
    moderator, author = community.moderator(), community.member()
    reply = community.reply(author)
    report(community, reply)
    first = decided(moderator, claim_next(moderator), "hold")
    moderator.ok("POST", f"/moderation/log/{first['group']}/undo", {"reason": "Too soon."})
    decided(moderator, claim(moderator, "held"), "hold")
    decided(moderator, claim(moderator, "report"), "approve")
    community.admin.ok("PUT", "/moderation/policy", {"everybody": True})
    author.ok("PATCH", f"/replies/{reply['id']}", {"body": "On second thoughts."})
    (waiting,) = moderator.ok("GET", "/moderation/queue?kind=held")["items"]
    assert waiting["evidence_seq"] == 3
