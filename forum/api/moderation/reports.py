"""Routes of reports, and what became of one's own."""

from typing import Any

from flask import Response

from forum.accounts.errors import Sanctioned
from forum.api import lists
from forum.api.blueprint import Blueprint
from forum.api.edge import MEMBERS, viewer
from forum.api.moderation import review
from forum.api.schemas.fields import PageQuery
from forum.api.schemas.moderation.reports import ReportBody, ReportListSchema, ReportSchema
from forum.core.db import db
from forum.core.http.json import json_response
from forum.moderation.reports import commands, queries
from forum.moderation.reports.commands import Complaint
from forum.moderation.reports.errors import AlreadyReported, SelfReport
from forum.replies.errors import ReplyIsGone, ReplyNotFound
from forum.threads.errors import ThreadIsGone, ThreadNotFound

blueprint = Blueprint("reports", __name__, description="Telling the moderators what is wrong.")

REFUSALS = (SelfReport, AlreadyReported, Sanctioned)


@blueprint.operation(
    "POST",
    "/replies/<id:reply_id>/reports",
    who=MEMBERS,
    body=ReportBody,
    status=201,
    answer=ReportSchema,
    errors=[ReplyNotFound, ReplyIsGone, *REFUSALS],
    creates=True,
)
def report_reply(data: dict[str, Any], reply_id: int) -> Response:
    """Report a reply to the moderators, once; its author never learns by whom."""
    return _made(commands.report_reply(db.session(), viewer(), reply_id, Complaint(**data)))


@blueprint.operation(
    "POST",
    "/threads/<id:thread_id>/reports",
    who=MEMBERS,
    body=ReportBody,
    status=201,
    answer=ReportSchema,
    errors=[ThreadNotFound, ThreadIsGone, *REFUSALS],
    creates=True,
)
def report_thread(data: dict[str, Any], thread_id: int) -> Response:
    """Report what a thread begins with to the moderators, once."""
    return _made(commands.report_thread(db.session(), viewer(), thread_id, Complaint(**data)))


@blueprint.operation("GET", "/me/reports", who=MEMBERS, query=PageQuery, answer=ReportListSchema)
def my_reports(arguments: dict[str, Any]) -> Response:
    """One's own reports and what became of them, newest first."""
    after = lists.position(arguments)
    page = queries.reports_of(db.session(), viewer(), after, arguments["limit"])
    return lists.listed(page, arguments, lambda found: [*map(review.report, found)])


def _made(report: Any) -> Response:
    response = json_response(review.report(report), 201)
    response.headers["Location"] = "/api/v1/me/reports"
    return response
