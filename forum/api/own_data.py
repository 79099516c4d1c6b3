"""Routes by which members take along what is held about them, and leave."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from flask import Flask, Response, current_app
from sqlalchemy.orm import Session

from forum.accounts import presence
from forum.accounts.errors import InvalidCredentials, LastAdmin, SignInAgain
from forum.accounts.grants import EXPORT
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.accounts import ErasureBody, ErasureSchema
from forum.api.schemas.own_data import ExportSchema
from forum.core import clock
from forum.core.db import db, reading_first
from forum.core.http.json import dump, json_response
from forum.core.pages import Page, Record
from forum.portability import commands, sections

blueprint = Blueprint("own_data", __name__, description="What is held about somebody.")


@blueprint.operation(
    "POST",
    "/me/erasure",
    who=MEMBERS,
    limit="login",
    body=ErasureBody,
    status=202,
    answer=ErasureSchema,
    errors=[InvalidCredentials, SignInAgain, LastAdmin],
)
def erase_me(data: dict[str, Any]) -> Response:
    """Leave: the account ends at once, and with it name, address, sessions and tokens.

    What was written stays under "deleted member" or, soon afterwards, goes, too. Votes and ballots
    keep their effect.
    """
    with reading_first():
        presence.require(db.session(), viewer(), data.get("password"))
    commands.leave(db.session(), viewer(), data["content"])
    return json_response({"state": "erased"}, 202)


@blueprint.operation(
    "GET",
    "/me/export",
    who=MEMBERS,
    scope=EXPORT,
    limit="export",
    answer=ExportSchema,
    streams=True,
)
def export_me() -> Response:
    """All that is held about oneself, as one JSON document.

    It is read in parts while it is sent: what changes meanwhile may stand in it as before or as
    afterwards. Secrets such as passwords and tokens are left out, and so are words and names of
    others.
    """
    with reading_first():
        account = sections.account(db.session(), viewer().id)
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - as Flask's documentation has it
    parts = _document(app, account)
    response = Response(parts, mimetype="application/json", direct_passthrough=True)
    name = f"crossroads-{account.username}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _document(app: Flask, account: Record) -> Iterator[bytes]:
    """The document, of which no more is in memory than what is read at once."""
    yield b'{"exported_at":%b,"account":%b' % (dump(clock.now()), dump(account._asdict()))
    for section in sections.SECTIONS:
        yield b',"%b":[' % section.name.encode()
        separator = b""
        for batch in section.batches(partial(_read, app), account.id):
            if batch:
                yield separator + b",".join(dump(row._asdict()) for row in batch)
                separator = b","
        yield b"]"
    yield b"}"


def _read(app: Flask, page: Callable[[Session], Page[Record]]) -> Page[Record]:
    """A page in a context of its own, for the request is over when its answer is sent."""
    with app.app_context(), reading_first():
        return page(db.session())
