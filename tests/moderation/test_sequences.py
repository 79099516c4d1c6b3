"""Whatever is done and undone, in whatever order: numbers are right, and the log tells them."""

import random
from collections.abc import Callable

from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from benchmarks.replaying import replayed
from benchmarks.undoing import Forum as ForumOfChance
from forum.core.audit_verification import verify
from forum.core.db import db
from tests.community import Community
from tests.databases import on_one_database
from tests.moderation.queue.scene import verdict
from tests.replies.machine import Crowd, Forum, last_group, one_of, people, which

MUTE = {"kind": "mute", "reason": "Insults.", "scope": "thread"}

few_runs = settings(max_examples=max(3, settings().max_examples // 20), stateful_step_count=15)


class ModeratedForum(Forum):
    """The same with moderators who lock, decide, sanction, act on many texts, and undo it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = last_group(self.crowd.moderator)

    @rule(text=which, is_locked=st.booleans())
    def lock(self, text: int, is_locked: bool) -> None:
        address = f"{one_of(self.texts, text).url}/lock"
        if is_locked:
            self.moderates("PUT", address, {"reason": "Enough."})
        else:
            self.moderates("DELETE", address)

    @rule(
        who=people,
        text=which,
        action=st.sampled_from(["approve", "remove", "dismiss", "hold", "lock"]),
        is_muted=st.booleans(),
    )
    def decide(self, who: int, text: int, action: str, is_muted: bool) -> None:
        found, moderator = one_of(self.texts, text), self.crowd.moderator
        self.does(self.crowd.members[who], "POST", f"{found.url}/reports", {"reason": "spam"})
        waiting = moderator.ok("GET", f"/moderation/queue?post={one_of(self.posts, who)['slug']}")
        if waiting["items"]:
            item = moderator.ok("POST", f"/moderation/queue/{waiting['items'][0]['id']}/claim")
            mute = {"do": "sanction", "sanction": {**MUTE, "thread_id": found.thread_id}}
            said = verdict(item, action, also=[mute] if is_muted else [])
            self.moderates("POST", f"/queue/{item['id']}/decision", said)

    @rule(who=people, thread=which)
    def sanction(self, who: int, thread: int) -> None:
        mute = {**MUTE, "thread_id": one_of(self.threads, thread).thread_id}
        self.moderates("POST", f"/users/{self.crowd.members[who].username}/sanctions", mute)

    @rule(thread=which, action=st.sampled_from(["remove", "restore", "approve"]))
    def act_on_many(self, thread: int, action: str) -> None:
        where = {"thread_id": one_of(self.threads, thread).thread_id}
        body = {"action": action, "texts": "replies", "reason": "Spam.", "filter": where}
        moderator = self.crowd.moderator
        frozen = moderator.ok("POST", "/moderation/bulk", body)
        done = moderator.ok("POST", f"/moderation/bulk/{frozen['id']}/execute")
        self.groups += [item["group"] for item in done["items"] if item["group"]]

    def teardown(self) -> None:
        super().teardown()
        with self.community.app.app_context():
            assert verify(db.session()).complete
            assert len(self.posts) < 2 or [*replayed(db.session(), self.begun)] == []


def test_every_stored_number_is_what_the_rows_say_and_the_log_tells(
    make_community: Callable[..., Community],
) -> None:
    community = make_community(FORUM_MAX_NESTING="4")
    forum = type("ForumOfCrowd", (ModeratedForum,), {"crowd": Crowd(community)})
    run_state_machine_as_test(forum, settings=few_runs)


@on_one_database
def test_random_acts_and_undos_leave_what_the_log_tells(app: Flask) -> None:
    forum = ForumOfChance(app, random.Random(random.getrandbits(32)))
    for _ in range(100):
        forum.act()
    assert forum.faults() == []
