"""The page by which who cannot sign in appeals: GET shows the decision, POST appeals."""

from flask import Response, current_app, render_template, request

from forum.config import settings_in
from forum.core import text
from forum.core.db import db
from forum.core.errors import Invalid
from forum.core.http.description import PAGE, described
from forum.moderation import appeals, decisions, links
from forum.moderation.decisions import Decision
from forum.moderation.links import Decided
from forum.moderation.models import MAX_APPEAL_LENGTH

_TOKEN = {"token": {"type": "string", "maxLength": 1000}}
_with_token = described(*PAGE.media_types, query=_TOKEN, statuses=PAGE.statuses)


@_with_token
def appealing() -> Response:
    """Shows a decision, and asks what is wrong with it."""
    decided = _decided()
    return _page(decisions.decision(db.session(), decided.member_id, decided.group_id))


@_with_token
def appeal() -> Response:
    """Asks that the decision be reversed."""
    decided, said = _decided(), _said()
    return _page(appeals.appeal(db.session(), decided.member_id, decided.group_id, said))


def _decided() -> Decided:
    return links.decided_in(settings_in(current_app), request.args.get("token", ""))


def _said() -> str:
    """What stands in the form; raises `Invalid`."""
    try:
        said = text.clean_text(request.form.get("text", ""))
    except ValueError as error:
        raise Invalid(str(error), pointer="/text") from error
    if text.is_blank(said) or len(said) > MAX_APPEAL_LENGTH:
        raise Invalid(f"1 to {MAX_APPEAL_LENGTH} characters.", pointer="/text")
    return said


def _page(decided: Decision) -> Response:
    """Nobody else is to find it in a cache."""
    page = render_template("appeal.html", decision=decided, longest=MAX_APPEAL_LENGTH)
    response = Response(page)
    response.headers["Cache-Control"] = "no-store"
    return response
