"""Tables of watch rules."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Identifier, Model

WORD, PHRASE, PATTERN, DOMAIN = "word", "phrase", "pattern", "domain"
LINKS, SPEED, DUPLICATE = "links", "speed", "duplicate"
KINDS = (WORD, PHRASE, PATTERN, DOMAIN, LINKS, SPEED, DUPLICATE)

BLOCK, HOLD, FLAG, MASK = "block", "hold", "flag", "mask"
ACTIONS = (BLOCK, HOLD, FLAG, MASK)
"""What is done with a text that is caught: refused, held, shown to moderators, masked in parts."""

EVERYBODY, GUESTS, NEWCOMERS = "everybody", "guests", "newcomers"
AUDIENCES = (EVERYBODY, GUESTS, NEWCOMERS)
"""Whose texts a rule is about."""

NEEDS = {
    WORD: {"value"},
    PHRASE: {"value"},
    PATTERN: {"value"},
    DOMAIN: {"value"},
    LINKS: {"number"},
    SPEED: {"number", "minutes"},
    DUPLICATE: {"number", "minutes"},
}
"""What each kind is described by."""
MASKABLE = frozenset({WORD, PHRASE, PATTERN})


def _known(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=column)


class WatchRule(Model):
    """What moderators watch for.

    `value` is a word, phrase, pattern (RE2) or domain. `number` is the links that are too many,
    the texts that are enough within `minutes`, or how many characters a text has that may not
    repeat another one of the last `minutes`.
    """

    __tablename__ = "watch_rules"
    __table_args__ = (
        _known("kind", KINDS),
        _known("action", ACTIONS),
        _known("audience", AUDIENCES),
        CheckConstraint("number >= 1 AND minutes >= 1", name="numbers"),
    )

    id: Mapped[int] = mapped_column(Identifier, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    value: Mapped[str | None] = mapped_column(String(500))
    number: Mapped[int | None]
    minutes: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(16))
    audience: Mapped[str] = mapped_column(String(16))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id"))
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
