"""One transaction per request, committed here and nowhere else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from flask import Flask, Response, make_response, request

from forum.core.db import db, writing
from forum.core.errors import Refusal

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

View = Callable[..., Any]


def init_app(app: Flask) -> None:
    """Wrap every view that is registered so far."""
    for endpoint, view in app.view_functions.items():
        app.view_functions[endpoint] = _in_one_transaction(view)


@contextmanager
def written_before() -> Iterator[None]:
    """What the edge notes of a request, of whatever method, before its own transaction begins."""
    db.session.rollback()
    with writing():
        yield
        db.session.commit()


def _in_one_transaction(view: View) -> View:
    @wraps(view)
    def wrapped(*args: Any, **kwargs: Any) -> Response:
        if request.method in SAFE_METHODS:
            return make_response(view(*args, **kwargs))
        with writing():
            return _committed(view, *args, **kwargs)

    return wrapped


def _committed(view: View, *args: Any, **kwargs: Any) -> Response:
    try:
        response = make_response(view(*args, **kwargs))
        db.session.commit()
    except Refusal as refusal:
        if refusal.keeps_changes:
            db.session.commit()
        else:
            db.session.rollback()
        raise
    except BaseException:
        db.session.rollback()
        raise
    return response
