"""Moving what others write in, vote on and judge at the same time."""

from itertools import cycle

from tests.community import Community, Json, Person
from tests.moderation.surgery.acts import TECHNICAL
from tests.test_races import Act, request, statuses


def busy(people: list[Person], thread: Json, replies: list[Json]) -> list[Act]:
    """What members do with replies, each another thing."""
    acts = []
    for person, reply, kind in zip(people, cycle(replies), cycle(range(4)), strict=False):
        address = f"/replies/{reply['id']}"
        answer = {"body": "Yes.", "parent_id": reply["id"], "path": TECHNICAL}
        acts.append(
            (
                request(person, "POST", f"/threads/{thread['id']}/replies", answer),
                request(person, "PUT", f"{address}/vote", {"value": 1}),
                request(person, "PUT", f"{address}/ballot", {"path": TECHNICAL}),
                request(person, "POST", f"/threads/{thread['id']}/replies", {"body": "No."}),
            )[kind]
        )
    return acts


def test_a_thread_is_split_amid_those_who_write_in_it(
    community: Community, moderator: Person
) -> None:
    reply = community.reply(path=TECHNICAL)
    replies = [reply, *(community.reply(to=reply, path=TECHNICAL) for _ in range(3))]
    split = request(moderator, "POST", f"/moderation/replies/{reply['id']}/split", {})
    acts = busy(community.members(12), {"id": reply["thread_id"]}, replies)
    assert set(statuses([*acts, split])) <= {200, 201, 409}


def test_threads_are_merged_both_ways_amid_those_who_write_in_them(
    community: Community, moderator: Person
) -> None:
    replies = [community.reply(path=TECHNICAL) for _ in range(2)]
    first, second = (reply["thread_id"] for reply in replies)
    merges = [
        request(moderator, "POST", f"/moderation/threads/{thread}/merge", {"into": into})
        for thread, into in ((first, second), (second, first))
    ]
    acts = busy(community.members(12), {"id": first}, replies)
    found = statuses([*merges, *acts])
    assert set(found) <= {200, 201, 404, 409}
