"""Problems as pages: whoever reads the pages gets no JSON."""

from flask import Response, render_template

from forum.core.http.problems import MEDIA_TYPE


def show(response: Response) -> Response:
    """Turn an answer that is a problem (RFC 9457) into a page that says the same."""
    if response.mimetype == MEDIA_TYPE:
        response.set_data(render_template("problem.html", problem=response.get_json()))
        response.content_type = "text/html; charset=utf-8"
    return response
