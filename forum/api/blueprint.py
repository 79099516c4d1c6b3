"""Declaring routes: one decorator that says who may call, what goes in and out, and what can fail.

The same declaration guards the route and describes it in the OpenAPI document.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint as FlaskBlueprint
from flask import Response, request

from forum.accounts.grants import MODERATE, READ, SIGNED_IN
from forum.api import edge
from forum.api.edge import ANYONE, STAFF, WITHOUT_ACCESS
from forum.api.openapi import Operation, SchemaClass, name_of
from forum.api.parser import StrictParser
from forum.api.schemas.fields import Arguments
from forum.core.errors import Refusal
from forum.core.http.parameters import refuse_others

View = TypeVar("View", bound=Callable[..., Any])


_PARSER = StrictParser()


class Blueprint(FlaskBlueprint):
    """A group of routes under /api/v1.

    `operations` are the views by their rules, as they are registered, with what they declare.
    """

    def __init__(self, name: str, import_name: str, *, description: str) -> None:
        super().__init__(name, import_name, url_prefix=edge.BASE)
        self.description = description
        self.operations: list[tuple[str, Callable[..., Response], Operation]] = []
        self._without_access: set[str] = set()
        self.before_request(self._meet)

    def operation(
        self,
        method: str,
        rule: str,
        *,
        formerly: str | None = None,
        who: str = ANYONE,
        scope: str | None = None,
        limit: str | None = None,
        body: SchemaClass | None = None,
        query: SchemaClass | None = None,
        status: int = 200,
        other_status: int | None = None,
        answer: SchemaClass | None = None,
        errors: Iterable[type[Refusal]] = (),
        creates: bool = False,
        streams: bool = False,
    ) -> Callable[[View], View]:
        """Register a view.

        `formerly` is another address of the same, deprecated.
        `body` and `query` are parsed into the view's leading arguments, `answer` documents what
        comes back with `status` (and `other_status`), `errors` are the refusals of the command
        behind it, `limit` is the rate limit's name ("read" or "write" by method), `creates`
        honours Idempotency-Key, what `streams` is a file that has no version. `scope` is what a
        personal access token needs; if left out, what staff alone may do takes `moderate`, reading
        `read`, and no token will do for the rest.
        What staff changes must be in the audit log when the view is done.
        """
        acts = method != "GET" and (who in STAFF or rule.startswith("/moderation/"))
        policy = limit or ("read" if method == "GET" else "write")

        operation = Operation(
            method,
            who,
            scope or _scope(method, who),
            body,
            query,
            status,
            other_status,
            answer,
            tuple(errors),
            creates,
            streams,
        )

        def register(view: View) -> View:
            if who in WITHOUT_ACCESS:
                self._without_access.add(f"{self.name}.{view.__name__}")
            parsed = _with_arguments(_logged(view) if acts else view, operation)
            guarded = _guard(parsed, policy, operation)
            self._add(rule, guarded, operation)
            if formerly is not None:
                self._add(formerly, guarded, replace(operation, is_former=True))
            return view

        return register

    def _add(self, rule: str, view: Callable[..., Response], operation: Operation) -> None:
        self.operations.append((rule, view, operation))
        endpoint = name_of(view, operation)
        self.add_url_rule(rule, endpoint, view, methods=[operation.method])

    def _meet(self) -> None:
        if request.endpoint in self._without_access:
            edge.meet_passer_by()
        else:
            edge.authenticate()


def _with_arguments(view: Callable[..., Any], operation: Operation) -> Callable[..., Any]:
    for location, schema in operation.arguments.items():
        view = _PARSER.use_args(schema(), location=location)(view)
    return view


def _logged(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def logged(*args: Any, **kwargs: Any) -> Any:
        answer = view(*args, **kwargs)
        edge.require_log()
        return answer

    return logged


def _scope(method: str, who: str) -> str:
    if who in STAFF:
        return MODERATE
    return READ if method == "GET" else SIGNED_IN


def _guard(view: Callable[..., Any], policy: str, operation: Operation) -> Callable[..., Response]:
    refuses_query = operation.query is None
    refuses_body = operation.body is None and operation.method != "GET"

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        edge.count_request(policy)
        edge.require(operation.who, operation.scope)
        if refuses_query:
            refuse_others(())
        if refuses_body and request.content_length:
            _PARSER.parse(Arguments(), location="json")
        if operation.creates:
            return edge.answer_once(lambda: view(*args, **kwargs))
        return view(*args, **kwargs)

    return guarded
