"""Fields for what comes in and documentation of what goes out.

Every string from outside passes one of the fields here: cleaned, never blank where it must say
something, and never longer than its maximum.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import marshmallow as ma
from flask import current_app
from marshmallow import fields, validate

from forum.config import LONGEST_BODY, settings_in
from forum.core import text
from forum.core.http.addresses import MAX_ID
from forum.core.urls import is_http_url
from forum.replies.models import MANAGEMENT, NEITHER, PATHS, TECHNICAL

MAX_NUMBER = 10**9 - 1
"""Of the nine digits that a number in the query may have."""


class Text(fields.String):
    """Text of several lines, cleaned; refuses what shows nothing."""

    described: ClassVar[dict[str, str]] = {"pattern": text.TEXT_PATTERN}

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        kwargs["metadata"] = {**self.described, **kwargs.get("metadata", {})}
        super().__init__(validate=validate.Length(min=1, max=max_length), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        raw = super()._deserialize(value, attr, data, **kwargs)
        try:
            cleaned = self._clean(raw)
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error
        if text.is_blank(cleaned):
            raise ma.ValidationError("Must not be blank.")
        return cleaned

    def _clean(self, value: str) -> str:
        return text.clean_text(value)


class Line(Text):
    """Text of one line, cleaned; refuses what shows nothing."""

    described: ClassVar[dict[str, str]] = {"pattern": text.LINE_PATTERN}

    def _clean(self, value: str) -> str:
        return text.clean_line(value)


class Body(Text):
    """What a thread or reply says; its maximum is a setting of the application."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_BODY, **kwargs)

    def _clean(self, value: str) -> str:
        limit = settings_in(current_app).max_body_length
        if len(value) > limit:
            raise ValueError(f"Longer than maximum length {limit}.")
        return super()._clean(value)


class Flag(fields.Boolean):
    """`true` or `false`, and nothing that could be taken for them."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class Secret(fields.String):
    """A password: any characters that can be stored and typed, at most 256."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"pattern": text.SECRET_PATTERN, **kwargs.get("metadata", {})}
        super().__init__(validate=validate.Length(min=1, max=256), **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        raw = super()._deserialize(value, attr, data, **kwargs)
        try:
            return text.clean_text(raw)
        except ValueError as error:
            raise ma.ValidationError(str(error)) from error


class EmailAddress(Line):
    """An address that mail can be sent to."""

    described: ClassVar[dict[str, str]] = {"format": "idn-email"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=254, **kwargs)

    def _clean(self, value: str) -> str:
        return text.clean_email(value)


class HttpUrl(Line):
    """An http or https address."""

    described: ClassVar[dict[str, str]] = {"format": "uri"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=2000, **kwargs)

    def _clean(self, value: str) -> str:
        cleaned = super()._clean(value)
        _refuse_other_address(cleaned)
        return cleaned


class Time(fields.AwareDateTime):
    """A time that goes out, RFC 3339 in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="iso", **kwargs)


class GivenTime(Time):
    """A time that comes in, RFC 3339; in UTC whatever offset it was written with."""

    PATTERN = (
        r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
        r"(Z|[+-][0-9]{2}:[0-9]{2})$"
    )

    def __init__(self, *, example: str, **kwargs: Any) -> None:
        super().__init__(metadata={"pattern": self.PATTERN, "example": example}, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        if not isinstance(value, str) or not re.fullmatch(self.PATTERN, value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        written: datetime = super()._deserialize(value, attr, data, **kwargs)
        try:
            return written.astimezone(UTC)
        except OverflowError as error:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error


class PageAddress(fields.String):
    """The address of a page as a caller knows it; kept as it is."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["metadata"] = {"format": "uri", **kwargs.get("metadata", {})}
        super().__init__(validate=[validate.Length(max=2000), _refuse_other_address], **kwargs)


def _refuse_other_address(value: str) -> None:
    if not is_http_url(value):
        raise ma.ValidationError("Must be an http or https URL with a host, without credentials.")


class JsonInteger(fields.Integer):
    """A whole number in a body, where 1.0 is one: JSON knows numbers, not kinds of them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _validated(self, value: Any) -> int:
        is_whole = isinstance(value, float) and value.is_integer()
        return super()._validated(int(value) if is_whole else value)


def identifier(**kwargs: Any) -> fields.Integer:
    """An id in a body."""
    return JsonInteger(validate=validate.Range(min=1, max=MAX_ID), **kwargs)


class WholeNumber(fields.Integer):
    """A whole number in the query, in plain digits."""

    def _validated(self, value: Any) -> int:
        if not re.fullmatch("-?[0-9]{1,9}", value):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


def whole(low: int, high: int, default: int) -> fields.Integer:
    """A whole number in the query, between `low` and `high`."""
    return WholeNumber(validate=validate.Range(min=low, max=high), load_default=default)


def absent() -> None:
    """Nothing, for parameters that are not given; being called, it is documented as no default."""


OPTIONAL: dict[str, Any] = {"load_default": absent, "allow_none": False}
"""What makes a parameter of the query optional."""


def one_of(*choices: str, default: str | None = None, **kwargs: Any) -> fields.String:
    """One of some words, optionally with a default."""
    if default is not None:
        kwargs["load_default"] = default
    return fields.String(validate=validate.OneOf(choices), **kwargs)


def path_name(**kwargs: Any) -> fields.String:
    """`technical-path` or `management-path`."""
    return one_of(*PATHS, **kwargs)


def ballot_value(**kwargs: Any) -> fields.String:
    """A path or `neither`."""
    return one_of(TECHNICAL, MANAGEMENT, NEITHER, **kwargs)


class Arguments(ma.Schema):
    """Base of what comes in: unknown members are refused; a body may be left out if it says so."""

    is_optional: ClassVar[bool] = False

    class Meta:
        unknown = ma.RAISE


class PageQuery(Arguments):
    """How much of a list, and from where."""

    limit = whole(1, 100, default=50)
    cursor = fields.String(
        **OPTIONAL,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "From `page.next`; opaque."},
    )


class PageSchema(ma.Schema):
    """How a list goes on."""

    limit = fields.Integer(required=True)
    next = fields.String(
        required=True, allow_none=True, metadata={"description": "The next page, or null."}
    )
