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
    CORS(
        app,
        origins=[re.compile(re.escape(origin) + r"\Z") for origin in allowed_origins],
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

    @app.after_request
    def protect(response: Response) -> Response:
        if allowed_origins:
            response.vary.add("Origin")
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        if response.status_code == 204:
            response.headers.pop("Content-Type", None)  # there is no content
        is_html = response.mimetype == "text/html"
        policy = HTML_POLICY if is_html else OTHER_POLICY
        response.headers.setdefault("Content-Security-Policy", policy)
        if hsts:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
