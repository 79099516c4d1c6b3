"""A real worker: tells others, survives being killed, and lets nobody wait for others."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
import redis
from flask import Flask

from forum.core.work import LEASE
from tests.community import Community
from tests.databases import on_one_database
from tests.ops.test_serve import ROOT, environment
from tests.receiver import LOOPBACK, Receiver, hanging
from tests.waiting import wait_until
from tests.webhooks.conftest import hook, is_signed

pytestmark = on_one_database


@contextmanager
def working(app: Flask) -> Iterator["subprocess.Popen[bytes]"]:
    """A worker of the application."""
    settings = app.extensions["settings"]
    surroundings = environment(
        settings.database_url,
        REDIS_URL=settings.redis_url,
        FORUM_OUTBOUND_ALLOWED=LOOPBACK,
        FORUM_LOG_LEVEL="ERROR",
    )
    command = [sys.executable, "-m", "forum.worker.process"]
    with subprocess.Popen(command, cwd=ROOT, env=surroundings) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def wait_for_calls(receiver: Receiver, number: int) -> None:
    wait_until(lambda: len(receiver.calls) == number)


@pytest.fixture(params=["", "redis"], ids=["without Redis", "with Redis"])
def forum(request: pytest.FixtureRequest, make_community: Callable[..., Community]) -> Community:
    redis_url = request.getfixturevalue("redis_url") if request.param else ""
    return make_community(FORUM_OUTBOUND_ALLOWED=LOOPBACK, REDIS_URL=redis_url)


def test_a_worker_tells_a_receiver_on_this_machine(forum: Community, receiver: Receiver) -> None:
    hooked = hook(forum, receiver)
    thread = forum.thread()
    with working(forum.app):
        for number in (1, 2):
            forum.reply(thread=thread)
            wait_for_calls(receiver, number)
    assert all(is_signed(call, hooked.webhook["secret"]) for call in receiver.calls)


def test_those_who_hang_keep_nobody_waiting(forum: Community, receiver: Receiver) -> None:
    with ExitStack() as hung:
        slow = hung.enter_context(hanging())
        for _ in range(20):
            hook(forum, slow)
        hook(forum, receiver)
        hung.enter_context(working(forum.app))
        forum.reply()
        wait_until(lambda: len(slow.calls) == 20)
        told = len(receiver.calls)
        forum.reply()
        wait_until(lambda: len(receiver.calls) > told)
        assert len(slow.calls) == 20


def test_what_a_killed_worker_had_begun_is_done_by_the_next(
    forum: Community, receiver: Receiver, let_pass: Callable[..., None]
) -> None:
    hooked = hook(forum, receiver)
    with hanging() as slow:
        hooked.change(url=slow.url)
        forum.reply()
        with working(forum.app) as worker:
            wait_until(lambda: slow.calls)
            worker.kill()
    hooked.change(url=receiver.url)
    if forum.app.extensions["settings"].redis_url:
        redis.Redis.from_url(forum.app.extensions["settings"].redis_url).flushall()
    let_pass(seconds=LEASE.total_seconds() + 1)
    hooked.work()
    assert [each["state"] for each in hooked.deliveries()] == ["delivered"]
    assert slow.calls[0].headers["webhook-id"] == receiver.calls[0].headers["webhook-id"]
