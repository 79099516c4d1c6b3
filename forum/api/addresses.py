"""What stands for things in the addresses of the API, and how the OpenAPI document shows it."""

from typing import TYPE_CHECKING

from flask import Flask
from werkzeug.routing import BaseConverter

from forum import examples
from forum.accounts.names import USERNAME_PATTERN
from forum.api.schemas.posts import SLUG_PATTERN
from forum.core.http.addresses import MAX_ID, IdConverter
from forum.posts.commands import MAX_SLUG_LENGTH, RESERVED_SLUGS
from forum.replies.models import PATHS

if TYPE_CHECKING:
    from flask_smorest import Api

PROVIDER_PATTERN = r"(?!redeem\Z)[a-z0-9-]{1,32}"
"""What follows from a provider's vouching is redeemed beside the providers."""


class SlugConverter(BaseConverter):
    """The slug of a post; the words that are routes themselves are none."""

    regex = rf"(?!(?:{'|'.join(sorted(RESERVED_SLUGS))})\Z){SLUG_PATTERN.strip('^$')}"


class UsernameConverter(BaseConverter):
    """The name of a member."""

    regex = USERNAME_PATTERN.strip("^$")


class ProviderConverter(BaseConverter):
    """The name of a provider that people sign in with."""

    regex = PROVIDER_PATTERN


class PathNameConverter(BaseConverter):
    """One of the two paths."""

    regex = f"(?:{'|'.join(PATHS)})"


def init_app(app: Flask) -> None:
    """Make these known; to be called before any route."""
    app.url_map.converters.update(
        provider=ProviderConverter,
        slug=SlugConverter,
        username=UsernameConverter,
        path_name=PathNameConverter,
    )


def describe(api: "Api") -> None:
    """Tell the OpenAPI document what they are."""
    schemas = {
        IdConverter: {
            "type": "integer",
            "minimum": 1,
            "maximum": MAX_ID,
            "examples": [examples.ID],
        },
        SlugConverter: {
            "type": "string",
            "pattern": SLUG_PATTERN,
            "maxLength": MAX_SLUG_LENGTH,
            "examples": [examples.SLUG],
        },
        UsernameConverter: {
            "type": "string",
            "pattern": USERNAME_PATTERN,
            "examples": [examples.USERNAME],
        },
        ProviderConverter: {
            "type": "string",
            "pattern": f"^{PROVIDER_PATTERN}$",
            "examples": ["example"],
        },
        PathNameConverter: {"type": "string", "enum": [*PATHS]},
    }
    for converter, schema in schemas.items():
        api.register_converter(converter, lambda _, schema=schema: schema)
