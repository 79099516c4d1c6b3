"""People, posts, threads and replies for tests: made through commands and the API, never by hand.

`community.member()` gives somebody signed in, whose `get`, `post`, `put`, `patch` and `delete`
speak to the API; `community.post()`, `thread()` and `reply()` give the JSON of something to talk
about.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask_jwt_extended import create_access_token

from forum.accounts import commands as accounts
from forum.accounts import sessions
from forum.accounts.commands import NewMember
from forum.core.db import db, writing
from tests.apps import Answer, SeparateClient

API = "/api/v1"
PASSWORD = "three quiet harbour lights"

Json = dict[str, Any]

NUMBERS = count(1)
"""For names and addresses that no other forum of this process uses on the same database."""


@dataclass
class Person:
    """Somebody who calls the API: signed in with a token, or a passer-by without one."""

    client: SeparateClient
    username: str = ""
    token: str = ""

    def get(self, path: str, **kwargs: Any) -> Answer:
        return self.call("GET", path, **kwargs)

    def post(self, path: str, json: Any = None, **kwargs: Any) -> Answer:
        return self.call("POST", path, json=json, **kwargs)

    def put(self, path: str, json: Any = None, **kwargs: Any) -> Answer:
        return self.call("PUT", path, json=json, **kwargs)

    def patch(self, path: str, json: Any = None, **kwargs: Any) -> Answer:
        return self.call("PATCH", path, json=json, **kwargs)

    def delete(self, path: str, **kwargs: Any) -> Answer:
        return self.call("DELETE", path, **kwargs)

    def call(self, method: str, path: str, **kwargs: Any) -> Answer:
        """Call a path below /api/v1, or one that begins with it."""
        headers = dict(kwargs.pop("headers", {}))
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        if kwargs.get("json") is None:
            kwargs.pop("json", None)
        full = path if path.startswith(API) else API + path
        return self.client.open(full, method=method, headers=headers, **kwargs)

    def ok(self, method: str, path: str, json: Any = None, **kwargs: Any) -> Any:
        """The JSON of an answer that must be a success."""
        response = self.call(method, path, json=json, **kwargs)
        assert response.status_code < 300, response.get_data(as_text=True)
        return response.json


class Community:
    """A forum to populate."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = SeparateClient(app)
        self.passer_by = Person(self.client)
        self._admin: Person | None = None
        self._opener: Person | None = None

    def member(
        self,
        username: str | None = None,
        *,
        role: str = "member",
        confirmed: bool = True,
        password: str | None = None,
    ) -> Person:
        """Somebody with an account, signed in. Hashing a password takes time: only where needed."""
        name = username or f"person-{next(NUMBERS)}-x"
        data = NewMember(name, f"{name}@example.org", password)
        with self.app.app_context(), writing():
            member = accounts.add_member(db.session(), data, role, email_confirmed=confirmed)
            sign_in = sessions.begin(db.session(), member.id)
            db.session.commit()
            token = create_access_token(
                str(member.id), additional_claims={"sid": sign_in.id}, expires_delta=False
            )
        return Person(self.client, name, token)

    def members(self, number: int) -> list[Person]:
        """So many different people."""
        return [self.member() for _ in range(number)]

    def moderator(self) -> Person:
        """A new moderator."""
        return self.member(role="moderator")

    @property
    def admin(self) -> Person:
        """The admin."""
        self._admin = self._admin or self.member(role="admin")
        return self._admin

    def post(self, **more: Any) -> Json:
        """A new post."""
        number = next(NUMBERS)
        data = {"url": f"https://blog.example.com/{number}", "title": f"Post {number}", **more}
        post: Json = self.admin.ok("POST", "/posts", data)
        return post

    def thread(self, by: Person | None = None, post: Json | None = None, **more: Any) -> Json:
        """A new thread, by somebody else than the test's people unless told."""
        self._opener = self._opener or self.member()
        slug = (post or self.post())["slug"]
        data = {"body": "What would you do?", **more}
        thread: Json = (by or self._opener).ok("POST", f"/posts/{slug}/threads", data)
        return thread

    def reply(
        self,
        by: Person | None = None,
        thread: Json | None = None,
        to: Json | None = None,
        **more: Any,
    ) -> Json:
        """A new reply in a thread, or below the reply `to`."""
        thread_id = to["thread_id"] if to else (thread or self.thread())["id"]
        data = {"body": "I would stay.", "parent_id": to["id"] if to else None, **more}
        reply: Json = (by or self.member()).ok("POST", f"/threads/{thread_id}/replies", data)
        return reply

    def cast(self, reply: Json, **ballots: int) -> Json:
        """Ballots on a reply by new members: `cast(reply, technical=2, management=3)`."""
        names = {"technical": "technical-path", "management": "management-path"}
        path: Json = {}
        for value, number in ballots.items():
            for _ in range(number):
                body = {"path": names.get(value, value)}
                path = self.member().ok("PUT", f"/replies/{reply['id']}/ballot", body)
        return path


@pytest.fixture
def community(app: Flask) -> Community:
    """A forum to populate."""
    return Community(app)


@pytest.fixture
def make_community(make_app: Callable[..., Flask]) -> Callable[..., Community]:
    """Makes a forum with other settings: `make_community(FORUM_REQUIRE_CONFIRMED_EMAIL="true")`."""
    return lambda **settings: Community(make_app(**settings))
