"""Moderators who drain the queue at once: `python -m benchmarks.draining`.

Each item has to be decided once, none may be lost or decided twice, and the log has to verify.
"""

import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click
from flask_jwt_extended import create_access_token
from sqlalchemy import func, select

from benchmarks.databases import NAMES, databases, disk, only_run, settings_for
from benchmarks.http import Answer, Request
from benchmarks.servers import ROOT, Program, Server, python, running
from forum.accounts import commands as accounts
from forum.accounts import sessions
from forum.accounts.commands import NewMember
from forum.accounts.identity import viewer_of
from forum.app import create_app
from forum.core.audit_verification import verify
from forum.core.db import db, writing
from forum.moderation.queue.items import Concern, raise_item
from forum.moderation.queue.models import RULE, Decision, ReviewItem
from forum.posts import commands as posts
from forum.posts.commands import NewPost
from forum.replies import commands as replies
from forum.replies.commands import NewReply
from forum.threads import commands as threads
from forum.threads.commands import NewThread

FLASK = python("-m", "flask", "--app", "wsgi")
FOLDER = disk()
ACTIONS = ("remove", "approve", "dismiss")


@click.command()
@click.option("--items", type=click.IntRange(1), default=2_000, show_default=True)
@click.option("--moderators", type=click.IntRange(1), default=16, show_default=True)
@click.option("--database", type=click.Choice([*NAMES]), multiple=True, default=[*NAMES])
def main(items: int, moderators: int, database: Sequence[str]) -> None:
    """Drain a queue through `next` and `decision`; fails unless each item is decided once."""
    with only_run(FOLDER):
        for kind in database:
            with databases(kind, FOLDER) as kept, kept.empty() as url:
                settings = {**settings_for(url), "FORUM_LOG_LEVEL": "WARNING"}
                migrate(settings)
                tokens = populate(settings, items, moderators)
                with served(settings) as server:
                    begin = time.perf_counter()
                    decided = drain(server, tokens)
                    seconds = time.perf_counter() - begin
                problems = [*wrong(settings, decided, items)]
            rate = items / seconds
            click.echo(f"{NAMES[kind]}: {items} items in {seconds:.1f} s, {rate:.0f} a second.")
            for problem in problems:
                click.echo(f"  {problem}")
            if problems:
                raise click.ClickException("The queue was not drained as it should be.")


def migrate(settings: dict[str, str]) -> None:
    """Make the tables."""
    subprocess.run([*FLASK, "db", "upgrade"], cwd=ROOT, env={**os.environ, **settings}, check=True)


def populate(settings: dict[str, str], items: int, moderators: int) -> list[str]:
    """Replies that wait for a decision; gives an access token of each moderator."""
    app = create_app(settings)
    with app.app_context(), writing():
        session = db.session()
        staff = [
            accounts.add_member(
                session, NewMember(f"moderator-{n}-x"), "admin", email_confirmed=True
            )
            for n in range(moderators)
        ]
        author = viewer_of(staff[0])
        post, _ = posts.add_post(session, author, NewPost("https://blog.example.com/", "Ladders"))
        thread = threads.open_thread(session, author, post.slug, NewThread("Well?"))
        for number in range(items):
            reply = replies.add_reply(session, author, thread.id, NewReply(f"Answer {number}."))
            raise_item(session, Concern(RULE, thread.id, reply.id, 10 + number % 7))
        signed_in = [sessions.begin(session, member.id) for member in staff]
        session.commit()
        return [
            create_access_token(
                str(member.id), additional_claims={"sid": sign_in.id}, expires_delta=False
            )
            for member, sign_in in zip(staff, signed_in, strict=True)
        ]


@contextmanager
def served(settings: dict[str, str]) -> Iterator[Server]:
    """A server with these settings."""
    command = [*FLASK, "serve", "--no-worker", "--port", "{port}"]
    program = Program(command, settings, Request("GET", "/healthz"))
    with TemporaryDirectory() as own, running(program, Path(own) / "log") as server:
        yield server


def drain(server: Server, tokens: Sequence[str]) -> list[int]:
    """The items that were decided, by all moderators at once, until nothing is left."""
    with ThreadPoolExecutor(len(tokens)) as pool:
        parts = pool.map(lambda token: [*decide_all(server, token)], tokens)
        return [item_id for part in parts for item_id in part]


def decide_all(server: Server, token: str) -> Iterator[int]:
    """What one moderator decides until there is no next item."""
    for action in cycle(ACTIONS):
        answer = call(server, token, "/queue/next")
        if answer.status == 204:
            return
        item = answer.json
        verdict = {
            "action": action,
            "reason": "So be it.",
            "revision": item["text"]["revision"],
            **{name: item[name] for name in ("claim_seq", "evidence_seq")},
        }
        decision = call(server, token, f"/queue/{item['id']}/decision", verdict)
        if decision.status != 200:
            raise click.ClickException(f"A decision was refused: {decision.body.decode()}")
        yield item["id"]


def call(server: Server, token: str, path: str, body: Any = None) -> Answer:
    """What a route of moderation answers."""
    headers = {"Authorization": f"Bearer {token}"}
    return server.fetch(Request("POST", f"/api/v1/moderation{path}", headers, body))


def wrong(settings: dict[str, str], decided: Sequence[int], items: int) -> Iterator[str]:
    """What is not as it should be in the end."""
    twice = [item_id for item_id, times in Counter(decided).items() if times > 1]
    if twice:
        yield f"decided twice: {twice}"
    with create_app(settings).app_context():
        session = db.session()
        left = session.scalar(select(func.count()).where(ReviewItem.decided_at.is_(None)))
        rows = session.scalar(select(func.count()).select_from(Decision))
        if left or rows != items or len(decided) != items:
            yield f"{left} items are left, {rows} decisions of {items} are kept"
        fault = verify(session).fault
        if fault is not None:
            yield f"the log is not intact: {fault}"


if __name__ == "__main__":
    main()
