"""What went wrong, and what that means: as pages for who reads, as JSON for programs."""

from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request

from forum.core.errors import Invalid, NotFound, TooManyRequests
from forum.core.http.description import described
from forum.core.http.parameters import refuse_undescribed
from forum.core.http.problems import MEDIA_TYPE, explanations
from forum.core.http.quota import count_read

API = "/api/"
PAGES = "web"
"""The blueprint whose answers are pages, whatever a caller accepts."""

blueprint = Blueprint("problems", __name__)
blueprint.before_request(count_read)
blueprint.before_request(refuse_undescribed)


@blueprint.get("/problems")
@described("application/json", "text/html", errors=[Invalid, TooManyRequests])
def problem_types() -> str | Response:
    """Every kind of problem."""
    kinds = sorted(explanations().values())
    return _shown("problem_types.html", {"items": [kind._asdict() for kind in kinds]})


@blueprint.get("/problems/<code>")
@described("application/json", "text/html", errors=[NotFound, Invalid, TooManyRequests])
def problem_type(code: str) -> str | Response:
    """What a kind of problem means."""
    found = explanations().get(code)
    if found is None:
        raise NotFound
    return _shown("problem_type.html", found._asdict())


def show(response: Response) -> Response:
    """Turn an answer that is a problem (RFC 9457) into a page for who wants one."""
    if response.status_code >= 400 and response.mimetype == MEDIA_TYPE and _is_for_a_reader():
        response.set_data(render_template("problem.html", problem=response.get_json()))
        response.content_type = "text/html; charset=utf-8"
    return response


def _is_for_a_reader() -> bool:
    if request.blueprint == PAGES:
        return True
    return not request.path.startswith(API) and _is_a_browser()


def _is_a_browser() -> bool:
    accepted = request.accept_mimetypes
    return accepted.best_match(["application/json", "text/html"]) == "text/html"


def _shown(template: str, explained: dict[str, Any]) -> Response:
    page = _is_a_browser()
    response = Response(render_template(template, **explained)) if page else jsonify(explained)
    response.vary.add("Accept")
    return response
