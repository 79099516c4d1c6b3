"""What a plain view says about itself, for whoever describes all routes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from forum.core.errors import Refusal

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Description:
    """How a view answers; what it answers stands in its docstring.

    `errors` come as problems. `query` maps the names of parameters to their JSON schemas,
    `statuses` those whose body is of the same kind as a success to what they mean.
    """

    media_types: Sequence[str]
    errors: Sequence[type[Refusal]] = ()
    query: Mapping[str, Any] = field(default_factory=dict)
    statuses: Mapping[int | str, str] = field(default_factory=dict)


PAGE = Description(["text/html"], statuses={"default": "A page that says what went wrong"})
"""What a view is that says nothing about itself."""


def described(*media_types: str, **more: Any) -> Callable[[View], View]:
    """Attach a `Description` to a view."""

    def attach(view: View) -> View:
        view.description = Description(media_types, **more)  # type: ignore[attr-defined]  # read by description_of
        return view

    return attach


def description_of(view: Callable[..., Any]) -> Description:
    """What a view says about itself."""
    return getattr(view, "description", PAGE)
