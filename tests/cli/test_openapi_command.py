"""`flask openapi`."""

import json

from flask.testing import FlaskCliRunner

from tests.community import Community


def test_the_command_prints_the_document_that_the_route_answers(
    cli: FlaskCliRunner, community: Community
) -> None:
    printed = json.loads(cli.invoke(args=["openapi"]).output)
    assert printed == community.client.get("/openapi.json").json
