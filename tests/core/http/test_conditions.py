"""Dates in the headers of a request, among them those that no calendar has."""

import pytest

from tests.apps import SeparateClient
from tests.databases import on_one_database

pytestmark = on_one_database

HEADERS = ["If-Modified-Since", "If-Unmodified-Since", "If-Range"]
FEED = "/feeds/replies.atom"
FILE = "/assets/crossroads.css"


@pytest.mark.parametrize(
    "date",
    [
        "Thu, 01 Jan 99999999999999999 00:00:00 GMT",
        "Thu, 01 Jan 1970 99999999999999999999:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 -99999999999999999999",
        "Thu, 01 Jan 1970 00:00:00 -9999",
        "yesterday",
    ],
)
@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.parametrize("address", ["/", "/api/v1/posts", FEED, FILE])
def test_what_is_no_date_is_passed_over(
    client: SeparateClient, address: str, header: str, date: str
) -> None:
    for _ in range(2):  # computed, and then kept
        assert client.get(address, headers={header: date}).status_code == 200


def test_a_part_is_not_given_to_whoever_holds_an_unknown_version(client: SeparateClient) -> None:
    headers = {"Range": "bytes=0-3", "If-Range": "Thu, 01 Jan 99999999999999999 00:00:00 GMT"}
    assert client.get(FILE, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("date", "status"),
    [("Thu, 01 Jan 1970 00:00:00 GMT", 200), ("Fri, 31 Dec 9999 23:59:59 GMT", 304)],
)
def test_a_date_of_the_calendar_is_read(client: SeparateClient, date: str, status: int) -> None:
    assert client.get(FILE, headers={"If-Modified-Since": date}).status_code == status
