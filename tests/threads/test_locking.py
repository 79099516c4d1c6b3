"""Locked threads."""

from tests.community import Community


def test_a_locked_thread_refuses_replies(community: Community) -> None:
    thread = community.thread()
    community.moderator().ok("PUT", f"/threads/{thread['id']}/lock", {"reason": "Enough said."})
    answer = community.member().post(f"/threads/{thread['id']}/replies", {"body": "One more."})
    assert (answer.status_code, answer.json["code"]) == (409, "thread-locked")
