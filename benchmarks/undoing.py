"""What 10,000 random acts and undos leave behind: `python -m benchmarks.undoing`.

Members write, vote and take back; moderators remove, hold, lock, pin and edit, and undo what was
done, in any order. Every so often all stored numbers are counted again, and the audit log is
verified and replayed: it must lead to the state that is there.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from random import Random
from typing import Any
from uuid import uuid4

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.databases import Sqlite, disk, settings_for
from forum.accounts import commands as accounts
from forum.accounts.commands import NewMember
from forum.accounts.identity import Viewer, viewer_of
from forum.app import create_app
from forum.core import clock
from forum.core.audit import LoggedEntry
from forum.core.audit_verification import verify
from forum.core.db import db, table_of, writing
from forum.core.errors import Refusal
from forum.core.markdown import render
from forum.moderation import acting, words
from forum.moderation import commands as moderation
from forum.moderation.facets import Facet, Values, facet_named
from forum.moderation.log.undoing import undo
from forum.moderation.text_facets import (
    NOT_HELD,
    NOT_REMOVED,
    REPLY_HELD,
    REPLY_REMOVED,
    THREAD_HELD,
    THREAD_REMOVED,
    held,
    removed,
)
from forum.paths import commands as paths
from forum.paths import recount as paths_recount
from forum.posts.commands import NewPost
from forum.replies import commands as replies
from forum.replies import recount as replies_recount
from forum.replies.commands import NewReply
from forum.replies.models import PATHS, Reply
from forum.threads import commands as threads
from forum.threads.commands import NewThread
from forum.threads.models import Thread
from forum.votes import commands as votes
from forum.votes import recount as votes_recount

PEOPLE = 12
FIRST_THREADS, FIRST_REPLIES = 4, 12
BALLOTS = (*PATHS, "neither", None)
OF_AUTHORS_TOO = frozenset({"reply.words", "thread.words"})
"""Facets that people change whom the log does not tell of."""


class Forum:
    """People and what they wrote, and a source of chance that says who does what."""

    def __init__(self, app: Flask, chance: Random) -> None:
        self._app, self._chance = app, chance
        self._people = [self._join("member") for _ in range(PEOPLE)]
        self._moderators = [self._join(role) for role in ("moderator", "moderator", "admin")]
        self._post_id, self._slug = self._write(self._add_post)
        self.done: Counter[str] = Counter()
        for act in [self._open] * FIRST_THREADS + [self._reply] * FIRST_REPLIES:
            self._try(act)

    def act(self) -> None:
        """One random act of somebody; what is refused is undone wholly."""
        self._try(self._chance.choice(self._acts))

    def _try(self, act: Callable[[Session], Any]) -> None:
        try:
            self._write(act)
        except Refusal as refusal:
            self.done[f"refused: {refusal.code}"] += 1
        else:
            self.done[act.__name__.strip("_")] += 1

    def faults(self) -> list[str]:
        """Whatever is not as it must be."""
        with self._app.app_context(), writing():
            session = db.session()
            steps = (votes_recount, paths_recount, replies_recount)
            wrong = [str(each) for step in steps for each in step.differences(session)]
            intact = verify(session)
            return [*wrong, *([] if intact.complete else [str(intact.fault)]), *replayed(session)]

    @property
    def _acts(self) -> list[Callable[[Session], Any]]:
        ordinary = [self._reply, self._vote, self._cast, self._declare, self._take_back, self._edit]
        facts = [self._remove, self._hold, self._show_again] * 2
        return [*ordinary * 3, self._open, *facts, self._lock, self._pin, *[self._undo] * 6]

    def _write(self, act: Callable[[Session], Any]) -> Any:
        with self._app.app_context(), writing():
            try:
                result = act(db.session())
                db.session.commit()
            except Refusal:
                db.session.rollback()
                raise
        return result

    def _join(self, role: str) -> Viewer:
        name = f"{role}-{uuid4().hex[:16]}"
        data = NewMember(name, f"{name}@example.org", None)

        def join(session: Session) -> Viewer:
            return viewer_of(accounts.add_member(session, data, role, email_confirmed=True))

        found: Viewer = self._write(join)
        return found

    def _add_post(self, session: Session) -> tuple[int, str]:
        url = f"https://blog.example.com/{uuid4()}"
        post, _ = moderation.add_post(session, self._moderators[-1], NewPost(url, "Undone"))
        return post.id, post.slug

    def _anybody(self) -> Viewer:
        return self._chance.choice(self._people)

    def _moderator(self) -> Viewer:
        return self._chance.choice(self._moderators)

    def _any(self, session: Session, table: type[Reply] | type[Thread]) -> Any:
        """A text of those that were written last, whatever became of it."""
        below = select(table.id).where(table.post_id == self._post_id)
        found = session.scalars(below.order_by(table.id.desc()).limit(40)).all()
        return self._chance.choice(found)

    def _open(self, session: Session) -> None:
        is_held = self._chance.random() < 0.2
        threads.open_thread(session, self._anybody(), self._slug, NewThread("Well?"), held=is_held)

    def _reply(self, session: Session) -> None:
        thread_id = self._any(session, Thread)
        above = session.scalars(select(Reply.id).where(Reply.thread_id == thread_id)).all()
        parent_id = self._chance.choice([None, *above])
        data = NewReply("I would.", parent_id, self._chance.choice([None, *PATHS]))
        is_held = self._chance.random() < 0.2
        replies.add_reply(session, self._anybody(), thread_id, data, held=is_held)

    def _vote(self, session: Session) -> None:
        value = self._chance.choice([1, 1, -1, 0])
        if self._chance.random() < 0.3:
            votes.vote_on_thread(session, self._anybody(), self._any(session, Thread), value)
        else:
            votes.vote_on_reply(session, self._anybody(), self._any(session, Reply), value)

    def _cast(self, session: Session) -> None:
        value = self._chance.choice(BALLOTS)
        paths.cast_ballot(session, self._anybody(), self._any(session, Reply), value)

    def _declare(self, session: Session) -> None:
        reply_id = self._any(session, Reply)
        paths.declare(
            session, self._author(session, reply_id), reply_id, self._chance.choice(PATHS)
        )

    def _take_back(self, session: Session) -> None:
        reply_id = self._any(session, Reply)
        author = self._author(session, reply_id)
        moderation.take_reply_away(session, author, reply_id, None)

    def _author(self, session: Session, reply_id: int) -> Viewer:
        author_id = session.get_one(Reply, reply_id).author_id
        return next(person for person in self._people if person.id == author_id)

    def _edit(self, session: Session) -> None:
        body = f"Edited {self._chance.randrange(3)}."
        reply = replies.lock_row(session, self._any(session, Reply))
        actor = self._chance.choice([self._moderator(), self._author(session, reply.id)])
        words.edit_reply(session, actor, reply, body, render(body))

    def _remove(self, session: Session) -> None:
        facet, target_id = self._text(session, REPLY_REMOVED, THREAD_REMOVED)
        self._set(session, facet, target_id, removed("Spam.", clock.now()))

    def _hold(self, session: Session) -> None:
        facet, target_id = self._text(session, REPLY_HELD, THREAD_HELD)
        self._set(session, facet, target_id, held(clock.now()))

    def _show_again(self, session: Session) -> None:
        for pair, values in (
            ((REPLY_REMOVED, THREAD_REMOVED), NOT_REMOVED),
            ((REPLY_HELD, THREAD_HELD), NOT_HELD),
        ):
            facet, target_id = self._text(session, *pair)
            self._set(session, facet, target_id, values)

    def _text(self, session: Session, of_reply: Facet, of_thread: Facet) -> tuple[Facet, int]:
        if self._chance.random() < 0.3:
            return of_thread, self._any(session, Thread)
        return of_reply, self._any(session, Reply)

    def _set(self, session: Session, facet: Facet, target_id: int, values: Values) -> None:
        acting.begin(session, self._moderator(), "Chance.").change(facet, target_id, values)

    def _lock(self, session: Session) -> None:
        actor, thread_id = self._moderator(), self._any(session, Thread)
        if self._chance.random() < 0.3:
            moderation.lock_thread(session, actor, thread_id, "Enough.")
        else:
            moderation.unlock_thread(session, actor, thread_id)

    def _pin(self, session: Session) -> None:
        actor, reply_id = self._moderator(), self._any(session, Reply)
        path = self._chance.choice([None, *PATHS, "lift", "thread"])
        if path == "lift":
            moderation.lift_path_pin(session, actor, reply_id)
        elif path == "thread":
            moderation.pin_thread(session, actor, self._any(session, Thread))
        else:
            moderation.pin_path(session, actor, reply_id, path, "So.")

    def _undo(self, session: Session) -> None:
        log = table_of(LoggedEntry).c
        latest = session.scalars(select(log.group_id).order_by(log.id.desc()).limit(30)).all()
        undo(session, self._moderator(), self._chance.choice(latest), "Chance.")


def replayed(session: Session) -> Iterator[str]:
    """Where the log, told from its beginning, does not lead to what is there."""
    log = table_of(LoggedEntry).c
    told: dict[tuple[str, int], Any] = {}
    for row in session.execute(select(log.id, log.target, log.private).order_by(log.id)):
        name = row.private.get("facet")
        if name is None or name in OF_AUTHORS_TOO:
            continue
        key = (name, int(row.target.partition(":")[2]))
        if told.get(key, row.private["before"]) != row.private["before"]:
            yield f"entry {row.id} begins with {row.private['before']}, told was {told[key]}"
        told[key] = row.private["after"]
    for (name, target_id), values in told.items():
        there = facet_named(name).read(session, target_id)
        if there != values:
            yield f"{name} of {target_id} is {there}, told was {values}"


@click.command()
@click.option("--steps", default=10_000, show_default=True)
@click.option("--every", default=1_000, show_default=True, help="Steps between two looks.")
@click.option("--seed", default=1, show_default=True)
def main(steps: int, every: int, seed: int) -> None:
    """Act and undo at random on a new SQLite database; exits 1 at the first fault."""
    with Sqlite(disk()).empty() as url:
        app = create_app({**settings_for(url), "FORUM_LOG_LEVEL": "WARNING"})
        with app.app_context():
            upgrade()
        forum, begun = Forum(app, Random(seed)), time.monotonic()
        for step in range(1, steps + 1):
            forum.act()
            if step % every == 0 or step == steps:
                faults = forum.faults()
                seconds = time.monotonic() - begun
                print(f"{step} steps, {seconds:.0f} s, {len(faults)} faults", flush=True)
                if faults:
                    raise SystemExit("\n".join(faults[:20]))
        for name, times in forum.done.most_common():
            print(f"{times:6} {name}")


if __name__ == "__main__":
    main()
