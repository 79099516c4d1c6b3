"""Cursors of lists of replies belong to the list they come from, and cannot be forged."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.apps import Answer
from tests.replies.conftest import Garden, one_database_for_all_examples
from tests.replies.rows import Sketch

TECHNICAL = "technical-path"


@pytest.fixture
def url(garden: Garden) -> str:
    """A thread whose tree and whose list of a path have a second page."""
    thread, _ = garden.plant([Sketch(path=TECHNICAL) for _ in range(3)])
    return f"/threads/{thread['id']}/replies?limit=1"


def cursor_of(garden: Garden, url: str) -> str:
    following: str = garden.reader.ok("GET", url)["page"]["next"]
    return parse_qs(urlsplit(following).query)["cursor"][0]


def refused(answer: Answer) -> bool:
    return (answer.status_code, answer.json["code"]) == (400, "cursor-mismatch")


@pytest.mark.parametrize(
    ("made_for", "used_for"),
    [
        ("&sort=best", "&sort=new"),
        ("&sort=new", "&sort=old"),
        ("&sort=best", "&sort=balanced"),
        ("&sort=balanced", "&sort=best"),
        (f"&path={TECHNICAL}", ""),
        ("", f"&path={TECHNICAL}"),
        (f"&path={TECHNICAL}", "&path=management-path"),
        (f"&path={TECHNICAL}&sort=best", f"&path={TECHNICAL}&sort=top"),
    ],
)
def test_a_cursor_serves_no_other_sort_or_path(
    garden: Garden, url: str, made_for: str, used_for: str
) -> None:
    cursor = cursor_of(garden, url + made_for)
    assert refused(garden.reader.get(f"{url}{used_for}&cursor={cursor}"))


def test_a_cursor_serves_no_other_thread(garden: Garden, url: str) -> None:
    other, _ = garden.plant([Sketch()])
    assert refused(
        garden.reader.get(f"/threads/{other['id']}/replies?cursor={cursor_of(garden, url)}")
    )


def test_a_cursor_serves_no_other_reply(garden: Garden) -> None:
    _, ids = garden.plant([Sketch(), Sketch(parent=0), Sketch(parent=0), Sketch()])
    cursor = cursor_of(garden, f"/replies/{ids[0]}/replies?limit=1")
    assert refused(garden.reader.get(f"/replies/{ids[3]}/replies?cursor={cursor}"))


def test_a_cursor_serves_other_bounds(garden: Garden, url: str) -> None:
    cursor = cursor_of(garden, url)
    wider = url.replace("limit=1", "limit=9")
    answer = garden.reader.ok("GET", f"{wider}&children=2&depth=1&cursor={cursor}")
    assert len(answer["items"]) == 2


@one_database_for_all_examples
@given(data=st.data())
def test_a_cursor_that_was_tampered_with_is_refused(
    garden: Garden, url: str, data: st.DataObject
) -> None:
    cursor = cursor_of(garden, url)
    place = data.draw(st.integers(0, len(cursor) - 1))
    letter = data.draw(st.sampled_from("AZaz09-_.").filter(lambda c: c != cursor[place]))
    forged = cursor[:place] + letter + cursor[place + 1 :]
    assert refused(garden.reader.get(f"{url}&cursor={forged}"))


@one_database_for_all_examples
@given(invented=st.text(st.characters(codec="utf-8"), min_size=1, max_size=60))
def test_an_invented_cursor_is_refused(garden: Garden, url: str, invented: str) -> None:
    answer = garden.reader.get(f"{url}&{urlencode({'cursor': invented})}")
    assert answer.status_code in {400, 422}
