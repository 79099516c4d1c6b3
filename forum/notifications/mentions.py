"""Whom a text names: `@name`, as its writer says it, not in code or links."""

import re

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.names import USERNAME_PATTERN
from forum.core.markdown import spoken

MOST_NAMED = 10
"""Of the names in one text; the first of them."""

_NAMED = re.compile(rf"(?<![\w@/.+-])@({USERNAME_PATTERN.strip('^$')})(?!\w)", re.ASCII)


def mentioned(session: Session, html: str) -> set[int]:
    """The ids of the members whom a rendered text names."""
    if "@" not in html:
        return set()
    names = dict.fromkeys(name.lower() for words in spoken(html) for name in _NAMED.findall(words))
    return accounts.ids_by_username(session, [*names][:MOST_NAMED])
