"""Parameters of the query that nobody knows: refused, or where people follow links, passed over."""

from collections.abc import Container, Sequence

from flask import current_app, request

from forum.core.errors import Invalid
from forum.core.http.description import description_of
from forum.core.http.page_cache import keep_nothing


def refuse_others(known: Container[str]) -> None:
    """Raise `Invalid` for a parameter that is not `known`, or that is given twice."""
    for name, values in request.args.lists():
        if name not in known:
            raise Invalid("Unknown parameter.", pointer=f"?{name}")
        refuse_repeated(name, values)


def refuse_repeated(name: str, values: Sequence[str]) -> None:
    """Raise `Invalid` for the values of a parameter that takes one, if there are more."""
    if len(values) > 1:
        raise Invalid("Must be given once.", pointer=f"?{name}")


def refuse_undescribed() -> None:
    """Raise `Invalid` for a parameter that the plain view does not describe."""
    refuse_others(_described())


def pass_over_undescribed() -> None:
    """Links from elsewhere carry parameters that mean nothing here: each makes another address."""
    if not request.args.keys() <= _described():
        keep_nothing()


def _described() -> set[str]:
    return {*description_of(current_app.view_functions[str(request.endpoint)]).query}
