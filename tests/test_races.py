"""Sixteen clients at once: nobody meets an error of the service, and every number is right."""

from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from itertools import cycle, islice
from multiprocessing import get_context
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum.accounts.models import AccessToken, FeedToken, Member, SecondFactor
from forum.app import create_app
from forum.core.db import db
from forum.posts.models import Post
from forum.threads.models import Thread
from tests.apps import Answer, SeparateClient
from tests.community import PASSWORD, Community, Json, Person
from tests.databases import settings_for
from tests.leaving import leave
from tests.recount import counted_anew, stances, stances_counted_anew, stored

CLIENTS = 16
TECHNICAL, MANAGEMENT = "technical-path", "management-path"
BALLOTS = (TECHNICAL, MANAGEMENT, "neither")

Act = Callable[[], Any]


def at_once(acts: Sequence[Act]) -> list[Any]:
    """What comes of acts that begin at the same moment, each in its own thread."""
    start = Barrier(len(acts))

    def run(act: Act) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def request(person: Person, method: str, url: str, body: Any = None, **headers: str) -> Act:
    """A request by a client of its own."""
    client = SeparateClient(person.client.application)
    alone = Person(client, person.username, person.token)
    return lambda: alone.call(method, url, json=body, headers=headers)


def statuses(acts: Sequence[Act]) -> Counter[int]:
    """How often each status is answered."""
    answers: list[Answer] = at_once(acts)
    for answer in answers:
        assert answer.status_code < 500, answer.get_data(as_text=True)
    return Counter(answer.status_code for answer in answers)


@pytest.fixture
def crowd(community: Community) -> list[Person]:
    return community.members(CLIENTS)


@pytest.fixture
def every_number_is_right(session: Session) -> Callable[[], bool]:
    """Whether all that is stored is what is counted."""

    def check() -> bool:
        assert stored(session) == counted_anew(session)
        assert stances(session) == stances_counted_anew(session)
        return True

    return check


RightNumbers = Callable[[], bool]


def votes(crowd: Sequence[Person], texts: Sequence[str]) -> list[Act]:
    """A vote of each on one of the texts in turn, up and down."""
    values = cycle((1, 1, -1))
    targets = cycle(texts)
    return [
        request(person, "PUT", f"{text}/vote", {"value": value})
        for person, text, value in zip(crowd, targets, values, strict=False)
    ]


def address(reply: Json) -> str:
    return f"/replies/{reply['id']}"


