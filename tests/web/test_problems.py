"""Problems are pages for browsers and JSON for programs, the API's for everybody."""

import pytest

from forum.core.http.problems import explanations
from tests.apps import SeparateClient
from tests.databases import on_one_database
from tests.web.page import Page, said

pytestmark = on_one_database

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROGRAMS = ["", "*/*", "application/json", "application/problem+json"]


def browse(client: SeparateClient, address: str) -> Page:
    return Page(client.get(address, headers={"Accept": BROWSER}))


@pytest.mark.parametrize("address", ["/nope", "/feeds/threads/1.atom", "/problems/nonsense"])
def test_a_browser_is_told_in_a_page_what_is_wrong(client: SeparateClient, address: str) -> None:
    page = browse(client, address)
    assert (page.status, said(page.one("h1"))) == (404, "Not found")
    assert "style-src 'self'" in page.response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("accepted", PROGRAMS)
@pytest.mark.parametrize("address", ["/nope", "/feeds/threads/1.atom", "/problems/nonsense"])
def test_a_program_is_told_in_json(client: SeparateClient, address: str, accepted: str) -> None:
    answer = client.get(address, headers={"Accept": accepted})
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize("address", ["/api/v1/nope", "/api/v1/threads/1", "/api/nope"])
def test_the_api_answers_nobody_with_a_page(client: SeparateClient, address: str) -> None:
    answer = client.get(address, headers={"Accept": BROWSER})
    assert answer.mimetype == "application/problem+json"


def test_a_kind_of_problem_is_explained_in_a_page(client: SeparateClient) -> None:
    page = browse(client, "/problems/thread-locked")
    assert said(page.one("h1")) == "The thread is locked"
    assert explanations()["thread-locked"].explanation in said(page.one("main"))


def test_all_kinds_of_problems_are_listed(client: SeparateClient) -> None:
    listed = client.open("/problems").json["items"]
    assert {kind["code"] for kind in listed} == {*explanations()}
    links = browse(client, "/problems").links
    assert {f"/problems/{kind['code']}" for kind in listed} <= {*links}


def test_caches_tell_what_browsers_and_programs_are_shown_apart(client: SeparateClient) -> None:
    for address in ("/problems", "/problems/invalid"):
        assert "Accept" in client.get(address).headers["Vary"]
