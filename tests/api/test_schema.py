"""Generated requests by everybody, and every answer judged by the OpenAPI document.

`schemathesis.toml` says what is generated and why what may be refused; `make fuzz` runs for long.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import uuid4

import hypothesis
import pytest
import schemathesis
from flask import Flask
from schemathesis import Case, HookContext
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from werkzeug.serving import WSGIRequestHandler, make_server

from forum import examples
from forum.api.components import ACCESS, REFRESH
from forum.api.edge import IDEMPOTENCY_KEY_PATTERN
from forum.core.http.json import json_response
from tests.community import Community, Json, Person
from tests.databases import on_one_database

CONFIG = tomllib.loads((Path(__file__).parents[2] / "schemathesis.toml").read_text("utf-8"))
IS_FUZZING = hypothesis.settings.get_current_profile_name() == "fuzz"

PERISHABLE: dict[str, tuple[str, Callable[[Community], Any]]] = {
    "change_post": ("slug", lambda community: community.post()["slug"]),
    "delete_post": ("slug", lambda community: community.post()["slug"]),
    "delete_thread": ("thread_id", lambda community: community.thread()["id"]),
    "delete_reply": ("reply_id", lambda community: community.reply()["id"]),
}
"""Operations that take away what they are called for, and what makes something for them."""


@pytest.mark.fuzz
@pytest.mark.parametrize(
    ("database_url", "role"),
    [
        ("sqlite", "anonymous"),
        ("sqlite", "member"),
        ("sqlite", "moderator"),
        ("sqlite", "admin"),
        ("postgresql", "admin"),
    ],
    indirect=["database_url"],
)
def test_every_answer_is_as_described(community: Community, role: str) -> None:
    caller = populate(community)[role]
    with served(community.app) as url, spared(community, caller):
        found = failures(url, config_for(community, caller, role))
    assert not found, "\n\n".join(found)


@on_one_database
def test_a_document_that_is_wrong_is_found_out(
    make_community: Callable[..., Community],
) -> None:
    community = make_community()
    populate(community)
    document = deepcopy(community.app.extensions["openapi"]())
    document["components"]["schemas"]["Post"]["required"].append("price")
    community.app.extensions["openapi"] = lambda: document
    config = {
        "phases": {"enabled": False, "examples": {"enabled": True}},
        "operations": [{"exclude-operation-id": "lookup", "enabled": False}],
    }
    with served(community.app) as url:
        assert any("price" in failure for failure in failures(url, config))


def test_an_answer_that_is_not_described_fails_the_test_that_gets_it(
    make_community: Callable[..., Community],
) -> None:
    community = make_community()
    community.app.view_functions["posts.posts"] = lambda: json_response({"items": []})
    with pytest.raises(AssertionError, match="page"):
        community.passer_by.get("/posts")


def populate(community: Community) -> dict[str, Person]:
    """Make what the examples name, some threads and replies, and callers of every role."""
    member = community.member(examples.USERNAME)
    community.member(examples.LOGIN, role="moderator", password=examples.PASSWORD)
    post = community.post(slug=examples.SLUG, url=examples.URL)
    threads = [community.thread(by, post=post) for by in (None, None, None, member)]
    replies = [community.reply(by, thread) for thread in threads for by in (None, member)]
    community.cast(replies[0], technical=3, management=2)
    return {
        "anonymous": community.passer_by,
        "member": member,
        "moderator": community.moderator(),
        "admin": community.member(role="admin"),  # may end their own session, but no other's
    }


def config_for(community: Community, caller: Person, role: str) -> Json:
    """What to send as this caller: much of everything when fuzzing, else a little, the same always.

    The admin reaches most, so that nobody else needs to try every boundary each time.
    """
    config = deepcopy(CONFIG)
    if not IS_FUZZING:
        config["seed"] = config["generation"]["max-examples"] = 1
        config["phases"]["fuzzing"]["enabled"] = False
        config["phases"]["coverage"]["enabled"] = role == "admin"
    if caller.token:
        refresh_token = signed_in(community)["refresh_token"]
        access = {ACCESS: {"bearer": caller.token}, REFRESH: {"bearer": refresh_token}}
        config["auth"] = {"openapi": access}
    return config


def signed_in(community: Community) -> Json:
    """The tokens of a session of its own, for what ends the session it is called with."""
    login = {"login": examples.LOGIN, "password": examples.PASSWORD}
    tokens: Json = community.passer_by.ok("POST", "/auth/login", login)
    return tokens


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """The address of a server of the application."""
    server = make_server("127.0.0.1", 0, app, request_handler=Silent)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Silent(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        pass


@contextmanager
def spared(community: Community, caller: Person) -> Iterator[None]:
    """Keep what the requests are about: whatever takes it away gets something else to take.

    And every idempotency key is new, for one that was generated twice belongs to another request.
    """
    other = f"Bearer {signed_in(community)['access_token']}"

    def before_call(context: HookContext, case: Case[Any], kwargs: dict[str, Any]) -> None:
        if re.fullmatch(IDEMPOTENCY_KEY_PATTERN, str(case.headers.get("Idempotency-Key"))):
            case.headers["Idempotency-Key"] = str(uuid4())
        operation = case.operation.definition.raw.get("operationId")
        is_mine = (
            bool(caller.token) and case.headers.get("Authorization") == f"Bearer {caller.token}"
        )
        if operation in {"logout", "end_session"} and is_mine:
            case.headers["Authorization"] = other
        name, make = PERISHABLE.get(operation, ("", None))
        if make and is_ours(case.path_parameters.get(name)):
            case.path_parameters[name] = make(community)

    schemathesis.hook(before_call)
    try:
        yield
    finally:
        schemathesis.hooks.unregister(before_call)


def is_ours(value: Any) -> bool:
    """Whether `populate` has made it."""
    return any(str(value) in map(str, known["values"]) for known in CONFIG["dictionaries"].values())


def failures(url: str, config: Json) -> list[str]:
    """What the checks find wrong, each with the request that shows it."""
    schema = schemathesis.openapi.from_url(
        f"{url}/openapi.json", config=SchemathesisConfig.from_dict(config)
    )
    found = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.FatalError):
            raise event.exception
        if isinstance(event, events.NonFatalError):
            found.append(event.info.format())
        if isinstance(event, events.ScenarioFinished):
            found.extend(recorded(event.recorder))
    return found


def recorded(recorder: ScenarioRecorder) -> Iterator[str]:
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info:
                answer = recorder.interactions[case_id].response
                yield "\n".join(
                    [
                        f"{check.name}: {check.failure_info.failure}",
                        check.failure_info.code_sample,
                        f"{answer.status_code} {answer.text[:1000]}" if answer else "no answer",
                    ]
                )
