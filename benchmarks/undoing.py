"""What 10,000 random acts and undos leave behind: `python -m benchmarks.undoing`.

Members write, vote, edit and take back; moderators do all that they can, and undo what was done, in
any order. Every so often all stored numbers are counted again, and the audit log is verified and
replayed: it must lead to the state that is there.
"""

import time
from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any
from uuid import uuid4

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.databases import Sqlite, disk, settings_for
from benchmarks.moderating import Moderating, Scene
from benchmarks.replaying import replayed
from forum.accounts import commands as accounts
from forum.accounts.commands import NewMember
from forum.accounts.identity import Viewer, viewer_of
from forum.app import create_app
from forum.core.audit_verification import verify
from forum.core.db import db, writing
from forum.core.errors import Refusal
from forum.core.markdown import render
from forum.moderation import commands as moderation
from forum.moderation import words
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
POSTS = 2
FIRST_THREADS, FIRST_REPLIES = 4, 12
BALLOTS = (*PATHS, "neither", None)


class Forum:
    """People who write and moderators who moderate, as chance will have it."""

    def __init__(self, app: Flask, chance: Random) -> None:
        self._app, self._chance = app, chance
        people = [self._join("member") for _ in range(PEOPLE)]
        moderators = [self._join(role) for role in ("moderator", "moderator", "admin")]
        self._scene = Scene(chance, people, moderators)
        self._scene.slugs += [self._write(self._add_post) for _ in range(POSTS)]
        ordinary = [self._reply, self._vote, self._cast, self._declare, self._take_back, self._edit]
        self._acts = [*ordinary * 8, *[self._open] * 4, *Moderating(self._scene).acts]
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

    def _add_post(self, session: Session) -> str:
        url = f"https://blog.example.com/{uuid4()}"
        post, _ = moderation.add_post(session, self._scene.moderators[-1], NewPost(url, "Undone"))
        return post.slug

    def _open(self, session: Session) -> None:
        slug, is_held = self._chance.choice(self._scene.slugs), self._chance.random() < 0.2
        opening = NewThread("Well?")
        threads.open_thread(session, self._scene.anybody(), slug, opening, held=is_held)

    def _reply(self, session: Session) -> None:
        thread_id = self._scene.any(session, Thread)
        above = session.scalars(select(Reply.id).where(Reply.thread_id == thread_id)).all()
        parent_id = self._chance.choice([None, *above])
        data = NewReply("I would.", parent_id, self._chance.choice([None, *PATHS]))
        is_held = self._chance.random() < 0.2
        replies.add_reply(session, self._scene.anybody(), thread_id, data, held=is_held)

    def _vote(self, session: Session) -> None:
        person, value = self._scene.anybody(), self._chance.choice([1, 1, -1, 0])
        if self._chance.random() < 0.3:
            votes.vote_on_thread(session, person, self._scene.any(session, Thread), value)
        else:
            votes.vote_on_reply(session, person, self._scene.any(session, Reply), value)

    def _cast(self, session: Session) -> None:
        value, reply_id = self._chance.choice(BALLOTS), self._scene.any(session, Reply)
        paths.cast_ballot(session, self._scene.anybody(), reply_id, value)

    def _declare(self, session: Session) -> None:
        reply_id = self._scene.any(session, Reply)
        author = self._author(session, reply_id)
        paths.declare(session, author, reply_id, self._chance.choice(PATHS))

    def _take_back(self, session: Session) -> None:
        reply_id = self._scene.any(session, Reply)
        author = self._author(session, reply_id)
        moderation.take_reply_away(session, author, reply_id, None)

    def _author(self, session: Session, reply_id: int) -> Viewer:
        author_id = session.get_one(Reply, reply_id).author_id
        return next(person for person in self._scene.people if person.id == author_id)

    def _edit(self, session: Session) -> None:
        body = f"Edited {self._chance.randrange(3)}."
        reply = replies.lock_row(session, self._scene.any(session, Reply))
        actor = self._chance.choice([self._scene.moderator(), self._author(session, reply.id)])
        words.edit_reply(session, actor, reply, body, render(body))


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
