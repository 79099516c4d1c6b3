"""What moderators do at random: remove, hold, lock, pin, decide, sanction, move, and undo."""

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.identity import Viewer
from forum.accounts.models import MUTE, NOTE, THREAD, Sanction
from forum.accounts.sanctions import NewSanction
from forum.core import clock
from forum.core.audit import LoggedEntry
from forum.core.db import table_of
from forum.moderation import acting, appeals, decisions, sanctions, surgery
from forum.moderation import commands as moderation
from forum.moderation.bulk import commands as bulk
from forum.moderation.bulk.commands import NewBulk
from forum.moderation.bulk.models import ACTIONS, TEXTS
from forum.moderation.bulk.selection import Filter
from forum.moderation.facets import Facet, Values
from forum.moderation.log.undoing import undo
from forum.moderation.queue import policy, queries, targets
from forum.moderation.queue.also import Impose, LockThread
from forum.moderation.queue.decisions import decide
from forum.moderation.queue.models import ReviewItem
from forum.moderation.queue.verdicts import Also, Verdict
from forum.moderation.reports import commands as reports
from forum.moderation.reports.commands import Complaint
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
from forum.replies.models import PATHS, Reply
from forum.threads.models import Thread

LATEST = 40
"""So many texts, those that were written last, are acted on."""
WHY = "Chance."

Act = Callable[[Session], Any]


class Scene:
    """Whoever there is, what they wrote below some posts, and a source of chance."""

    def __init__(
        self, chance: Random, people: Sequence[Viewer], moderators: Sequence[Viewer]
    ) -> None:
        self.chance, self.people, self.moderators = chance, people, moderators
        self.slugs: list[str] = []

    def anybody(self) -> Viewer:
        return self.chance.choice(self.people)

    def moderator(self) -> Viewer:
        return self.chance.choice(self.moderators)

    def any(self, session: Session, table: Any) -> Any:
        """The id of a row of those that are newest, whatever became of it."""
        found = select(table.id).order_by(table.id.desc()).limit(LATEST)
        return self.chance.choice(session.scalars(found).all() or [0])


class Moderating:
    """Acts of moderators; what is refused is refused."""

    def __init__(self, scene: Scene) -> None:
        self._scene, self._chance = scene, scene.chance

    @property
    def acts(self) -> list[Act]:
        facts = [self._remove, self._hold, *[self._show_again] * 4, self._lock, self._pin]
        places = [self._split, self._merge, self._move, self._slow_down]
        judged = [self._report, self._decide] * 3 + [self._sanction, self._lift, self._appeal]
        return [*facts * 2, *places, *judged, self._act_on_many, *[self._undo] * 10]

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
            return of_thread, self._scene.any(session, Thread)
        return of_reply, self._scene.any(session, Reply)

    def _set(self, session: Session, facet: Facet, target_id: int, values: Values) -> None:
        acting.begin(session, self._scene.moderator(), WHY).change(facet, target_id, values)

    def _lock(self, session: Session) -> None:
        actor, is_locked = self._scene.moderator(), self._chance.random() < 0.4
        thread_id, reply_id = (self._scene.any(session, table) for table in (Thread, Reply))
        if self._chance.random() < 0.5:
            if is_locked:
                moderation.lock_thread(session, actor, thread_id, WHY)
            else:
                moderation.unlock_thread(session, actor, thread_id)
        elif is_locked:
            surgery.lock_reply(session, actor, reply_id, WHY)
        else:
            surgery.unlock_reply(session, actor, reply_id)

    def _pin(self, session: Session) -> None:
        actor, reply_id = self._scene.moderator(), self._scene.any(session, Reply)
        path = self._chance.choice([None, *PATHS, "lift", "thread"])
        if path == "lift":
            moderation.lift_path_pin(session, actor, reply_id)
        elif path == "thread":
            moderation.pin_thread(session, actor, self._scene.any(session, Thread))
        else:
            moderation.pin_path(session, actor, reply_id, path, WHY)

    def _split(self, session: Session) -> None:
        reply_id = self._scene.any(session, Reply)
        surgery.split(session, self._scene.moderator(), reply_id, None, WHY)

    def _merge(self, session: Session) -> None:
        thread_id, into_id = (self._scene.any(session, Thread) for _ in range(2))
        surgery.merge(session, self._scene.moderator(), thread_id, into_id, WHY)

    def _move(self, session: Session) -> None:
        slug = self._chance.choice(self._scene.slugs)
        thread_id = self._scene.any(session, Thread)
        surgery.move(session, self._scene.moderator(), thread_id, slug, WHY)

    def _slow_down(self, session: Session) -> None:
        seconds = self._chance.choice([None, 1])
        thread_id = self._scene.any(session, Thread)
        surgery.slow_down(session, self._scene.moderator(), thread_id, seconds, WHY)

    def _report(self, session: Session) -> None:
        reply_id = self._scene.any(session, Reply)
        reports.report_reply(session, self._scene.anybody(), reply_id, Complaint("spam"))

    def _decide(self, session: Session) -> None:
        is_open = select(ReviewItem.id).where(ReviewItem.decided_at.is_(None))
        item = queries.standing(session, self._chance.choice(session.scalars(is_open).all() or [0]))
        about = targets.locked(session, item)
        more: list[Also] = [LockThread(WHY), Impose(NewSanction(MUTE, WHY))]
        verdict = Verdict(
            self._chance.choice(policy.ACTIONS),
            item.evidence_seq,
            about.revision if about else None,
            reason=WHY,
            path=self._chance.choice(PATHS),
            also=tuple(more[: self._chance.randrange(3)]),
        )
        decide(session, self._scene.moderator(), item.id, verdict)

    def _sanction(self, session: Session) -> None:
        name = self._name(session, self._scene.anybody())
        muted = NewSanction(
            MUTE, WHY, scope=THREAD, thread_id=self._scene.any(session, Thread) or None
        )
        sanction = self._chance.choice([NewSanction(NOTE, WHY), muted])
        sanctions.impose_on(session, self._scene.moderator(), name, sanction)

    def _lift(self, session: Session) -> None:
        sanction_id = self._scene.any(session, Sanction)
        sanctions.lift(session, self._scene.moderator(), sanction_id, WHY)

    def _appeal(self, session: Session) -> None:
        member_id = self._scene.anybody().id
        found = decisions.of_member(session, member_id, None, LATEST).items
        group_id = self._chance.choice([each.id for each in found] or [0])
        appeals.appeal(session, member_id, group_id, WHY)

    def _act_on_many(self, session: Session) -> None:
        actor, name = self._scene.moderator(), self._name(session, self._scene.anybody())
        action, texts = self._chance.choice(ACTIONS), self._chance.choice(TEXTS)
        frozen = bulk.freeze(session, actor, NewBulk(action, texts, WHY, Filter(author=name)))
        bulk.carry_out(session, actor, frozen)

    def _name(self, session: Session, member: Viewer) -> str:
        return accounts.member_by_id(session, member.id).username or ""

    def _undo(self, session: Session) -> None:
        log = table_of(LoggedEntry).c
        latest = session.scalars(select(log.group_id).order_by(log.id.desc()).limit(30)).all()
        undo(session, self._scene.moderator(), self._chance.choice(latest), WHY)
