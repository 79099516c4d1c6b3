"""Parameters of the query outside the API: nobody's are refused; pages pass over them."""

import pytest

from tests.apps import SeparateClient
from tests.databases import on_one_database

pytestmark = on_one_database

STRICT = [
    "/healthz",
    "/readyz",
    "/metrics",
    "/openapi.json",
    "/problems",
    "/problems/not-found",
    "/feeds/replies.atom",
]


@pytest.mark.parametrize("address", STRICT)
def test_an_unknown_parameter_is_refused(client: SeparateClient, address: str) -> None:
    answer = client.open(f"{address}?surprise=1")
    assert answer.status_code == 422
    assert answer.json["errors"] == [{"pointer": "?surprise", "detail": "Unknown parameter."}]


@pytest.mark.parametrize("address", STRICT)
def test_without_one_it_is_not(client: SeparateClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_a_parameter_is_given_once(client: SeparateClient) -> None:
    answer = client.open("/feeds/replies.atom?limit=1&limit=2")
    assert answer.json["errors"] == [{"pointer": "?limit", "detail": "Must be given once."}]


@pytest.mark.parametrize("address", ["/", "/docs", "/assets/crossroads.css"])
def test_links_to_pages_may_carry_what_others_put_there(
    client: SeparateClient, address: str
) -> None:
    assert client.get(f"{address}?utm_source=newsletter").status_code == 200
