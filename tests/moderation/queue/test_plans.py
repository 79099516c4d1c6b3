"""However long the queue becomes, what is asked of it is found by an index."""

from sqlalchemy.orm import Session

from tests.community import Community, Person
from tests.databases import on_one_database
from tests.moderation.queue.scene import claim_next, decided, report
from tests.statements import recorded
from tests.test_query_plans import full_scans

pytestmark = on_one_database

ALL_RIGHT = {"SCAN next", "SCAN audit_head", "SCAN members"}
"""One row each; and whether others moderate, which appeals against one's own decisions ask."""


def test_nothing_is_looked_through(
    community: Community, moderator: Person, session: Session
) -> None:
    reporter, reply = community.member(), community.reply(to=community.reply())
    with recorded(community.app) as sent:
        report(community, reply, reporter)
        for query in ("", "?sort=oldest", "?state=decided", "?mine=true"):
            moderator.ok("GET", f"/moderation/queue{query}")
        decided(moderator, claim_next(moderator), "remove")
        reporter.ok("GET", "/me/reports")
    asked = [each for each in sent if each.sql.startswith(("SELECT", "WITH", "UPDATE"))]
    for statement in asked:
        found = {*full_scans(session.connection(), statement)}
        assert found <= ALL_RIGHT, statement.sql
