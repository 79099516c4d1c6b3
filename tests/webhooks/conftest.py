"""A forum that may call the receivers of the tests, which stand on this machine."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson
import pytest
from flask import Flask
from standardwebhooks.webhooks import Webhook

from tests.community import Community, Json
from tests.receiver import LOOPBACK, Call, Receiver
from tests.worker import work_off

EVERYTHING = ["reply.written", "thread.opened"]


@dataclass
class Hooked:
    """A forum with a webhook at a receiver."""

    community: Community
    receiver: Receiver
    webhook: Json

    @property
    def path(self) -> str:
        return f"/webhooks/{self.webhook['id']}"

    def work(self) -> None:
        work_off(self.community.app)

    def now(self) -> Json:
        """The webhook as it is."""
        found: Json = self.community.admin.ok("GET", self.path)
        return found

    def change(self, **changes: Any) -> Json:
        changed: Json = self.community.admin.ok("PATCH", self.path, changes)
        return changed

    def deliveries(self) -> list[Json]:
        """Newest first."""
        found: list[Json] = self.community.admin.ok("GET", f"{self.path}/deliveries")["items"]
        return found

    def told(self) -> list[Json]:
        """The messages that arrived."""
        return [orjson.loads(call.body) for call in self.receiver.calls]


def is_signed(call: Call, secret: str) -> bool:
    """By the library of Standard Webhooks, which raises if it is not."""
    return bool(Webhook(secret).verify(call.body.decode(), call.headers))


@pytest.fixture
def open_community(keep_app: Callable[..., Flask]) -> Community:
    return Community(keep_app(FORUM_OUTBOUND_ALLOWED=LOOPBACK))


@pytest.fixture
def hooked(open_community: Community, receiver: Receiver) -> Hooked:
    return hook(open_community, receiver)


def hook(community: Community, receiver: Receiver, **more: Any) -> Hooked:
    """Let a receiver be called."""
    data = {"url": receiver.url, "events": ["reply.written"], **more}
    return Hooked(community, receiver, community.admin.ok("POST", "/webhooks", data))
