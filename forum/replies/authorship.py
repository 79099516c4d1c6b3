"""Giving all that one author wrote to another, set by set."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, union, update
from sqlalchemy.orm import Session

from forum.accounts import commands as accounts
from forum.core.db import table_of
from forum.core.lifecycle import each_visibility
from forum.core.many import among
from forum.posts import sweeps as posts
from forum.replies.counters import KINDS, stance_of, weights
from forum.replies.models import MANAGEMENT, TECHNICAL, PostStance, Reply, ThreadStance
from forum.threads import commands
from forum.threads import sweeps as threads
from forum.threads.models import Thread

Changes = dict[int, dict[str, int]]
_OFF = {"synchronize_session": False}


def move(session: Session, giver_id: int, taker_id: int) -> None:
    """Let replies and threads of one author be those of another, and count them as theirs.

    Locks threads, replies, members and posts in the order in which all others do.
    """
    thread_ids = commands.lock_rows(session, Thread.id.in_(_written_in(giver_id)))
    mine = (Reply.author_id == giver_id) & among(session, Reply.thread_id, thread_ids)
    visible = _lock(session, mine & Reply.visible)
    _move_standing(session, visible, giver_id, taker_id)
    _answer_no_longer(session, giver_id, taker_id)
    for text in (Reply, Thread):
        for visibility in each_visibility(text):
            of_giver = update(text).where(text.author_id == giver_id, visibility)
            session.execute(of_giver.values(author_id=taker_id).execution_options(**_OFF))
    in_threads = {row.thread_id for row in visible if stance_of(row)}
    threads.count(session, _merge(session, ThreadStance, giver_id, taker_id, in_threads))
    below_posts = {row.post_id for row in visible if stance_of(row)}
    posts.lock_rows(session, below_posts)
    posts.count(session, _merge(session, PostStance, giver_id, taker_id, below_posts))


def _written_in(author_id: int) -> Any:
    return union(
        *(
            select(thread_id).where(text.author_id == author_id, visibility)
            for text, thread_id in ((Thread, Thread.id), (Reply, Reply.thread_id))
            for visibility in each_visibility(text)
        )
    )


def _lock(session: Session, where: ColumnElement[bool]) -> Sequence[Any]:
    """What counts of the replies: nobody votes on them from here on."""
    counted = select(Reply.thread_id, Reply.post_id, Reply.path, Reply.bridge, Reply.score)
    found = counted.where(where).order_by(Reply.id).with_for_update(key_share=True)
    return session.execute(found).all()


def _move_standing(session: Session, replies: Sequence[Any], giver_id: int, taker_id: int) -> None:
    technical, management = (
        sum(reply.score for reply in replies if reply.path == path)
        for path in (TECHNICAL, MANAGEMENT)
    )
    both = {giver_id: (-technical, -management), taker_id: (technical, management)}
    for member_id in sorted(both):
        accounts.move_standing(session, member_id, *both[member_id])


def _answer_no_longer(session: Session, giver_id: int, taker_id: int) -> None:
    """Nobody answers themselves: what one said to the other now answers nobody else."""
    for visibility in each_visibility(Reply):
        between = (
            ((Reply.author_id == giver_id) & (Reply.answered_id == taker_id), None),
            ((Reply.author_id == taker_id) & (Reply.answered_id == giver_id), None),
            (Reply.answered_id == giver_id, taker_id),
        )
        for which, answered_id in between:
            answers = update(Reply).where(which, visibility).values(answered_id=answered_id)
            session.execute(answers.execution_options(**_OFF))


def _merge(
    session: Session, stances: Any, giver_id: int, taker_id: int, scope_ids: set[int]
) -> Changes:
    """Let one author stand for what both did; gives what that changes of balances."""
    scope = next(key for key in table_of(stances).primary_key if key.key != "author_id")
    here = among(session, getattr(stances, scope.key), scope_ids)
    found = session.execute(
        select(*table_of(stances).c)
        .where(here, stances.author_id.in_([giver_id, taker_id]))
        .order_by(scope)
        .with_for_update()
    ).all()
    stood = _by_author(found, scope.key)
    session.execute(
        delete(stances)
        .where(here, stances.author_id.in_([giver_id, taker_id]))
        .execution_options(**_OFF)
    )
    changes, rows = {}, []
    for scope_id, authors in stood.items():
        together = {kind: sum(a[kind] for a in authors.values()) for kind in KINDS}
        rows.append({scope.key: scope_id, "author_id": taker_id, **together})
        apart = sum((Counter(weights(**author)) for author in authors.values()), Counter())
        changes[scope_id] = {
            name: weight - apart[name] for name, weight in weights(**together).items()
        }
    if rows:
        session.execute(insert(stances), rows)
    return changes


def _by_author(found: Sequence[Row[Any]], scope: str) -> Mapping[int, dict[int, dict[str, int]]]:
    """What each of the authors stands for, by thread or post."""
    stood: dict[int, dict[int, dict[str, int]]] = defaultdict(dict)
    for row in found:
        stood[getattr(row, scope)][row.author_id] = {k: getattr(row, k) for k in KINDS}
    return stood
