"""Arguments in addresses and queries: taken as they are described, or refused."""

from typing import Any

import pytest

from tests.apps import SeparateClient
from tests.community import API, Community
from tests.databases import on_one_database

pytestmark = on_one_database


@pytest.mark.parametrize("thread_id", ["0", "01", "-1", "1.0", "\u0661", str(10**15), "x"])
@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_what_is_no_id_is_an_address_of_nothing(
    community: Community, method: str, thread_id: str
) -> None:
    assert community.admin.call(method, f"/threads/{thread_id}").status_code == 404


@pytest.mark.parametrize("address", [f"{API}//posts", f"{API}/posts//threads", "//posts/a"])
def test_a_doubled_slash_leads_nowhere_rather_than_to_an_address_of_the_callers_making(
    client: SeparateClient, address: str
) -> None:
    answer = client.open(environ_overrides={"PATH_INFO": address, "HTTP_HOST": "evil.example"})
    assert (answer.status_code, "Location" in answer.headers) == (404, False)


@pytest.mark.parametrize("name", ["lookup", "counts"])
def test_a_route_below_posts_is_no_post(community: Community, name: str) -> None:
    answer = community.admin.delete(f"/posts/{name}")
    assert (answer.status_code, "DELETE" in answer.headers["Allow"]) == (405, False)


@pytest.mark.parametrize("query", ["limit=1&limit=2", "sort=new&sort=new"])
def test_a_parameter_that_takes_one_value_is_given_once(community: Community, query: str) -> None:
    answer = community.passer_by.get(f"/posts?{query}")
    assert (answer.status_code, answer.json["detail"]) == (422, "Must be given once.")


@pytest.mark.parametrize("limit", ["1_0", " 1", "+1", "1.0", "\u0663", "0", "101", ""])
def test_a_limit_is_a_number_in_plain_digits(community: Community, limit: str) -> None:
    answer = community.passer_by.get("/posts", query_string={"limit": limit})
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "?limit")


@pytest.mark.parametrize("parent_id", [1.5, "1", True, 0, 10**15, [1]])
def test_an_id_in_a_body_is_a_whole_number(community: Community, parent_id: Any) -> None:
    thread = community.thread()
    data = {"body": "I would stay.", "parent_id": parent_id}
    answer = community.member().post(f"/threads/{thread['id']}/replies", data)
    assert (answer.status_code, answer.json["errors"][0]["pointer"]) == (422, "/parent_id")


def test_a_whole_number_may_be_written_with_a_point(community: Community) -> None:
    reply = community.reply()
    data = {"body": "I would stay.", "parent_id": float(reply["id"])}
    answer = community.member().post(f"/threads/{reply['thread_id']}/replies", data)
    assert answer.json["parent_id"] == reply["id"]
