"""What a rule would have caught, had it been there when the latest replies were written."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.models import ROLES, Member
from forum.core import audit
from forum.core.db import table_of
from forum.core.pages import Record, rows
from forum.moderation.rules import queries
from forum.moderation.rules.folding import look
from forum.moderation.rules.matching import Draft, ready
from forum.replies.models import Reply

MOST_TOLD = 100

_REPLY, _MEMBER = table_of(Reply).c, table_of(Member).c
_LATEST = (
    select(
        *(_REPLY.id, _REPLY.post_id, _REPLY.author_id, _REPLY.body, _REPLY.body_html),
        *(_REPLY.created_at, _REPLY.removed_at),
        *(_MEMBER.role, _MEMBER.created_at.label("author_since")),
    )
    .join(table_of(Member), _MEMBER.id == _REPLY.author_id)
    .where(_REPLY.purged_at.is_(None))
    .order_by(_REPLY.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Trial:
    """How many replies were looked at and caught, how many of either moderators have removed.

    `items` are the latest that were caught: `reply_id`, what was `found`, whether `removed`.
    """

    replies: int
    removed: int
    caught: int
    caught_and_removed: int
    items: list[dict[str, Any]]


def of_rule(session: Session, rule_id: int, most: int) -> Trial:
    """Try a rule on at most so many of the latest replies; raises `RuleNotFound`."""
    rule: Any = queries.rule(session, rule_id)
    latest = rows(session, _LATEST, most=most)
    audit.append_nothing(session)
    watcher, earlier = ready(rule), _Earlier(latest)
    items = [
        {"reply_id": reply.id, "found": [*found.found], "removed": _is_removed(reply)}
        for reply in latest
        if (found := watcher.catches(_draft(reply, earlier)))
    ]
    return Trial(
        replies=len(latest),
        removed=sum(map(_is_removed, latest)),
        caught=len(items),
        caught_and_removed=sum(item["removed"] for item in items),
        items=items[:MOST_TOLD],
    )


class _Earlier:
    """The replies of the trial, as those were found that had been written before each."""

    def __init__(self, latest: Sequence[Record]) -> None:
        self.of_author: dict[int, list[datetime]] = defaultdict(list)
        self.alike: dict[str, list[datetime]] = defaultdict(list)
        for reply in sorted(latest, key=lambda row: row.created_at):
            self.of_author[reply.author_id].append(reply.created_at)
            self.alike[look(reply.body)].append(reply.created_at)


@dataclass(frozen=True)
class _Around:
    """See `matching.Around`."""

    earlier: _Earlier
    reply: Record

    def written_since(self, moment: datetime, most: int) -> int:
        """How many replies of the trial its author had written since."""
        return min(most, self._between(self.earlier.of_author[self.reply.author_id], moment))

    def is_repeated(self, looks: str, moment: datetime) -> bool:
        """Whether a reply of the trial had looked the same since."""
        return self._between(self.earlier.alike[looks], moment) > 0

    def _between(self, times: Sequence[datetime], moment: datetime) -> int:
        return bisect_left(times, self.reply.created_at) - bisect_left(times, moment)


def _draft(reply: Record, earlier: _Earlier) -> Draft:
    return Draft(
        title=None,
        body=reply.body,
        html=reply.body_html,
        post_id=reply.post_id,
        by_guest=reply.role not in ROLES,
        author_since=reply.author_since,
        at=reply.created_at,
        around=_Around(earlier, reply),
    )


def _is_removed(reply: Record) -> bool:
    return reply.removed_at is not None
