"""Moving what others write in, vote on and judge at the same time."""

from functools import partial
from itertools import cycle

from sqlalchemy import select

from forum.accounts import queries as accounts
from forum.accounts.identity import viewer_of
from forum.accounts.models import Member
from forum.core import clock
from forum.core.db import db, writing
from forum.moderation import acting
from forum.moderation.text_facets import THREAD_LOCKED, THREAD_PINNED, moment
from forum.replies.models import Reply
from forum.threads.models import Thread
from tests.clocks import LetPass
from tests.community import Community, Json, Person
from tests.leaving import leave
from tests.moderation.surgery.acts import TECHNICAL, last_group, move
from tests.test_races import Act, at_once, request, statuses
from tests.worker import work_off


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


def test_threads_are_moved_below_a_post_that_is_deleted(
    community: Community, moderator: Person
) -> None:
    post, others = community.post(), [community.thread() for _ in range(4)]
    community.reply(thread=community.thread(post=post), path=TECHNICAL)
    body = {"post": post["slug"]}
    moves = [
        request(moderator, "POST", f"/moderation/threads/{thread['id']}/move", body)
        for thread in others
    ]
    moves.insert(2, request(community.admin, "DELETE", f"/posts/{post['slug']}"))
    found = statuses(moves)
    assert (found[204], set(found)) == (1, {*found} & {200, 204, 404, 409})
    with community.app.app_context():
        below = select(Thread.id).where(Thread.post_id == post["id"], Thread.visible)
        assert db.session.scalars(below).all() == []


def test_a_move_is_undone_while_the_post_is_deleted_that_was_left(
    community: Community, moderator: Person
) -> None:
    posts = [community.post() for _ in range(2)]
    acts = []
    for post in posts:
        move(moderator, community.thread(post=post), community.post())
        group = last_group(moderator)
        acts.append(request(moderator, "POST", f"/moderation/log/{group}/undo", {}))
        acts.append(request(community.admin, "DELETE", f"/posts/{post['slug']}"))
    found = statuses(acts)
    assert (found[204], found[201] + found[409]) == (2, 2)


def test_threads_are_split_while_those_leave_who_wrote_in_them(
    community: Community, moderator: Person, let_pass: LetPass
) -> None:
    leaver, post = community.member(), community.post()
    acts: list[Act] = [partial(leave, community.app, leaver.username)]
    for opener in (leaver, community.member()):
        thread = community.thread(opener, post)
        above = community.reply(leaver, thread, path=TECHNICAL)
        below = community.reply(to=above, path=TECHNICAL)
        community.reply(leaver, to=below, path=TECHNICAL, body="Forget me.")
        for reply in (above, below):
            address = f"/moderation/replies/{reply['id']}/split"
            acts.append(request(moderator, "POST", address, {}))
    for answer in at_once(acts)[1:]:
        assert answer.status_code in {201, 404, 409}, answer.get_data(as_text=True)
    let_pass(minutes=1)
    work_off(community.app)
    with community.app.app_context():
        left = {table: words_of_erased(table) for table in (Reply, Thread)}
        assert left == {Reply: {""}, Thread: {""}}


def words_of_erased(table: type[Reply] | type[Thread]) -> set[str]:
    """Whatever is still said in the rows of who is a member no more."""
    gone = select(table.body).join(Member, Member.id == table.author_id)
    return {*db.session.scalars(gone.where(Member.erased_at.is_not(None)))}


def test_groups_over_the_same_threads_are_undone_in_opposite_order(
    community: Community, moderator: Person
) -> None:
    acts = []
    for _ in range(3):
        one, other = community.thread(), community.thread()
        for first, second in ((one, other), (other, one)):
            group = lock_and_pin(community, moderator, first["id"], second["id"])
            acts.append(request(moderator, "POST", f"/moderation/log/{group}/undo", {}))
    assert statuses(acts) == {201: 6}


def lock_and_pin(community: Community, moderator: Person, locked_id: int, pinned_id: int) -> int:
    """One group over two threads."""
    with community.app.app_context(), writing():
        member = accounts.member_by_username(db.session(), moderator.username)
        group = acting.begin(db.session(), viewer_of(member))
        lock = {"locked_at": moment(clock.now()), "locked_reason": "Enough."}
        group.change(THREAD_LOCKED, locked_id, lock)
        group.change(THREAD_PINNED, pinned_id, {"pinned": True})
        db.session.commit()
        return group.id
