"""What rows say in words; filters of the templates."""

from datetime import datetime
from typing import Any

from forum.accounts.queries import ERASED_NAME
from forum.paths.balance import Balance, balance

TOMBSTONES = {"deleted": "Deleted {}", "removed": "Removed {}", "held": "{} waiting for review"}


def counted(number: int, one: str, many: str) -> str:
    """A number with its noun: "1 reply", "2,000 replies"."""
    return f"{number:,} {one if number == 1 else many}"


def day(moment: datetime) -> str:
    """A day in UTC: "3 May 2026"."""
    return f"{moment.day} {moment:%B %Y}"


def minute(moment: datetime) -> str:
    """A minute: "3 May 2026, 17:05 UTC"."""
    return f"{day(moment)}, {moment:%H:%M} UTC"


def thread_name(thread: Any) -> str:
    """What a thread is called: by its title, who opened it, or what became of it."""
    return (thread.visible and thread.title) or _by_author(thread, "thread")


def reply_name(reply: Any) -> str:
    """What a reply is called: by who wrote it, or what became of it."""
    return _by_author(reply, "reply")


def voices(row: Any) -> Balance:
    """How a thread or post is balanced."""
    return balance(row.technical_halves, row.management_halves, row.bridge_authors)


def _by_author(row: Any, kind: str) -> str:
    if row.visible:
        return f"{kind.capitalize()} by {row.author_display_name or ERASED_NAME}"
    return TOMBSTONES[row.state].format(kind).capitalize()
