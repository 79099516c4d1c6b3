"""Tables of replies.

`parent_id` is the truth of the tree. `tree_key` is derived from it: the ids from the top-level
reply down to this one, five bytes each, so that sorting by it is the reading order and a sub-tree
is a range of it.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Computed,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    and_,
    column,
    or_,
)
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model
from forum.core.indexes import flag, partial_index
from forum.core.lifecycle import VISIBLE_SQL, Lifecycle

TECHNICAL = "technical-path"
MANAGEMENT = "management-path"
NEITHER = "neither"
PATHS = (TECHNICAL, MANAGEMENT)
FLAGS = {"technical": TECHNICAL, "management": MANAGEMENT}
"""How columns call the paths: `on_technical`, `technical_entered_at`."""

TECHNICAL_LANE, MANAGEMENT_LANE, REST_LANE = 0, 1, 2

RANKS = {"best": "best", "top": "score", "controversial": "controversy", "new": "created_at"}
"""The column of each order; `old` is `new` read backwards."""


def _tree(name: str, *columns: str) -> Index:
    """An index that serves one order of the direct replies to a thread or a reply."""
    return partial_index(
        f"ix_replies_tree_{name}", "thread_id", "parent_id", *columns, "id", where=flag("listed")
    )


def _answers() -> Index:
    """Finds the direct replies to a reply.

    Top-level replies are left out: PostgreSQL would read all of the community's to find a thread's.
    """
    return partial_index("ix_replies_parent_id", "parent_id", where="parent_id IS NOT NULL")


def _visible(name: str, *columns: str, also: str | None = None) -> Index:
    """An index over what is visible, optionally only where the flag `also` is set."""
    flags = ["visible", *([also] if also else [])]
    return partial_index(f"ix_replies_{name}", *columns, "id", where=and_(*map(flag, flags)))


def _hidden(name: str, *columns: str) -> Index:
    """An index over what is not visible."""
    return partial_index(f"ix_replies_{name}", *columns, "id", where=~flag("visible"))


def _since(at: str, name: str, *columns: str) -> Index:
    """An index over what has a time in the column `at`."""
    return partial_index(f"ix_replies_{name}", *columns, "id", where=f"{at} IS NOT NULL")


def _left(name: str, path: str, *columns: str) -> Index:
    """An index over what has left a path, or has disappeared while it stood on it."""
    turned_at = f"{path}_turned_at"
    return partial_index(
        f"ix_replies_{name}",
        *columns,
        turned_at,
        "id",
        where=and_(column(turned_at).is_not(None), or_(~flag("visible"), ~flag(f"on_{path}"))),
    )


class Reply(Lifecycle, Model):
    """An answer in a thread.

    `reply_count` counts the visible replies anywhere below it, `child_count` the direct replies
    that a reader gets to see, tombstones included. `answered_id` is the member whose words it
    answers, None for one's own. `technical_entered_at` is when it first stood on that path, and
    `technical_turned_at` when it last left it, disappeared from it or came back.

    `moved_to_id` is the thread whose opening a moderator has made of the reply, which is removed as
    long. `left_thread_id` and `left_post_id` are where it stood before it was moved with others.
    """

    __tablename__ = "replies"
    __table_args__ = (
        CheckConstraint("up >= 0 AND down >= 0", name="votes"),
        CheckConstraint("reply_count >= 0 AND child_count >= 0", name="counts"),
        CheckConstraint(
            "technical_ballots >= 0 AND management_ballots >= 0 AND neither_ballots >= 0",
            name="ballots",
        ),
        *(_tree(name, column) for name, column in RANKS.items()),
        _tree("balanced", "lane", "best"),
        _answers(),
        *(
            _visible(f"{name}_on_{flag}", "thread_id", column, also=f"on_{flag}")
            for flag in FLAGS
            for name, column in RANKS.items()
        ),
        *(
            _visible(f"newest_on_{flag}{name}", *scope, f"{flag}_entered_at", also=f"on_{flag}")
            for flag in FLAGS
            for name, scope in (("", ()), ("_of_post", ("post_id",)))
        ),
        *(
            _left(f"left_{flag}{name}", flag, *scope)
            for flag in FLAGS
            for name, scope in (("", ()), ("_of_post", ("post_id",)))
        ),
        _visible("newest", "created_at"),
        _visible("newest_of_post", "post_id", "created_at"),
        _visible("newest_of_thread", "thread_id", "created_at"),
        _visible("newest_of_author", "author_id", "created_at"),
        _visible("newest_to", "answered_id", "created_at"),
        _hidden("hidden", "turned_at"),
        _hidden("hidden_of_post", "post_id", "turned_at"),
        _hidden("hidden_of_thread", "thread_id", "turned_at"),
        _hidden("hidden_of_author", "author_id", "turned_at"),
        _hidden("hidden_to", "answered_id", "turned_at"),
        _since("held_at", "held_of_author", "author_id", "held_at"),
        _since("locked_at", "locked", "thread_id"),
        *(
            _since(
                f"left_{place}_at", f"moved_from_{place}", f"left_{place}_id", f"left_{place}_at"
            )
            for place in ("thread", "post")
        ),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    reply_to_id: Mapped[int | None] = mapped_column(ForeignKey("replies.id"))
    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    answered_id: Mapped[int | None] = mapped_column(Identifier)
    depth: Mapped[int] = mapped_column(SmallInteger)
    tree_key: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    listed: Mapped[bool] = mapped_column(
        Computed(f"({VISIBLE_SQL}) OR reply_count > 0", persisted=True)
    )
    reply_count: Mapped[int] = mapped_column(default=0)
    child_count: Mapped[int] = mapped_column(default=0)
    locked_at: Mapped[datetime | None]
    locked_reason: Mapped[str | None] = mapped_column(String(500))
    moved_to_id: Mapped[int | None] = mapped_column(Identifier)
    left_thread_id: Mapped[int | None] = mapped_column(Identifier)
    left_thread_at: Mapped[datetime | None]
    left_post_id: Mapped[int | None] = mapped_column(Identifier)
    left_post_at: Mapped[datetime | None]

    up: Mapped[int] = mapped_column(default=0)
    down: Mapped[int] = mapped_column(default=0)
    score: Mapped[int] = mapped_column(Computed("up - down", persisted=True))
    best: Mapped[float] = mapped_column(default=0.0)
    controversy: Mapped[float] = mapped_column(default=0.0)

    declared: Mapped[str | None] = mapped_column(String(16))
    technical_ballots: Mapped[int] = mapped_column(default=0)
    management_ballots: Mapped[int] = mapped_column(default=0)
    neither_ballots: Mapped[int] = mapped_column(default=0)
    pinned_at: Mapped[datetime | None]
    pinned_path: Mapped[str | None] = mapped_column(String(16))
    pinned_reason: Mapped[str | None] = mapped_column(String(500))

    path: Mapped[str | None] = mapped_column(String(16))
    path_source: Mapped[str] = mapped_column(String(16), default="none")
    contested: Mapped[bool] = mapped_column(default=False)
    bridge: Mapped[bool] = mapped_column(default=False)
    on_technical: Mapped[bool] = mapped_column(
        Computed(f"coalesce(path, '') = '{TECHNICAL}' OR bridge", persisted=True)
    )
    on_management: Mapped[bool] = mapped_column(
        Computed(f"coalesce(path, '') = '{MANAGEMENT}' OR bridge", persisted=True)
    )
    technical_entered_at: Mapped[datetime | None]
    technical_turned_at: Mapped[datetime | None]
    management_entered_at: Mapped[datetime | None]
    management_turned_at: Mapped[datetime | None]
    lane: Mapped[int] = mapped_column(
        SmallInteger,
        Computed(
            f"CASE WHEN NOT ({VISIBLE_SQL}) THEN {REST_LANE}"
            f" WHEN path = '{TECHNICAL}' THEN {TECHNICAL_LANE}"
            f" WHEN path = '{MANAGEMENT}' THEN {MANAGEMENT_LANE} ELSE {REST_LANE} END",
            persisted=True,
        ),
    )

    @property
    def place(self) -> tuple[int, int, int]:
        """The ids by which an event names it: of its post, of its thread, and its own."""
        return self.post_id, self.thread_id, self.id


class FlattenedReply(Model):
    """A reply that was moved to where its level is the last, and the one it stood below before."""

    __tablename__ = "flattened_replies"

    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), primary_key=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("replies.id"))


class Revision(Model):
    """What a reply said before an edit."""

    __tablename__ = "reply_revisions"

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("replies.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    body_html: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime]
    replaced_at: Mapped[datetime]


class _Stance:
    """How many visible replies of an author stand on each path, and how many are bridges."""

    author_id: Mapped[int] = mapped_column(ForeignKey("members.id"), primary_key=True)
    technical: Mapped[int] = mapped_column(default=0)
    management: Mapped[int] = mapped_column(default=0)
    bridge: Mapped[int] = mapped_column(default=0)


_STANCE_COUNTS = "technical >= 0 AND management >= 0 AND bridge >= 0"


class ThreadStance(_Stance, Model):
    """The stance of an author in a thread."""

    __tablename__ = "thread_stances"
    __table_args__ = (CheckConstraint(_STANCE_COUNTS, name="counts"),)

    thread_id: Mapped[int] = mapped_column(ForeignKey("threads.id"), primary_key=True)


class PostStance(_Stance, Model):
    """The stance of an author below a post."""

    __tablename__ = "post_stances"
    __table_args__ = (CheckConstraint(_STANCE_COUNTS, name="counts"),)

    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id"), primary_key=True)
