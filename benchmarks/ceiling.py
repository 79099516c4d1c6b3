"""What Flask can do at all: views that return stored bytes, and one that does a bare write."""

from pathlib import Path
from secrets import token_urlsafe

from flask import Flask, Response, request

from benchmarks.bare_writes import BareWrites
from forum.config import Settings


def create_ceiling(answers: Path, writes: BareWrites) -> Flask:
    """The bare application; `/x` answers with the bytes of the file `x` in the folder `answers`."""
    app = Flask("ceiling")
    settings = Settings(secret_key=token_urlsafe(48))
    app.extensions["settings"] = settings  # the product's server asks for these
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    bodies = {path.name: path.read_bytes() for path in answers.iterdir()}

    @app.get("/<name>")
    def answer(name: str) -> Response:
        return Response(bodies[name], mimetype="application/json")

    @app.get("/not-modified")
    def not_modified() -> Response:
        return Response(status=304, headers={"ETag": '"0"'})

    @app.post("/write/<int:thread_id>")
    def write(thread_id: int) -> Response:
        writes.write(thread_id, request.get_json()["body"])
        return Response(b"{}", 201, mimetype="application/json")

    return app
