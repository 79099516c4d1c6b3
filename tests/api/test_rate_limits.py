"""How often a caller may do something, and what they are told of it."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.community import Community, Person
from tests.databases import on_one_database
from tests.servers import free_port, own_redis

pytestmark = on_one_database

MakeCommunity = Callable[..., Community]


@pytest.fixture
def make_limited(make_community: MakeCommunity) -> MakeCommunity:
    """Makes a forum with limits: two of everything, except for reading, unless told."""

    def make(**more: object) -> Community:
        names = ("REGISTER", "LOGIN", "WRITE", "VOTE")
        two = {f"FORUM_RATELIMIT_{name}": "2 per minute" for name in names}
        return make_community(**{**two, "FORUM_RATELIMIT_ENABLED": "true", **more})

    return make


@pytest.fixture
def limited(make_limited: MakeCommunity) -> Community:
    return make_limited()


def login(community: Community, address: str = "192.0.2.1", **headers: str) -> Any:
    return community.passer_by.post(
        "/auth/login",
        {"login": "noor", "password": "wrong"},
        environ_overrides={"REMOTE_ADDR": address},
        headers=headers,
    )


def rename(person: Person) -> int:
    return person.patch("/me", {"display_name": "Noor"}).status_code


def test_beyond_the_limit_a_caller_is_told_when_to_go_on(limited: Community) -> None:
    answers = [login(limited) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [401, 401, 429]
    assert answers[-1].json["code"] == "too-many-requests"
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= 60


def test_every_write_tells_the_callers_figures(limited: Community) -> None:
    first, second, third = (login(limited) for _ in range(3))
    assert first.headers["RateLimit-Policy"] == '"login";q=2;w=60'
    assert first.headers["RateLimit"].startswith('"login";r=1;t=')
    assert second.headers["RateLimit"].startswith('"login";r=0;t=')
    assert third.headers["RateLimit"].startswith('"login";r=0;t=')


def test_members_are_told_their_figures_when_they_read(limited: Community) -> None:
    headers = limited.member().get("/posts").headers
    assert headers["RateLimit-Policy"] == '"read";q=3000;w=60'
    assert headers["RateLimit"].startswith('"read";r=2999;t=')


@pytest.mark.parametrize(
    ("method", "address", "status", "policy"),
    [
        ("GET", "/nowhere", 404, "read"),
        ("DELETE", "/nowhere", 404, "write"),
        ("PUT", "/posts", 405, "write"),
    ],
)
def test_members_are_told_their_figures_where_nothing_is(
    limited: Community, method: str, address: str, status: int, policy: str
) -> None:
    answer = limited.member().call(method, address)
    assert answer.status_code == status
    assert answer.headers["RateLimit-Policy"].startswith(f'"{policy}";q=')


def test_asking_for_what_is_not_there_has_a_limit(make_limited: MakeCommunity) -> None:
    community = make_limited(FORUM_RATELIMIT_READ="2 per minute")
    statuses = [community.passer_by.get("/nowhere").status_code for _ in range(3)]
    assert statuses == [404, 404, 429]


def test_answers_that_caches_may_share_tell_nobodys_figures(limited: Community) -> None:
    headers = limited.passer_by.get("/posts").headers
    assert "RateLimit" not in headers
    assert "RateLimit-Policy" not in headers


def test_refused_writes_count_and_tell_the_figures(limited: Community) -> None:
    noor = limited.member()
    for answer in (noor.patch("/me", {}), noor.patch("/threads/1", {"body": "x"})):
        assert (answer.status_code in {404, 422}, "RateLimit" in answer.headers) == (True, True)
    assert rename(noor) == 429


def test_guessed_tokens_count_for_the_address_they_come_from(limited: Community) -> None:
    stranger = Person(limited.client, token="x")
    assert [rename(stranger) for _ in range(3)] == [401, 401, 429]
    assert rename(limited.member()) == 200


def test_members_are_counted_one_by_one(limited: Community) -> None:
    noor, ada = limited.members(2)
    assert [rename(noor) for _ in range(3)] == [200, 200, 429]
    assert rename(ada) == 200


def test_a_member_is_the_same_at_every_address(limited: Community) -> None:
    noor = limited.member()
    statuses = [
        noor.patch(
            "/me", {"display_name": "Noor"}, environ_overrides={"REMOTE_ADDR": f"192.0.2.{n}"}
        ).status_code
        for n in range(3)
    ]
    assert statuses == [200, 200, 429]


def test_passers_by_are_counted_by_address(limited: Community) -> None:
    assert [login(limited).status_code for _ in range(3)] == [401, 401, 429]
    assert login(limited, "192.0.2.2").status_code == 401


def test_an_ipv6_network_is_one_address(limited: Community) -> None:
    addresses = ["2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:1::3", "2001:db8:0:2::1"]
    statuses = [login(limited, address).status_code for address in addresses]
    assert statuses == [401, 401, 429, 401]


def test_limits_count_by_what_is_done(limited: Community) -> None:
    noor = limited.member("noor")
    assert [rename(noor) for _ in range(3)] == [200, 200, 429]
    assert noor.put("/threads/1/vote", {"value": 1}).status_code == 404
    assert noor.get("/me").status_code == 200


def test_registering_has_a_limit(limited: Community) -> None:
    statuses = [limited.passer_by.post("/auth/register", {}).status_code for _ in range(3)]
    assert statuses == [422, 422, 429]


@pytest.mark.parametrize("address", ["/auth/login", "/auth/register"])
def test_a_token_of_ones_own_is_no_other_address(limited: Community, address: str) -> None:
    people = limited.members(3)
    statuses = [person.post(address, {}).status_code for person in people]
    assert statuses == [422, 422, 429]


def test_voting_has_a_limit(limited: Community) -> None:
    noor = limited.member()
    calls = [("threads", "vote"), ("replies", "vote"), ("replies", "ballot")]
    statuses = [noor.delete(f"/{kind}/1/{what}").status_code for kind, what in calls]
    assert statuses == [404, 404, 429]


def test_reading_has_a_limit(make_limited: MakeCommunity) -> None:
    community = make_limited(FORUM_RATELIMIT_READ="2 per minute")
    statuses = [community.passer_by.get(f"/threads/{n}").status_code for n in (1, 2, 3)]
    assert statuses == [404, 404, 429]


def test_limits_can_be_switched_off(make_limited: MakeCommunity) -> None:
    community = make_limited(FORUM_RATELIMIT_ENABLED="false")
    answers = [login(community) for _ in range(4)]
    assert {answer.status_code for answer in answers} == {401}
    assert "RateLimit" not in answers[0].headers


def test_a_made_up_origin_of_a_request_evades_no_limit(limited: Community) -> None:
    headers = [{"X-Forwarded-For": f"198.51.100.{n}"} for n in range(3)]
    assert [login(limited, **header).status_code for header in headers] == [401, 401, 429]


def test_behind_a_trusted_proxy_its_callers_are_counted(make_limited: MakeCommunity) -> None:
    community = make_limited(FORUM_TRUSTED_PROXIES="192.0.2.1")
    headers = [{"X-Forwarded-For": f"203.0.113.9, 198.51.100.{n}"} for n in (1, 1, 1, 2)]
    statuses = [login(community, **header).status_code for header in headers]
    assert statuses == [401, 401, 429, 401]


def test_applications_share_their_limits_through_redis(
    make_limited: MakeCommunity, redis_url: str
) -> None:
    one, other = (make_limited(REDIS_URL=redis_url) for _ in range(2))
    statuses = [login(community).status_code for community in (one, other, one, other)]
    assert statuses == [401, 401, 429, 429]


def test_without_redis_every_application_counts_for_itself(make_limited: MakeCommunity) -> None:
    one, other = make_limited(), make_limited()
    statuses = [login(community).status_code for community in (one, one, one, other)]
    assert statuses == [401, 401, 429, 401]


def test_limits_hold_while_redis_cannot_be_reached(make_limited: MakeCommunity) -> None:
    community = make_limited(REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    assert [login(community).status_code for _ in range(3)] == [401, 401, 429]


def test_limits_hold_after_redis_is_lost(make_limited: MakeCommunity) -> None:
    with own_redis() as url:
        community = make_limited(REDIS_URL=url)
        assert login(community).status_code == 401
    assert [login(community).status_code for _ in range(3)] == [401, 401, 429]
