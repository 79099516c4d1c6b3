"""Routes by which members take along what is held about them, and leave."""

from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Response, send_file
from sqlalchemy.orm import Session

from forum.accounts import presence
from forum.accounts.errors import InvalidCredentials, LastAdmin, SignInAgain
from forum.accounts.grants import EXPORT
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.schemas.accounts import ErasureBody, ErasureSchema
from forum.api.schemas.own_data import ExportSchema
from forum.core import clock
from forum.core.db import db, read_one_moment, reading_first
from forum.core.http.json import dump, json_response
from forum.core.pages import Record
from forum.portability import commands, sections

IN_MEMORY = 1024 * 1024
"""Bytes of an export that need no file; most have fewer."""

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
    """All that is held about oneself at one moment, as one JSON document.

    Secrets such as passwords and tokens are left out, and so are words and names of others.
    """
    db.session.rollback()  # who asks was read at another moment
    read_one_moment(db.session())
    account = sections.account(db.session(), viewer().id)
    document = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - the response closes it
    for part in _document(db.session(), account):
        document.write(part)
    return _sent(document, f"crossroads-{account.username}.json")


def _document(session: Session, account: Record) -> Iterator[bytes]:
    """The document, of which no more is in memory than what is read at once."""
    yield b'{"exported_at":%b,"account":%b' % (dump(clock.now()), dump(account._asdict()))
    for section in sections.SECTIONS:
        yield b',"%b":[' % section.name.encode()
        separator = b""
        for batch in section.batches(session, account.id):
            if batch:
                yield separator + b",".join(dump(row._asdict()) for row in batch)
                separator = b","
        yield b"]"
    yield b"}"


def _sent(document: IO[bytes], name: str) -> Response:
    """A file that was written; who reads it slowly holds nothing else."""
    length = document.tell()
    document.seek(0)
    response = send_file(document, "application/json", as_attachment=True, download_name=name)
    response.content_length = length
    response.headers["Cache-Control"] = "no-store"
    return response
