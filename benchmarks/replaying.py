"""Telling the audit log from its beginning: it must lead to the state that is there."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core.audit import LoggedEntry
from forum.core.db import table_of
from forum.moderation.facets import Values, facet_named
from forum.replies.models import Reply
from forum.threads.models import Thread

OF_AUTHORS_TOO = frozenset({"reply.words", "thread.words"})
"""Facets that people change whom the log does not tell of."""
OF_BOTH_FORMS = frozenset({"reply.locked", "thread.locked"})
"""A text takes this along when a moderator makes a thread of a reply, or a reply of a thread."""
TABLES: dict[str, Any] = {"reply": Reply, "thread": Thread}

Entry = Any
"""A row of the log."""


def replayed(session: Session, after: int = 0) -> Iterator[str]:
    """Where the log does not lead to what is there, told from the entry after one, by its id."""
    entries, told = list(_changes(session, after)), dict[tuple[str, str], tuple[Entry, Values]]()
    texts = Texts(entries)
    for entry in entries:
        key, begins = texts.key(entry), entry.private["before"]
        _, was = told.get(key, (entry, begins))
        if was != begins:
            yield f"entry {entry.id} begins with {begins}, told was {was}"
        told[key] = entry, entry.private["after"]
    for entry, values in told.values():
        there = texts.read(session, entry)
        if there not in (None, values):
            yield f"{entry.private['facet']} of {entry.target} is {there}, told was {values}"


def _changes(session: Session, after: int) -> Iterator[Entry]:
    log = table_of(LoggedEntry).c
    found = select(log.id, log.target, log.private).where(log.id > after).order_by(log.id)
    for entry in session.execute(found):
        if entry.private.get("facet") not in {None, *OF_AUTHORS_TOO}:
            yield entry


class Texts:
    """Which threads and replies the log knows as one text."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._first: dict[str, str] = {}
        self._forms: dict[str, set[str]] = defaultdict(set)
        for entry in entries:
            if entry.private["facet"] == "reply.form":
                for when in ("before", "after"):
                    self._join(entry.target, entry.private[when]["moved_to_id"])

    def key(self, entry: Entry) -> tuple[str, str]:
        """What the log tells of at an entry, by facet and text."""
        name = entry.private["facet"]
        if name in OF_BOTH_FORMS:
            return "locked", self._text(entry.target)
        return name, entry.target

    def read(self, session: Session, entry: Entry) -> Values | None:
        """What is there of it; None of a form that a text has no more."""
        name = entry.private["facet"]
        _, _, what = name.partition(".")
        targets = self._forms[self._text(entry.target)] if name in OF_BOTH_FORMS else set()
        for target in targets or {entry.target}:
            kind, _, number = target.partition(":")
            if what not in {"locked", "removed"} or _is_form(session, kind, int(number)):
                return facet_named(f"{kind}.{what}").read(session, int(number))
        return None

    def _join(self, reply: str, thread_id: int | None) -> None:
        if thread_id is None:
            return
        one, other = self._text(reply), self._text(f"thread:{thread_id}")
        if one != other:
            self._first[other] = one
            self._forms[one] |= {reply, f"thread:{thread_id}", *self._forms.pop(other, ())}

    def _text(self, target: str) -> str:
        while target in self._first:
            target = self._first[target]
        return target


def _is_form(session: Session, kind: str, number: int) -> bool:
    return session.get_one(TABLES[kind], number).moved_to_id is None
