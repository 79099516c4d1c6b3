"""What members are thought of on each path: the votes on their replies there."""

import pytest

from tests.community import Community, Json, Person

TECHNICAL, MANAGEMENT = "technical-path", "management-path"


def vote(community: Community, reply: Json, *values: int) -> None:
    """A vote by a new member for each value."""
    for value in values:
        community.member().ok("PUT", f"/replies/{reply['id']}/vote", {"value": value})


def standing(author: Person) -> tuple[int, int]:
    """On the technical and the management path."""
    found = author.ok("GET", f"/users/{author.username}")["standing"]
    return found[TECHNICAL], found[MANAGEMENT]


def test_standing_is_votes_up_minus_down_on_a_path(community: Community, author: Person) -> None:
    vote(community, community.reply(author, path=TECHNICAL), 1, 1, 1, -1)
    vote(community, community.reply(author, path=MANAGEMENT), -1)
    assert standing(author) == (2, -1)


def test_votes_on_a_reply_without_path_give_no_standing(
    community: Community, author: Person
) -> None:
    vote(community, community.reply(author), 1, 1)
    assert standing(author) == (0, 0)


def test_a_withdrawn_vote_no_longer_counts(community: Community, author: Person) -> None:
    reply, voter = community.reply(author, path=TECHNICAL), community.member()
    voter.ok("PUT", f"/replies/{reply['id']}/vote", {"value": 1})
    voter.ok("DELETE", f"/replies/{reply['id']}/vote")
    assert standing(author) == (0, 0)


def test_standing_moves_with_the_path_of_a_reply(community: Community, author: Person) -> None:
    reply = community.reply(author, path=TECHNICAL)
    vote(community, reply, 1, 1)
    community.cast(reply, management=3)
    assert standing(author) == (0, 2)


def test_standing_follows_a_pin(community: Community, author: Person) -> None:
    reply = community.reply(author)
    vote(community, reply, 1)
    pin = {"path": MANAGEMENT, "reason": "Plainly so."}
    community.moderator().ok("PUT", f"/replies/{reply['id']}/pin", pin)
    assert standing(author) == (0, 1)


def test_a_bridge_counts_on_its_effective_path_only(community: Community, author: Person) -> None:
    reply = community.reply(author, path=TECHNICAL)
    vote(community, reply, 1)
    community.cast(reply, technical=2, management=3)
    assert standing(author) == (1, 0)


@pytest.mark.parametrize("answered", [True, False])
def test_standing_goes_with_the_reply(community: Community, author: Person, answered: bool) -> None:
    reply = community.reply(author, path=TECHNICAL)
    vote(community, reply, 1)
    if answered:
        community.reply(to=reply)
    author.ok("DELETE", f"/replies/{reply['id']}")
    assert standing(author) == (0, 0)


def test_standing_goes_with_the_post(community: Community, author: Person) -> None:
    post = community.post()
    vote(community, community.reply(author, community.thread(post=post), path=MANAGEMENT), 1)
    community.admin.ok("DELETE", f"/posts/{post['slug']}")
    assert standing(author) == (0, 0)


def test_what_others_wrote_is_not_touched_by_the_end_of_a_post(
    community: Community, author: Person
) -> None:
    vote(community, community.reply(author, path=MANAGEMENT), 1)
    post = community.post()
    community.reply(community.member(), community.thread(post=post), path=MANAGEMENT)
    community.admin.ok("DELETE", f"/posts/{post['slug']}")
    assert standing(author) == (0, 1)
