"""`flask demo`: load the demo community, once, through the commands that everybody uses.

The community is written down in `demo_community/`; who votes is drawn from a fixed seed, so that
every load gives the same forum.
"""

import random
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from forum import examples
from forum.accounts import commands as accounts
from forum.accounts.commands import NewMember
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import Member
from forum.cli.database import on_the_database
from forum.core import clock
from forum.core.db import db, writing
from forum.core.markdown import render
from forum.moderation import commands as moderation
from forum.paths import commands as paths
from forum.posts import commands as posts
from forum.posts.commands import NewPost
from forum.posts.models import Post
from forum.replies import commands as replies
from forum.replies.commands import NewReply
from forum.threads import commands as threads
from forum.threads.commands import NewThread
from forum.votes import commands as votes

HOME = Path(__file__).parent / "demo_community"
ANCHOR = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
"""The moment that the community's "days ago" are counted from."""

MODERATOR = examples.LOGIN
ADMIN = "ada"

Table = dict[str, Any]


@click.command("demo")
@with_appcontext
@on_the_database
def demo() -> None:
    """Load the demo community into an empty forum."""
    with writing():
        if not is_empty(db.session()):
            click.echo("The forum has its people already; nobody was added.")
            return
        summary = load(db.session())
        db.session.commit()
    click.echo(summary)


def is_empty(session: Session) -> bool:
    """Whether nobody has ever been here; the demo's people have a published password."""
    return not session.scalar(select(exists(select(Member.id)) | exists(select(Post.id))))


def load(session: Session) -> str:
    """Write the whole community; the caller commits. Gives a sentence on what was written."""
    community = _Community(session)
    community.admit(_read("members.toml")["members"])
    for path in sorted((HOME / "posts").glob("*.toml")):
        community.publish(_read(f"posts/{path.name}"))
    return (
        f"Loaded {len(community.people)} members, {community.posts} posts, "
        f"{community.threads} threads and {community.replies} replies."
    )


def _read(name: str) -> Table:
    return tomllib.loads((HOME / name).read_text(encoding="utf-8"))


@contextmanager
def _days_ago(days: float) -> Iterator[None]:
    with clock.at(ANCHOR - timedelta(days=days)):
        yield


@dataclass
class _Community:
    session: Session
    people: dict[str, Viewer] = field(default_factory=dict)
    posts: int = 0
    threads: int = 0
    replies: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random("crossroads"))  # noqa: S311 - to be the same every time

    def admit(self, members: list[Table]) -> None:
        """Open the accounts; only the moderator and the admin have a password."""
        for number, table in enumerate(members):
            name = table["username"]
            signs_in = name in {MODERATOR, ADMIN}
            data = NewMember(
                name,
                f"{name}@example.org",
                examples.PASSWORD if signs_in else None,
                table["display_name"],
            )
            with _days_ago(120 - number):
                role = table.get("role", "member")
                member = accounts.add_member(self.session, data, role, email_confirmed=True)
            self.people[name] = viewer_of(member)

    def publish(self, table: Table) -> None:
        """Add a post and let the community talk below it."""
        days = table["published_days_ago"]
        with _days_ago(days):
            data = NewPost(
                url=table["url"],
                title=table["title"],
                slug=table["slug"],
                author_name=table["author_name"],
                summary=table["summary"],
                published_at=clock.now(),
            )
            posts.add_post(self.session, self.people[ADMIN], data)
        self.posts += 1
        for thread in sorted(table["threads"], key=lambda t: -float(t["days_ago"])):
            self._converse(table["slug"], thread)

    def _converse(self, slug: str, table: Table) -> None:
        with _days_ago(table["days_ago"]):
            data = NewThread(body=table["body"].strip(), title=table.get("title"))
            opened = threads.open_thread(self.session, self.people[table["author"]], slug, data)
        self.threads += 1
        in_order = sorted(table["replies"], key=lambda r: -float(r["days_ago"]))
        ids: dict[str, int] = {}
        for reply in in_order:
            ids[reply["key"]] = self._answer(opened.id, reply, ids)
        for voter, value in self._votes(table):
            votes.vote_on_thread(self.session, voter, opened.id, value)
        for reply in in_order:
            self._judge(ids[reply["key"]], reply)
        for reply in in_order:
            self._take_away(ids[reply["key"]], reply)
        self._settle(opened.id, table)

    def _answer(self, thread_id: int, table: Table, ids: dict[str, int]) -> int:
        author = self.people[table["author"]]
        first_body = str(table.get("edited", table["body"])).strip()
        parent_id = ids[table["parent"]] if "parent" in table else None
        with _days_ago(table["days_ago"]):
            data = NewReply(first_body, parent_id, table.get("path"))
            reply_id: int = replies.add_reply(self.session, author, thread_id, data).id
        if "edited" in table:
            with _days_ago(table["days_ago"] - 0.01):
                body = table["body"].strip()
                locked = replies.lock_row(self.session, reply_id)
                replies.edit(self.session, author, locked, body, render(body))
        self.replies += 1
        return reply_id

    def _judge(self, reply_id: int, table: Table) -> None:
        with _days_ago(table["days_ago"] - 0.02):
            for voter, value in self._votes(table):
                votes.vote_on_reply(self.session, voter, reply_id, value)
            for voter, path in self._ballots(table):
                paths.cast_ballot(self.session, voter, reply_id, path)
            if pin := table.get("pin"):
                moderator = self.people[MODERATOR]
                moderation.pin_path(
                    self.session, moderator, reply_id, pin.get("path"), pin["reason"]
                )

    def _take_away(self, reply_id: int, table: Table) -> None:
        with _days_ago(table["days_ago"] - 0.03):
            if table.get("deleted"):
                author = self.people[table["author"]]
                moderation.take_reply_away(self.session, author, reply_id, None)
            if reason := table.get("removed"):
                moderator = self.people[MODERATOR]
                moderation.take_reply_away(self.session, moderator, reply_id, reason)

    def _settle(self, thread_id: int, table: Table) -> None:
        moderator = self.people[MODERATOR]
        if table.get("pinned"):
            moderation.pin_thread(self.session, moderator, thread_id)
        if reason := table.get("locked"):
            moderation.lock_thread(self.session, moderator, thread_id, reason)

    def _votes(self, table: Table) -> Iterator[tuple[Viewer, int]]:
        up, down = table.get("votes", (0, 0))
        voters = self._others(table["author"], up + down)
        yield from zip(voters, [1] * up + [-1] * down, strict=True)

    def _ballots(self, table: Table) -> Iterator[tuple[Viewer, str]]:
        paths_cast = [
            path for path, number in table.get("ballots", {}).items() for _ in range(number)
        ]
        yield from zip(self._others(table["author"], len(paths_cast)), paths_cast, strict=True)

    def _others(self, author: str, number: int) -> list[Viewer]:
        return self.chance.sample([p for n, p in self.people.items() if n != author], number)
