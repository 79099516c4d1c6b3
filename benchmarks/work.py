"""The requests of each kind of work."""

from collections.abc import Callable, Sequence
from itertools import accumulate, cycle
from random import Random
from typing import Any

from benchmarks.facts import PAGE, Facts
from benchmarks.http import Answer, Request
from benchmarks.prose import bodies

API = "/api/v1"
FEED = "/feeds/replies.atom"
DEPTHS = range(11)
"""With no children asked for, the depth makes another address and no other answer."""
ZIPF_THREADS = 1000
READS_PER_WRITE = 19
MANY = 20_000

Fetch = Callable[[Request], Answer]
Work = Callable[[Facts, Fetch], Sequence[Request]]


def page(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_page(facts.threads[0])]


def another_page(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_page(thread, depth=depth) for depth in DEPTHS for thread in facts.threads]


def tree(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_get(f"{API}/threads/{facts.threads[0]}/replies")]


def signed_in_page(facts: Facts, _fetch: Fetch) -> list[Request]:
    address = _page(facts.threads[0]).path
    return [_get(address, **_signed_in(token)) for token in facts.tokens]


def counts(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_get(f"{API}/posts/counts?" + "&".join(f"url={url}" for url in facts.page_urls))]


def feed(_facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_get(FEED)]


def unchanged_feed(_facts: Facts, fetch: Fetch) -> list[Request]:
    validator = fetch(_get(FEED)).headers.get("etag", "")
    return [_get(FEED, **{"If-None-Match": validator})]


def new_replies(facts: Facts, _fetch: Fetch) -> list[Request]:
    """Half of them to a thread, half to a reply in it."""
    texts, tokens = cycle(body for body, _ in bodies(Random(2))), cycle(facts.tokens)
    written = []
    for number, (reply, thread) in enumerate(facts.replies):
        body = {"body": next(texts), **({"parent_id": reply} if number % 2 else {})}
        address = f"{API}/threads/{thread}/replies"
        written.append(Request("POST", address, _signed_in(next(tokens)), body))
    return written


def votes(facts: Facts, _fetch: Fetch) -> list[Request]:
    """Every member on every reply; should they all be used up, the other way."""
    return [
        Request("PUT", f"{API}/replies/{reply}/vote", _signed_in(token), {"value": value})
        for value in (1, -1)
        for token in facts.tokens
        for reply, _ in facts.replies
    ]


def mix(facts: Facts, fetch: Fetch) -> list[Request]:
    """95 % pages of threads by Zipf's law, 5 % new replies and votes in turn."""
    threads = facts.threads[:ZIPF_THREADS]
    popularity = list(accumulate(1 / rank for rank in range(1, len(threads) + 1)))
    writes = zip(new_replies(facts, fetch), votes(facts, fetch), strict=False)
    write = cycle(request for pair in writes for request in pair)
    drawn = Random(3).choices(threads, cum_weights=popularity, k=MANY)
    requests: list[Request] = []
    for number, thread in enumerate(drawn):
        requests.append(_page(thread))
        if number % READS_PER_WRITE == 0:
            requests.append(next(write))
    return requests


def small_thread(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_page(facts.small)]


def huge_thread(facts: Facts, _fetch: Fetch) -> list[Request]:
    return [_page(facts.huge)]


def huge_sorted(sort: str) -> Work:
    return lambda facts, _fetch: [_page(facts.huge, sort=sort)]


def last_page(facts: Facts, fetch: Fetch) -> list[Request]:
    """The last page that is full."""
    addresses = [_page(facts.huge, limit=50).path]
    while following := fetch(_get(addresses[-1])).json["page"]["next"]:
        addresses.append(following)
    full = addresses[-2] if len(addresses) > 1 else addresses[0]
    return [_get(full.replace("limit=50", f"limit={PAGE}"))]


def deepest_more(facts: Facts, _fetch: Fetch) -> list[Request]:
    """What the `more` of a reply at the last level but one points to."""
    return [_get(f"{API}/replies/{facts.deepest}/replies?limit={PAGE}&children=0")]


def _page(thread: int, **more: Any) -> Request:
    asked = {"limit": PAGE, "children": 0, **more}
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return _get(f"{API}/threads/{thread}/replies?{query}")


def _get(path: str, **headers: str) -> Request:
    return Request("GET", path, headers)


def _signed_in(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
