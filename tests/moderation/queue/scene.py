"""Readers who report, and moderators who claim and decide."""

from datetime import timedelta
from typing import Any

from sqlalchemy import update

from forum.core.db import db, table_of, writing
from forum.moderation.queue.models import ReviewItem
from tests.apps import Answer
from tests.community import Community, Json, Person


def address(text: Json) -> str:
    """Of a thread or reply."""
    return f"/{'replies' if 'thread_id' in text else 'threads'}/{text['id']}"


def report(community: Community, text: Json, by: Person | None = None, **more: Any) -> Json:
    """A report, by somebody new unless told."""
    body = {"reason": "spam", **more}
    reported: Json = (by or community.member()).ok("POST", f"{address(text)}/reports", body)
    return reported


def claim_next(moderator: Person) -> Json:
    """The next item, claimed."""
    item: Json = moderator.ok("POST", "/moderation/queue/next")
    return item


def verdict(item: Json, action: str, **more: Any) -> Json:
    """A decision by who has read all of an item."""
    return {
        "action": action,
        "claim_seq": item["claim_seq"],
        "revision": item["text"]["revision"],
        "evidence_seq": item["evidence_seq"],
        "reason": "So be it.",
        **more,
    }


def decide(moderator: Person, item: Json, action: str, **more: Any) -> Answer:
    """The answer to a decision about a claimed item."""
    url = f"/moderation/queue/{item['id']}/decision"
    return moderator.post(url, verdict(item, action, **more))


def decided(moderator: Person, item: Json, action: str, **more: Any) -> Json:
    """A decision that is made."""
    answer = decide(moderator, item, action, **more)
    assert answer.status_code == 200, answer.text
    decision: Json = answer.json
    return decision


def let_claims_expire(community: Community) -> None:
    """Age all claims by more than their ten minutes, for nobody moves the database's clock."""
    with community.app.app_context(), writing():
        items = table_of(ReviewItem)
        found = db.session.execute(items.select().where(items.c.claimed_until.is_not(None))).all()
        for item in found:
            earlier = item.claimed_until - timedelta(minutes=11)
            aged = update(items).where(items.c.id == item.id).values(claimed_until=earlier)
            db.session.execute(aged)
        db.session.commit()
