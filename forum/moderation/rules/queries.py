"""Reading watch rules."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from forum.core.db import table_of
from forum.core.pages import Keyset, Order, Page, Position, Record, rows
from forum.moderation.rules.errors import RuleNotFound
from forum.moderation.rules.models import WatchRule
from forum.posts.models import Post

_RULE, _POST = table_of(WatchRule).c, table_of(Post).c
_RULES = select(*_RULE, _POST.slug.label("post_slug")).select_from(
    table_of(WatchRule).outerjoin(table_of(Post), _POST.id == _RULE.post_id)
)
_ONE = _RULES.where(_RULE.id == bindparam("of_id"))
_NEWEST = Keyset(_RULES, Order((_RULE.id,)))


def rule(session: Session, rule_id: int) -> Record:
    """A rule, with the slug of its post; raises `RuleNotFound`."""
    found = rows(session, _ONE, of_id=rule_id)
    if not found:
        raise RuleNotFound
    return found[0]


def rules(session: Session, after: Position | None, limit: int) -> Page[Record]:
    """All rules, newest first."""
    return _NEWEST.page(session, after, limit)
