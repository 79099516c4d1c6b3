"""The list of notifications, and how many are unread."""

from tests.community import Community, Person
from tests.hiding import Hide, every_way_to_hide
from tests.notifications.told import follow, told, unread


def answered(community: Community, times: int = 1) -> Person:
    """Somebody whose thread has been answered so many times."""
    person = community.member()
    thread = community.thread(person)
    for _ in range(times):
        community.reply(thread=thread)
    return person


def test_replies_in_a_thread_are_one_item(community: Community) -> None:
    ada = community.member()
    first, second = community.thread(ada), community.thread(ada)
    for thread in (first, second, first, first):
        community.reply(thread=thread)
    items = told(community, ada)
    assert [(item["thread_id"], item["count"]) for item in items] == [
        (first["id"], 3),
        (second["id"], 1),
    ]
    assert unread(community, ada) == 4


def test_what_is_read_is_no_longer_unread(community: Community) -> None:
    ada = answered(community, 2)
    (item,) = told(community, ada)
    assert ada.ok("POST", "/me/notifications/read", {"up_to": item["id"]})["unread"] == 0
    assert told(community, ada, unread="true") == []
    assert [item["read"] for item in told(community, ada)] == [True]


def test_only_what_came_before_is_read(community: Community) -> None:
    ada = community.member()
    for _ in range(2):
        community.reply(thread=community.thread(ada))
    newer, older = told(community, ada)
    ada.ok("POST", "/me/notifications/read", {"up_to": older["id"]})
    assert [item["id"] for item in told(community, ada, unread="true")] == [newer["id"]]


def test_nobody_reads_for_others(community: Community) -> None:
    ada = answered(community)
    (item,) = told(community, ada)
    community.member().ok("POST", "/me/notifications/read", {"up_to": item["id"]})
    assert unread(community, ada) == 1


def test_pages_of_notifications_are_the_whole_list(community: Community) -> None:
    ada = community.member()
    threads = [community.thread(ada) for _ in range(3)]
    for thread in [*threads, *threads, *threads]:
        community.reply(thread=thread)
    whole = told(community, ada)
    assert [item["count"] for item in whole] == [3, 3, 3]
    page = ada.ok("GET", "/me/notifications?limit=2")
    counts = [(item["thread_id"], item["count"]) for item in page["items"]]
    while page["page"]["next"]:
        page = ada.ok("GET", page["page"]["next"])
        counts += [(item["thread_id"], item["count"]) for item in page["items"]]
    assert sum(count for _, count in counts) == 9
    assert {thread for thread, _ in counts} == {thread["id"] for thread in threads}


def test_the_count_has_a_validator(community: Community) -> None:
    ada = answered(community)
    assert unread(community, ada) == 1
    answer = ada.get("/me/notifications/count")
    again = {"If-None-Match": answer.headers["ETag"]}
    assert ada.get("/me/notifications/count", headers=again).status_code == 304
    ada.ok("POST", "/me/notifications/read", {"up_to": 10**9})
    assert ada.get("/me/notifications/count", headers=again).status_code == 200


def test_more_than_a_hundred_are_not_counted(community: Community) -> None:
    ada, ben = community.member(), community.member()
    thread = community.thread(ada)
    for _ in range(101):
        community.reply(ben, thread)
    told(community, ada)
    assert ada.ok("GET", "/me/notifications/count") == {"unread": 100, "more": True}


@every_way_to_hide
def test_what_is_hidden_is_neither_listed_nor_counted(community: Community, hide: Hide) -> None:
    ada, ben, fan = community.member(), community.member(), community.member()
    post = community.post()
    follow(fan, f"/posts/{post['slug']}")
    thread = community.thread(ada, post)
    reply = community.reply(ben, thread)
    assert (unread(community, ada), unread(community, fan)) == (1, 2)
    hide(community, ben, post, f"/replies/{reply['id']}")
    hide(community, ada, post, f"/threads/{thread['id']}")
    for reader in (ada, fan):
        kinds = {item["kind"] for item in told(community, reader)}
        assert kinds <= {"removed", "held"}  # of which its author alone is told
    assert unread(community, fan) == 0


@every_way_to_hide
def test_what_is_hidden_before_anybody_is_told_is_not_told(
    community: Community, hide: Hide
) -> None:
    ada, ben, post = community.member(), community.member(), community.post()
    reply = community.reply(ben, community.thread(ada, post))
    hide(community, ben, post, f"/replies/{reply['id']}")
    assert told(community, ada) == []


def test_a_hidden_thread_has_no_title_in_what_is_told_of_its_replies(community: Community) -> None:
    ada, opener = community.member(), community.member()
    thread = community.thread(opener, title="Quokkas")
    community.reply(to=community.reply(ada, thread))
    opener.ok("DELETE", f"/threads/{thread['id']}")
    (item,) = told(community, ada)
    assert item["thread_title"] is None


def test_passers_by_are_told_nothing(community: Community) -> None:
    for path in ("", "/count"):
        assert community.passer_by.get(f"/me/notifications{path}").status_code == 401
