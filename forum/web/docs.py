"""The interactive documentation of the API: Swagger UI, from files of this machine alone."""

from importlib.resources import files

from flask import Response, make_response, render_template, send_from_directory

from forum.core.http.description import described

SWAGGER_UI = str(files("flask_swagger_ui") / "dist")
ASSETS = "'swagger-ui.css', 'swagger-ui-bundle.js'"

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def docs() -> Response:
    """The page that tries out the API."""
    page = make_response(render_template("docs.html"))
    page.headers["Content-Security-Policy"] = POLICY
    return page


@described("text/css", "text/javascript")
def asset(name: str) -> Response:
    """A file of Swagger UI."""
    return send_from_directory(SWAGGER_UI, name)