def test_members_vote_on_one_reply(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    reply = community.reply(path=TECHNICAL)
    assert statuses(votes(crowd, [address(reply)])) == {200: CLIENTS}
    assert community.passer_by.ok("GET", address(reply))["votes"]["score"] == 6
    assert every_number_is_right()


def test_members_vote_on_one_thread(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    thread = community.thread()
    assert statuses(votes(crowd, [f"/threads/{thread['id']}"])) == {200: CLIENTS}
    assert every_number_is_right()


def test_members_vote_on_different_replies_of_one_author(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    thread, author = community.thread(), community.member()
    replies = [community.reply(author, thread, path=TECHNICAL) for _ in range(CLIENTS)]
    assert statuses(votes(crowd, list(map(address, replies)))) == {200: CLIENTS}
    assert every_number_is_right()


def test_a_recount_amid_votes_repairs_nothing_that_is_right(
    app: Flask, community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    reply = community.reply(path=TECHNICAL)
    recount = app.test_cli_runner()
    acts = [*votes(crowd, [address(reply)]), lambda: recount.invoke(args=["recount"])]
    *answers, told = at_once(acts)
    assert [answer.status_code for answer in answers] == [200] * CLIENTS
    assert "Everything agrees." in told.output
    assert every_number_is_right()


def test_one_member_votes_this_way_and_that(
    community: Community, every_number_is_right: RightNumbers
) -> None:
    reply, fickle = community.reply(path=MANAGEMENT), community.member()
    url = f"{address(reply)}/vote"
    acts = [
        request(fickle, "PUT", url, {"value": 1}),
        request(fickle, "PUT", url, {"value": -1}),
        request(fickle, "DELETE", url),
        request(fickle, "PUT", url, {"value": 1}),
    ]
    assert statuses(acts * (CLIENTS // 4)) == {200: CLIENTS}
    assert every_number_is_right()


def test_members_cast_ballots_on_one_reply(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    url = f"{address(community.reply(path=TECHNICAL))}/ballot"
    acts = [
        request(person, "PUT", url, {"path": value})
        for person, value in zip(crowd, cycle(BALLOTS), strict=False)
    ]
    assert statuses(acts) == {200: CLIENTS}
    assert every_number_is_right()


def test_one_member_casts_this_ballot_and_that(
    community: Community, every_number_is_right: RightNumbers
) -> None:
    reply, fickle = community.reply(), community.member()
    url = f"{address(reply)}/ballot"
    acts = [request(fickle, "PUT", url, {"path": value}) for value in BALLOTS]
    acts.append(request(fickle, "DELETE", url))
    assert statuses(acts * (CLIENTS // 4)) == {200: CLIENTS}
    assert every_number_is_right()


def test_moderators_pin_and_lift_paths_below_one_post(
    community: Community, every_number_is_right: RightNumbers
) -> None:
    post, author, moderator = community.post(), community.member(), community.moderator()
    threads = [community.thread(post=post) for _ in range(CLIENTS // 2)]
    replies = [community.reply(author, thread, path=TECHNICAL) for thread in threads]
    body = {"path": MANAGEMENT, "reason": "Plainly so."}
    pins = [request(moderator, "PUT", f"{address(reply)}/pin", body) for reply in replies]
    lifts = [request(moderator, "DELETE", f"{address(reply)}/pin") for reply in replies]
    assert statuses(pins + lifts) == {200: CLIENTS}
    assert every_number_is_right()


def replies(crowd: Sequence[Person], threads: Sequence[Json], **more: Any) -> list[Act]:
    """A reply of each in one of the threads in turn, on both paths."""
    paths = cycle((TECHNICAL, MANAGEMENT))
    return [
        request(
            person,
            "POST",
            f"/threads/{thread['id']}/replies",
            {"body": "At once.", "path": path, **more},
        )
        for person, thread, path in zip(crowd, cycle(threads), paths, strict=False)
    ]


def test_members_reply_in_one_thread(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    thread = community.thread()
    assert statuses(replies(crowd, [thread])) == {201: CLIENTS}
    assert community.passer_by.ok("GET", f"/threads/{thread['id']}")["reply_count"] == CLIENTS
    assert every_number_is_right()


def test_members_answer_one_reply(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    parent = community.reply()
    acts = replies(crowd, [{"id": parent["thread_id"]}], parent_id=parent["id"])
    assert statuses(acts) == {201: CLIENTS}
    assert community.passer_by.ok("GET", address(parent))["reply_count"] == CLIENTS
    assert every_number_is_right()


def test_members_reply_in_different_threads_of_one_post(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    post = community.post()
    threads = [community.thread(post=post) for _ in range(4)]
    assert statuses(replies(crowd, threads)) == {201: CLIENTS}
    assert every_number_is_right()


def test_one_member_replies_in_many_threads_of_one_post(
    community: Community, every_number_is_right: RightNumbers
) -> None:
    post, writer = community.post(), community.member()
    threads = [community.thread(post=post) for _ in range(4)]
    assert statuses(replies([writer] * CLIENTS, threads)) == {201: CLIENTS}
    assert every_number_is_right()


def test_members_open_threads_below_one_post(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    url = f"/posts/{community.post()['slug']}/threads"
    acts = [request(person, "POST", url, {"body": "Well?"}) for person in crowd]
    assert statuses(acts) == {201: CLIENTS}
    assert every_number_is_right()


def test_a_chain_of_replies_is_deleted_while_it_is_voted_on(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    chain: list[Json] = []
    thread = community.thread()
    for person in crowd[:8]:
        chain.append(community.reply(person, thread, chain[-1] if chain else None, path=TECHNICAL))
    deletes = [
        request(person, "DELETE", address(reply))
        for person, reply in zip(crowd, chain, strict=False)
    ]
    acts = deletes + votes(crowd[8:], list(map(address, chain)))
    assert statuses(acts)[204] == len(chain)
    assert every_number_is_right()


def test_a_post_is_deleted_while_people_write_below_it(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    post = community.post()
    threads = [community.thread(post=post) for _ in range(3)]
    written = [community.reply(thread=thread, path=TECHNICAL) for thread in threads]
    acts = [
        *replies(crowd[:7], threads),
        request(community.admin, "DELETE", f"/posts/{post['slug']}"),
        *votes(crowd[8:], list(map(address, written))),
    ]
    assert statuses(acts)[204] == 1
    assert every_number_is_right()


def test_two_members_leave_with_their_words_while_they_are_answered_and_voted_on(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    post = community.post()
    threads = [community.thread(post=post) for _ in range(4)]
    leavers = crowd[:2]
    written = [
        community.reply(who, thread, path=TECHNICAL) for thread in threads for who in leavers
    ]
    acts: list[Act] = [
        *replies(crowd[2:8], threads),
        *votes(crowd[8:], list(map(address, written))),
        *(partial(leave, community.app, person.username) for person in leavers),
    ]
    at_once(acts)
    assert every_number_is_right()


def test_a_member_leaves_with_their_words_while_they_go_on_writing(
    community: Community, every_number_is_right: RightNumbers
) -> None:
    post, leaver = community.post(), community.member()
    threads = [community.thread(post=post) for _ in range(CLIENTS)]
    for thread in threads[:4]:
        community.reply(leaver, thread, path=TECHNICAL)
    opening = (f"/posts/{post['slug']}/threads", {"body": "Well?"})
    acts = [
        *replies([leaver] * 10, threads),
        *(request(leaver, "POST", *opening) for _ in range(5)),
        lambda: leave(community.app, leaver.username),
    ]
    *answers, _ = at_once(acts)
    assert {answer.status_code for answer in answers} <= {201, 401}
    assert every_number_is_right()


def test_a_member_leaves_while_they_ask_for_all_that_they_may_have(
    community: Community, session: Session
) -> None:
    leaver = community.member(password=PASSWORD)
    wishes: list[tuple[str, str, Json | None]] = [
        ("POST", "/me/feed-tokens", {"feed": "replies"}),
        ("POST", "/auth/tokens", {"name": "A tool", "scopes": ["read"]}),
        ("POST", "/auth/two-factor", None),
        ("PATCH", "/me", {"display_name": "Somebody else"}),
        ("PUT", "/community/subscription", {"level": "all"}),
    ]
    erasure = ("POST", "/me/erasure", {"password": PASSWORD, "content": "keep"})
    answered = statuses([request(leaver, *asked) for asked in [*wishes * 2, erasure, erasure]])
    assert answered[202] == 1
    assert {*answered} <= {200, 201, 202, 401}
    for kept in (FeedToken, AccessToken, SecondFactor):
        assert session.scalars(select(kept.member_id)).all() == []
    assert session.scalars(select(Member.display_name)).all() == [None]


@pytest.mark.parametrize(
    "names", [("twofold",), ("twofold", "TwoFold", "TWOFOLD"), ("modern", "modem", "rnodern")]
)
def test_one_of_those_who_register_names_that_look_alike_gets_an_account(
    community: Community, session: Session, names: tuple[str, ...]
) -> None:
    acts = [
        request(community.passer_by, "POST", "/auth/register", registration(name, f"{n}@a.example"))
        for n, name in enumerate(islice(cycle(names), CLIENTS))
    ]
    assert statuses(acts) == {201: 1, 409: CLIENTS - 1}
    assert session.scalar(select(func.count()).select_from(Member)) == 1


def test_all_who_register_with_one_address_get_an_account(community: Community) -> None:
    acts = [
        request(
            community.passer_by,
            "POST",
            "/auth/register",
            registration(f"namesake-{n}-x", f"{'Someone' if n % 2 else 'someone'}@a.example"),
        )
        for n in range(CLIENTS)
    ]
    assert statuses(acts) == {201: CLIENTS}


def registration(username: str, email: str) -> Json:
    return {"username": username, "email": email, "password": PASSWORD}


def test_one_post_comes_of_a_url_added_many_times(community: Community, session: Session) -> None:
    body = {"url": "https://blog.example.com/one", "title": "One"}
    answers: list[Answer] = at_once([request(community.admin, "POST", "/posts", body)] * CLIENTS)
    assert Counter(a.status_code for a in answers) == {201: 1, 200: CLIENTS - 1}
    assert len({answer.data for answer in answers}) == 1
    assert session.scalar(select(func.count()).select_from(Post)) == 1


def test_posts_of_one_title_get_different_slugs(community: Community) -> None:
    bodies = [{"url": f"https://a.example/{n}", "title": "One"} for n in range(CLIENTS)]
    acts = [request(community.admin, "POST", "/posts", body) for body in bodies]
    assert statuses(acts) == {201: CLIENTS}
    slugs = {post["slug"] for post in community.passer_by.ok("GET", "/posts")["items"]}
    assert len(slugs) == CLIENTS


@pytest.mark.parametrize("wanted", ["slug", "url"])
def test_one_of_the_posts_that_are_to_have_one_name_gets_it(
    community: Community, wanted: str
) -> None:
    change = {"slug": {"slug": "one"}, "url": {"url": "https://blog.example.com/one"}}[wanted]
    posts = [community.post() for _ in range(CLIENTS)]
    acts = [request(community.admin, "PATCH", f"/posts/{p['slug']}", change) for p in posts]
    assert statuses(acts) == {200: 1, 409: CLIENTS - 1}


def test_a_post_is_given_slugs_while_people_write_below_it(
    community: Community, crowd: list[Person], every_number_is_right: RightNumbers
) -> None:
    post = community.post()
    threads = [community.thread(post=post) for _ in range(4)]
    address = f"/posts/{post['slug']}"
    acts = [
        *replies(crowd[:12], threads),
        *(request(community.admin, "PATCH", address, {"slug": f"one-{n}"}) for n in range(4)),
    ]
    assert statuses(acts) == {201: 12, 200: 1, 404: 3}
    assert every_number_is_right()


def test_one_thread_comes_of_a_request_sent_many_times(
    community: Community, session: Session
) -> None:
    url, author = f"/posts/{community.post()['slug']}/threads", community.member()
    headers = {"Idempotency-Key": "once-and-no-more"}
    acts = [request(author, "POST", url, {"body": "Well?"}, **headers)] * CLIENTS
    answers: list[Answer] = at_once(acts)
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len({answer.data for answer in answers if answer.status_code == 201}) == 1
    assert session.scalar(select(func.count()).select_from(Thread)) == 1


def test_a_registration_sent_many_times_under_one_key_opens_one_account(
    community: Community,
) -> None:
    account = {"username": "noor", "email": "noor@example.org", "password": PASSWORD}
    headers = {"Idempotency-Key": "once-and-no-more"}
    acts = [request(community.passer_by, "POST", "/auth/register", account, **headers)] * CLIENTS
    answers: list[Answer] = at_once(acts)
    opened = {answer.data for answer in answers if answer.status_code == 201}
    others = {answer.json["code"] for answer in answers if answer.status_code != 201}
    assert len(opened) == 1
    assert others <= {"request-in-flight"}


def test_the_description_is_first_asked_for_by_many(
    make_community: Callable[..., Community],
) -> None:
    client = make_community().client
    assert statuses([lambda: client.open("/openapi.json")] * 4) == {200: 4}


def test_a_refresh_token_presented_many_times_ends_its_family(community: Community) -> None:
    member = community.member(password=PASSWORD)
    credentials = {"login": member.username, "password": PASSWORD}
    pair = community.passer_by.ok("POST", "/auth/login", credentials)
    holder = Person(member.client, token=pair["refresh_token"])
    answers: list[Answer] = at_once([request(holder, "POST", "/auth/refresh")] * CLIENTS)
    renewed = [answer.json for answer in answers if answer.status_code == 200]
    assert len(renewed) <= 1
    assert {answer.status_code for answer in answers} <= {200, 401}
    tokens = [token for found in [pair, *renewed] for token in (found["access_token"],)]
    assert {Person(member.client, token=t).get("/me").status_code for t in tokens} == {401}


def test_two_processes_share_a_database(
    app: Flask,
    community: Community,
    crowd: list[Person],
    database_url: str,
    every_number_is_right: RightNumbers,
) -> None:
    thread = community.thread()
    url = address(community.reply(thread=thread, path=TECHNICAL))
    halves = [[person.token for person in crowd[i::2]] for i in range(2)]
    with ProcessPoolExecutor(2, get_context("spawn")) as processes:
        answered = processes.map(
            write_and_vote, [database_url] * 2, halves, [thread["id"]] * 2, [url] * 2
        )
        assert sum(answered, Counter()) == {201: CLIENTS, 200: CLIENTS}
    assert every_number_is_right()


def write_and_vote(database_url: str, tokens: list[str], thread_id: int, url: str) -> Counter[int]:
    """What another process does: each member replies and votes."""
    client = SeparateClient(create_app(settings_for(database_url)))
    crowd = [Person(client, token=token) for token in tokens]
    found = statuses([*replies(crowd, [{"id": thread_id}]), *votes(crowd, [url])])
    with client.application.app_context():
        db.engine.dispose()
    return found
