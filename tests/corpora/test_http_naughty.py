"""Naughty strings in everything that a caller may fill in: kept, or refused with a problem.

What is kept reads back as it was written, but in Unicode's normal form C: all text is stored in it.
"""

import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest

from forum.accounts import commands as accounts
from forum.core.http.problems import MEDIA_TYPE
from tests.apps import Answer
from tests.community import Community, Person
from tests.corpora.corpora import NAUGHTY

on_the_stricter_database = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

KEPT = {
    "the title of a post": ("posts", "title"),
    "the author of a post": ("posts", "author_name"),
    "the summary of a post": ("posts", "summary"),
    "the title of a thread": ("threads", "title"),
    "the body of a thread": ("threads", "body"),
    "the body of a reply": ("replies", "body"),
    "a display name": ("me", "display_name"),
}

SENT: dict[str, Callable[[Person, str], Answer]] = {
    "a username": lambda by, text: by.post("/auth/register", registration(username=text)),
    "an e-mail address": lambda by, text: by.post("/auth/register", registration(email=text)),
    "a login": lambda by, text: by.post("/auth/login", {"login": text, "password": "wrong"}),
    "a slug": lambda by, text: by.patch("/posts/naughty", {"slug": text}),
    "a URL": lambda by, text: by.patch("/posts/naughty", {"url": text}),
    "a time": lambda by, text: by.patch("/posts/naughty", {"published_at": text}),
    "a path": lambda by, text: by.put("/replies/1/path", {"path": text}),
    "a reason to lock": lambda by, text: by.put("/threads/1/lock", {"reason": text}),
    "a reason to pin": lambda by, text: by.put("/replies/1/pin", {"path": None, "reason": text}),
    "a reason to remove": lambda by, text: by.delete(f"/threads/2?reason={escaped(text)}"),
    "a member": lambda by, text: by.patch("/me", {text: text}),
    "a parameter": lambda by, text: by.get(f"/posts?{escaped(text)}=1"),
    "a sort": lambda by, text: by.get(f"/posts?sort={escaped(text)}"),
    "a filter": lambda by, text: by.get(f"/posts?path={escaped(text)}"),
    "a limit": lambda by, text: by.get(f"/posts?limit={escaped(text)}"),
    "a cursor": lambda by, text: by.get(f"/posts?cursor={escaped(text)}"),
    "a cursor of a tree": lambda by, text: by.get(f"/threads/1/replies?cursor={escaped(text)}"),
    "a page": lambda by, text: by.get(f"/posts/lookup?url={escaped(text)}"),
    "one of many pages": lambda by, text: by.get(f"/posts/counts?url={escaped(text)}"),
    "a post in an address": lambda by, text: by.get(f"/posts/{escaped(text)}"),
    "a thread in an address": lambda by, text: by.get(f"/threads/{escaped(text)}"),
    "a member in an address": lambda by, text: by.get(f"/users/{escaped(text)}"),
}

HEADERS = [
    ("GET", "Accept", "If-None-Match", "Origin", "X-Forwarded-For", "X-Request-ID"),
    ("GET", "Authorization"),
    ("PATCH", "Content-Type"),
    ("PATCH", "If-Match"),
    ("POST", "Idempotency-Key"),
]
"""A method, and what to send with it at once: what would be refused comes alone."""

POST = {"url": "https://blog.example.com/naughty", "title": "Naughty"}
REQUESTS = {
    "GET": ("/me", None),
    "PATCH": ("/me", {"display_name": "Sam"}),
    "POST": ("/posts", POST),
}


@pytest.mark.parametrize(
    ("database_url", "place"),
    [*(("postgresql", place) for place in KEPT), ("sqlite", "the body of a reply")],
    indirect=["database_url"],
)
def test_a_naughty_text_is_kept_as_it_is_or_refused(community: Community, place: str) -> None:
    kind, member = KEPT[place]
    admin, address = community.admin, populated(community)[kind]
    strange, changed, kept = [], [], 0
    for text in NAUGHTY:
        answer = admin.patch(address, {member: text})
        if not is_proper(answer):
            strange.append((text, answer.status_code))
        elif answer.status_code == 200:
            kept += 1
            if admin.get(address).json[member] != unicodedata.normalize("NFC", text):
                changed.append(text)
    assert (strange, changed) == ([], [])
    assert kept > 400


@on_the_stricter_database
@pytest.mark.parametrize("place", SENT)
def test_a_naughty_text_anywhere_else_breaks_nothing(
    community: Community, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "verify_password", lambda *_: False)  # which takes its time
    populated(community)
    answers = {text: SENT[place](community.admin, text) for text in NAUGHTY}
    assert [text for text, answer in answers.items() if not is_proper(answer)] == []


@on_the_stricter_database
@pytest.mark.parametrize(
    ("method", "names"),
    [(method, names) for method, *names in HEADERS],
    ids=[names[-1] for names in HEADERS],
)
def test_a_naughty_header_breaks_nothing(
    community: Community, method: str, names: list[str]
) -> None:
    address, data = REQUESTS[method]
    answers = {}
    for text in NAUGHTY:
        value = text.encode().decode("latin-1")  # as servers hand bytes to applications
        environ = dict.fromkeys(map(variable, names), value)
        answers[text] = community.admin.call(method, address, json=data, environ_overrides=environ)
    assert [text for text, answer in answers.items() if not is_proper(answer)] == []


def populated(community: Community) -> dict[str, str]:
    """The addresses of a post, a thread, a reply and the caller's own profile."""
    post = community.post(slug="naughty")
    thread, reply = community.thread(post=post), community.reply()
    return {
        "posts": "/posts/naughty",
        "threads": f"/threads/{thread['id']}",
        "replies": f"/replies/{reply['id']}",
        "me": "/me",
    }


def is_proper(answer: Answer) -> bool:
    """Whether the request has succeeded, or was refused with a problem."""
    status: int = answer.status_code
    return 200 <= status < 400 or (400 <= status < 500 and answer.mimetype == MEDIA_TYPE)


def variable(header: str) -> str:
    name = header.upper().replace("-", "_")
    return name if name == "CONTENT_TYPE" else f"HTTP_{name}"


def registration(**more: str) -> dict[str, Any]:
    return {
        "username": "sam-the-third",
        "email": "sam@example.org",
        "password": "password",
        **more,
    }


def escaped(text: str) -> str:
    return quote(text, safe="")
