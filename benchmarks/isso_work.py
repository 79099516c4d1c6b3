"""The same kinds of work as Isso knows them."""

from itertools import cycle
from random import Random

from benchmarks.facts import PAGE, Facts
from benchmarks.http import Request
from benchmarks.isso import uri
from benchmarks.prose import bodies
from benchmarks.work import Fetch


def page(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_page(facts.threads[0])]


def another_page(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_page(thread) for thread in facts.threads]


def counts(facts: Facts, _fetch: Fetch) -> list[Request]:
    pages = cycle(facts.threads)
    return [Request("POST", "/count", json=[uri(next(pages)) for _ in range(100)])]


def feed(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [Request("GET", f"/feed?uri={uri(facts.threads[0])}")]


def unchanged_feed(facts: Facts, fetch: Fetch) -> list[Request]:
    request = feed(facts, fetch)[0]
    return [Request("GET", request.path, {"If-None-Match": fetch(request).headers.get("etag", "")})]


def new_replies(facts: Facts, _fetch: Fetch) -> list[Request]:
    texts = cycle(body for body, _ in bodies(Random(2)))
    return [
        Request("POST", f"/new?uri={uri(thread)}", json={"text": next(texts), "author": "A"})
        for thread in facts.threads
    ]


def votes(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [Request("POST", f"/id/{reply}/like", json={}) for reply, _ in facts.replies]


def _page(thread: int) -> Request:
    return Request("GET", f"/?uri={uri(thread)}&limit={PAGE}&nested_limit=0")
