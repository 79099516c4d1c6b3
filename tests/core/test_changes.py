"""What counts as a change."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from forum.core.changes import Changes
from forum.core.db import db
from forum.core.outbox import RecordedEvent
from tests.community import Community


def test_events_restored_from_another_server_are_no_news(
    community: Community, session: Session
) -> None:
    changes = Changes(db.engine)
    thread = community.thread()
    session.execute(update(RecordedEvent).values(transaction_id=2**40))
    session.commit()
    before = changes.now()
    community.reply(thread=community.thread())
    changes.now()
    assert changes.is_unchanged(f"thread:{thread['id']}", before)
