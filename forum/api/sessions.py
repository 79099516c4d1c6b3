"""Routes of sessions: where a member is signed in, and ending that."""

from typing import Any

from flask import Response

from forum.accounts import sessions
from forum.accounts.errors import SessionNotFound
from forum.accounts.grants import SIGNED_IN
from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.sessions import SessionListSchema
from forum.core.db import db

blueprint = Blueprint("sessions", __name__, description="Where somebody is signed in.")


@blueprint.operation(
    "GET",
    "/auth/sessions",
    who=MEMBERS,
    scope=SIGNED_IN,
    query=PageQuery,
    answer=SessionListSchema,
)
def my_sessions(arguments: dict[str, Any]) -> Response:
    """Where one is signed in, newest first."""
    after = lists.position(arguments)
    page = sessions.sessions(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, lists.sessions)


@blueprint.operation("DELETE", "/auth/sessions", who=MEMBERS, status=204)
def end_other_sessions() -> Response:
    """Sign out everywhere else: the tokens of all other sessions are good no longer."""
    sessions.end_all(db.session(), viewer().id, but=viewer().sign_in_id)
    return Response(status=204)


@blueprint.operation(
    "DELETE", "/auth/sessions/<id:session_id>", who=MEMBERS, status=204, errors=[SessionNotFound]
)
def end_session(session_id: int) -> Response:
    """Sign out of one session."""
    sessions.end(db.session(), viewer(), session_id)
    return Response(status=204)


@blueprint.operation("POST", "/auth/logout", who=MEMBERS, status=204)
def logout() -> Response:
    """End the session of this token."""
    sessions.end(db.session(), viewer(), viewer().sign_in_id)
    return Response(status=204)
