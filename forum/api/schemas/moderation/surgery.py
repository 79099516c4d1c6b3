"""Shapes of thread surgery."""

from marshmallow import validate

from forum import examples
from forum.api.schemas.fields import Arguments, JsonInteger, Line, identifier
from forum.api.schemas.posts import post_slug
from forum.api.schemas.texts import MAX_REASON_LENGTH, MAX_TITLE_LENGTH

LONGEST_PAUSE = 24 * 60 * 60


class SurgeryBody(Arguments):
    """What all of these may say."""

    reason = Line(
        max_length=MAX_REASON_LENGTH,
        allow_none=True,
        load_default=None,
        metadata={"example": "It is another question."},
    )


class MoveBody(SurgeryBody):
    post = post_slug(examples.SLUG, required=True)


class SplitBody(SurgeryBody):
    title = Line(
        max_length=MAX_TITLE_LENGTH,
        allow_none=True,
        load_default=None,
        metadata={"example": "And what about pay?"},
    )


class MergeBody(SurgeryBody):
    into = identifier(required=True, metadata={"example": examples.ID + 1})


class SlowModeBody(SurgeryBody):
    seconds = JsonInteger(
        required=True,
        validate=validate.Range(min=1, max=LONGEST_PAUSE),
        metadata={"example": 60},
    )
