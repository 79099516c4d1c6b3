"""Moderators who drain one queue at once: each item is decided once, and none is lost."""

from collections import Counter
from functools import partial
from itertools import cycle

from sqlalchemy.orm import Session

from forum.core.audit_verification import verify
from tests.community import Community, Person
from tests.moderation.queue.scene import report, verdict
from tests.recount import counted_anew, stored
from tests.test_races import CLIENTS, at_once

ITEMS = 32


def drain(moderator: Person) -> list[int]:
    """What a moderator decides until there is no next item."""
    done: list[int] = []
    for action in cycle(("remove", "approve", "dismiss")):
        answer = moderator.post("/moderation/queue/next")
        if answer.status_code == 204:
            break
        item = answer.json
        moderator.ok("POST", f"/moderation/queue/{item['id']}/decision", verdict(item, action))
        done.append(item["id"])
    return done


def test_each_item_is_decided_once(community: Community, session: Session) -> None:
    thread, reporters = community.thread(), community.members(2)
    for number in range(ITEMS):
        report(community, community.reply(thread=thread), reporters[number % 2])
    moderators = [community.moderator() for _ in range(CLIENTS)]
    parts = at_once([partial(drain, who) for who in moderators])
    decided = Counter(item_id for part in parts for item_id in part)
    assert decided == dict.fromkeys(range(1, ITEMS + 1), 1)
    assert verify(session).fault is None
    assert stored(session) == counted_anew(session)
