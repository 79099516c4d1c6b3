"""Routes of notes, which moderators write on members and review items for each other."""

from typing import Any

from flask import Response, url_for

from forum.accounts import queries as accounts
from forum.accounts.errors import MemberNotFound
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.notes import NoteBody, NoteListSchema, NoteSchema
from forum.core.db import db
from forum.core.errors import Forbidden
from forum.core.http.json import json_response
from forum.moderation import acting, notes
from forum.moderation.errors import NoteNotFound
from forum.moderation.notes import Versions
from forum.moderation.queue import queries as queue
from forum.moderation.queue.errors import ItemNotFound

blueprint = Blueprint("notes", __name__, description="What moderators tell each other.")


@blueprint.operation(
    "POST",
    "/moderation/users/<username:username>/notes",
    who=MODERATORS,
    body=NoteBody,
    status=201,
    answer=NoteSchema,
    errors=[MemberNotFound],
    creates=True,
)
def note_on_user(data: dict[str, Any], username: str) -> Response:
    """Note something on a member, which only moderators read."""
    member = accounts.member_by_username(db.session(), username)
    return _noted(data, member_id=member.id)


@blueprint.operation(
    "GET",
    "/moderation/users/<username:username>/notes",
    who=MODERATORS,
    query=PageQuery,
    answer=NoteListSchema,
    errors=[MemberNotFound],
)
def notes_on_user(arguments: dict[str, Any], username: str) -> Response:
    """Notes on a member, newest first."""
    member = accounts.member_by_username(db.session(), username)
    after = lists.position(arguments)
    page = notes.on_member(db.session(), member.id, after, arguments["limit"])
    return lists.listed(page, arguments, shown_notes)


@blueprint.operation(
    "POST",
    "/moderation/queue/<id:item_id>/notes",
    who=MODERATORS,
    body=NoteBody,
    status=201,
    answer=NoteSchema,
    errors=[ItemNotFound],
    creates=True,
)
def note_on_item(data: dict[str, Any], item_id: int) -> Response:
    """Note something on a review item."""
    queue.standing(db.session(), item_id)
    return _noted(data, item_id=item_id)


@blueprint.operation(
    "GET",
    "/moderation/queue/<id:item_id>/notes",
    who=MODERATORS,
    query=PageQuery,
    answer=NoteListSchema,
    errors=[ItemNotFound],
)
def notes_on_item(arguments: dict[str, Any], item_id: int) -> Response:
    """Notes on a review item, newest first."""
    queue.standing(db.session(), item_id)
    after = lists.position(arguments)
    page = notes.on_item(db.session(), item_id, after, arguments["limit"])
    return lists.listed(page, arguments, shown_notes)


@blueprint.operation(
    "GET",
    "/moderation/notes/<id:note_id>",
    who=MODERATORS,
    answer=NoteSchema,
    errors=[NoteNotFound],
)
def note(note_id: int) -> Response:
    """A note, and all that it ever said."""
    return json_response(_shown(notes.note(db.session(), note_id)))


@blueprint.operation(
    "PATCH",
    "/moderation/notes/<id:note_id>",
    who=MODERATORS,
    body=NoteBody,
    answer=NoteSchema,
    errors=[NoteNotFound, Forbidden],
)
def change_note(data: dict[str, Any], note_id: int) -> Response:
    """Let a note of one's own say something else; what it said stays among its versions."""
    notes.change(db.session(), viewer(), note_id, data["body"])
    return json_response(_shown(notes.note(db.session(), note_id)))


def shown_notes(found: list[Versions]) -> list[dict[str, Any]]:
    """Notes as moderators read them."""
    return [_shown(each) for each in found]


def _noted(data: dict[str, Any], **target: int) -> Response:
    group = acting.begin(db.session(), viewer())
    note_id = notes.add(db.session(), group, viewer(), data["body"], **target)
    response = json_response(_shown(notes.note(db.session(), note_id)), 201)
    response.headers["Location"] = url_for("notes.note", note_id=note_id)
    return response


def _shown(found: Versions) -> dict[str, Any]:
    versions = [{"body": each.body, "written_at": each.written_at} for each in found.versions]
    author = representations.author(found.note)
    return {"id": found.note.id, "author": author, **versions[-1], "versions": versions}
