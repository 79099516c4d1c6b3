"""Security headers on every answer, and CORS for the origins that the owner names."""

import re
from collections.abc import Sequence

from flask import Flask, Response
from flask_cors import CORS

HTML_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
OTHER_POLICY = "default-src 'none'; frame-ancestors 'none'"
ON_ALL = [
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
]
HSTS = ("Strict-Transport-Security", "max-age=31536000")
EXPOSED = [
    "ETag",
    "Idempotency-Replayed",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "X-Request-ID",
]


def init_app(app: Flask, allowed_origins: Sequence[str], hsts: bool) -> None:
    """Set the headers; `allowed_origins` are exact origins such as `https://blog.example.com`."""
    on_all = [*ON_ALL, HSTS] if hsts else ON_ALL
    if allowed_origins:
        _allow(app, allowed_origins)

    @app.after_request
    def protect(response: Response) -> Response:
        if allowed_origins:
            response.vary.add("Origin")
        if response.status_code == 204:
            response.headers.pop("Content-Type", None)  # there is no content
        is_html = response.mimetype == "text/html"
        response.headers.extend(on_all)
        policy = HTML_POLICY if is_html else OTHER_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        return response


def _allow(app: Flask, origins: Sequence[str]) -> None:
    CORS(
        app,
        origins=[re.compile(re.escape(origin) + r"\Z") for origin in origins],
        supports_credentials=False,
        always_send=False,
        vary_header=False,
        allow_headers=[
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "X-Request-ID",
        ],
        methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
        expose_headers=EXPOSED,
        max_age=600,
    )
