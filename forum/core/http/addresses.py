"""What may stand in the variable parts of an address; anything else is an address of nothing."""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask
from werkzeug.routing import IntegerConverter, Rule, UnicodeConverter

MAX_ID = 10**15 - 1
"""Ids stay within what JSON numbers carry exactly everywhere."""
LONGEST_NAME = 100
"""Characters."""


class IdConverter(IntegerConverter):
    """An id from 1 to `MAX_ID`, in ASCII digits.

    The pattern refuses all others, for werkzeug answers 405 when a converter refuses by itself.
    """

    regex = "[1-9][0-9]{0,14}"


class NameConverter(UnicodeConverter):
    """A name without control characters: PostgreSQL refuses to be asked for NUL.

    Nor is it longer than any that is given, since what looks names up reads them in ways whose
    time grows with the square of the length.
    """

    def __init__(self, map: Any) -> None:  # noqa: A002 - werkzeug's name
        super().__init__(map)
        self.regex = rf"[^/\0-\x1f\x7f]{{1,{LONGEST_NAME}}}"


class LazyRule(Rule):
    """A rule that compiles what builds its addresses when one is first built.

    Werkzeug compiles two functions for each rule at once, which is most of the time that it takes
    to make an application, and few of them are ever called.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        compiled = cache(super()._compile_builder)

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return compiled(append_unknown)(rule, **values)

        return build


def init_app(app: Flask) -> None:
    """Make these the rule of `<id:...>` and of plain `<...>`; to be called before any route.

    Nor is `//` a `/`: werkzeug would redirect, to an address made from the caller's `Host`.
    """
    app.url_map.merge_slashes = False
    app.url_map.converters.update(id=IdConverter, default=NameConverter)
