"""Where to look for what is not under its address any more.

Who reads is led there; who writes is told, for what they wanted to do there was meant for here.
"""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request

from forum.core.errors import Conflict, NotFound
from forum.core.http.problems import refused
from forum.core.http.transactions import SAFE_METHODS

Find = Callable[[Mapping[str, Any]], tuple[str, str] | None]
"""Given the names in an address, the part of it that names what has moved, and its new name."""


class Moved(Conflict):
    """A moderator has moved it; `location` says where it is now."""

    code = "moved"
    title = "It is somewhere else now"


def init_app(app: Flask, find: Find) -> None:
    """Lead to where things have gone that are not found."""

    @app.errorhandler(NotFound)
    def look_elsewhere(refusal: NotFound) -> Response:
        moved = find({**(request.view_args or {}), **refusal.names})
        if moved is None:
            return refused(refusal)
        location = _location(*moved)
        if request.method in SAFE_METHODS:
            return Response(status=301, headers={"Location": location})
        return refused(Moved(location=location))


def _location(former: str, present: str) -> str:
    """The same below the new name, or that itself where there is no such thing below it."""
    before, _, after = request.path.partition(f"/{former}")
    found = f"{before}/{present}"
    adapter = current_app.create_url_adapter(request)
    if not after or adapter is None or not adapter.test(found + after, request.method):
        return found
    query = urlencode([item for item in request.args.items(multi=True) if item[0] != "cursor"])
    return found + after + (f"?{query}" if query else "")
