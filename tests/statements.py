"""What an application asks its database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import event

from forum.core.db import db


@dataclass(frozen=True)
class Statement:
    """A statement as the driver gets it."""

    sql: str
    parameters: Any


@contextmanager
def recorded(app: Flask) -> Iterator[list[Statement]]:
    """The statements that `app` sends while the block runs."""
    sent: list[Statement] = []

    def record(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_more: Any) -> None:
        sent.append(Statement(sql, parameters))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", record)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", record)
