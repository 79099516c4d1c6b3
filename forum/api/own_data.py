"""Routes by which members take along what is held about them, and leave."""

from typing import Any

from flask import Response

from forum.accounts import commands as accounts
from forum.accounts.errors import InvalidCredentials, LastAdmin
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.accounts import ErasureBody, ErasureSchema
from forum.core.db import db, reading_first
from forum.core.http.json import json_response
from forum.portability import commands

blueprint = Blueprint("own_data", __name__, description="What is held about somebody.")


@blueprint.operation(
    "POST",
    "/me/erasure",
    who=MEMBERS,
    limit="login",
    body=ErasureBody,
    status=202,
    answer=ErasureSchema,
    errors=[InvalidCredentials, LastAdmin],
)
def erase_me(data: dict[str, Any]) -> Response:
    """Leave: the account ends at once, and with it name, address, sessions and tokens.

    What was written stays under "deleted member" or, soon afterwards, goes, too. Votes and ballots
    keep their effect.
    """
    with reading_first():
        accounts.check_password(db.session(), viewer(), data["password"])
    commands.leave(db.session(), viewer(), data["content"])
    return json_response({"state": "erased"}, 202)
