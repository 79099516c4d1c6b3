"""Writing without an account, and the route by which a guest confirms their address."""

from collections.abc import Callable
from typing import Any

from flask import Response

from forum.accounts import guests
from forum.accounts.errors import InvalidMailedToken
from forum.accounts.guests import NewGuest
from forum.api import edge
from forum.api.blueprint import Blueprint
from forum.api.edge import NEWCOMERS
from forum.api.schemas.guests import GuestConfirmationBody, GuestConfirmedSchema
from forum.core.db import db
from forum.core.errors import Invalid, Unauthorized
from forum.core.http import quota
from forum.core.http.json import json_response
from forum.core.pages import Record
from forum.guests import tokens

Json = dict[str, Any]

blueprint = Blueprint("guests", __name__, description="Writing without an account.")


def written(
    kind: str,
    data: Json,
    as_member: Callable[[], Record],
    as_guest: Callable[[NewGuest], Record],
) -> tuple[Record, Json]:
    """What was written by whoever asks, and what is told about it to them alone.

    A `guest` is taken out of `data`: members have no other name than theirs.
    """
    guest = data.pop("guest", None)
    if edge.viewer().is_member:
        if guest is not None:
            raise Invalid("Who is signed in is no guest.", pointer="/guest")
        return as_member(), {}
    if guest is None:
        raise Unauthorized
    edge.count_request("guest")
    text = as_guest(NewGuest(**guest, comes_from=quota.address()))
    return text, {"guest_token": tokens.issue(db.session(), kind, text.id)}


@blueprint.operation(
    "POST",
    "/guests/confirm",
    who=NEWCOMERS,
    limit="login",
    body=GuestConfirmationBody,
    answer=GuestConfirmedSchema,
    errors=[InvalidMailedToken],
)
def confirm_guest(data: Json) -> Response:
    """Show that the address given with a text is one's own; what has waited for it is seen."""
    guests.confirm(db.session(), data["token"])
    return json_response({"state": "confirmed"})
