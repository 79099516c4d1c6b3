"""Routes by which staff looks members up and gives them roles."""

from typing import Any

from flask import Response

from forum.accounts import directory, queries
from forum.accounts.directory import Wanted
from forum.accounts.errors import LastAdmin, MemberNotFound
from forum.accounts.grants import SIGNED_IN
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import MODERATORS, viewer
from forum.api.schemas.members import MemberListSchema, MemberSchema, MembersQuery, RoleBody
from forum.core.db import db
from forum.core.http.conditional import require_match
from forum.core.http.json import json_response
from forum.core.pages import Record
from forum.moderation import roles

blueprint = Blueprint("members", __name__, description="The members, for staff.")


@blueprint.operation("GET", "/users", who=MODERATORS, query=MembersQuery, answer=MemberListSchema)
def members(arguments: dict[str, Any]) -> Response:
    """Members, newest first; admins are told their addresses."""
    wanted = Wanted(*(arguments.get(name) for name in ("q", "role", "state")))
    page = directory.members(db.session(), wanted, lists.position(arguments), arguments["limit"])
    return lists.listed(page, arguments, lambda found: [_shown(row) for row in found])


@blueprint.operation(
    "PATCH",
    "/users/<username:username>",
    who=MODERATORS,
    scope=SIGNED_IN,
    body=RoleBody,
    answer=MemberSchema,
    errors=[MemberNotFound, LastAdmin],
)
def change_member(data: dict[str, Any], username: str) -> Response:
    """Give a member a role, and end their sessions.

    Nobody gives more than they have, and moderators change no moderators. An admin always stays.
    """
    require_match(_told(queries.member_by_username(db.session(), username).id))
    member_id = roles.change(db.session(), viewer(), username, data["role"], data.get("reason"))
    return json_response(_told(member_id))


def _told(member_id: int) -> dict[str, Any]:
    db.session.flush()
    return _shown(directory.member(db.session(), member_id))


def _shown(row: Record) -> dict[str, Any]:
    return representations.member(row, with_address=viewer().is_admin)
