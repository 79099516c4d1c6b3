"""What is raised again joins the one open item of its target and kind."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from forum.core.db import db, writing
from forum.moderation.queue.items import Concern, Raised, raise_item
from forum.moderation.queue.models import HELD, RULE, Evidence, ReviewItem, Snapshot
from tests.community import Community, Json
from tests.test_races import at_once


def about(reply: Json, kind: str = RULE, weight: int = 5) -> Concern:
    return Concern(kind, reply["thread_id"], reply["id"], weight, {"rule_id": 1, "word": "acai"})


def raised(app: Flask, concern: Concern) -> Raised:
    with app.app_context(), writing():
        found = raise_item(db.session(), concern)
        db.session.commit()
        return found


def test_the_first_concern_opens_an_item(community: Community, session: Session) -> None:
    reply = community.reply()
    found = raised(community.app, about(reply))
    item = session.scalars(select(ReviewItem)).one()
    assert (item.id, item.kind, item.reply_id, item.thread_id) == (
        found.item_id,
        RULE,
        reply["id"],
        None,
    )


def test_concerns_about_one_target_join_one_item(community: Community, session: Session) -> None:
    reply = community.reply()
    first, second = (raised(community.app, about(reply)) for _ in range(2))
    assert (second.item_id, second.seq, second.weight) == (first.item_id, 2, 10)


def test_another_kind_is_another_item(community: Community) -> None:
    reply = community.reply()
    items = {raised(community.app, about(reply, kind)).item_id for kind in (RULE, HELD)}
    assert len(items) == 2


def test_a_thread_and_a_reply_in_it_are_two_items(community: Community) -> None:
    reply = community.reply()
    of_thread = Concern(RULE, reply["thread_id"], None, 1)
    items = {raised(community.app, each).item_id for each in (about(reply), of_thread)}
    assert len(items) == 2


def test_an_item_may_be_about_a_member(community: Community, session: Session) -> None:
    community.member()
    found = raised(community.app, Concern(RULE, None, None, 1, member_id=1))
    assert session.get_one(ReviewItem, found.item_id).member_id == 1


def test_a_concern_is_about_something() -> None:
    with pytest.raises(TypeError):
        _ = Concern(RULE, None, None, 1).target


def test_what_was_said_is_kept_with_the_evidence(community: Community, session: Session) -> None:
    author = community.member()
    reply = community.reply(author, body="Before.")
    raised(community.app, about(reply))
    author.ok("PATCH", f"/replies/{reply['id']}", {"body": "After."})
    raised(community.app, about(reply))
    kept = {s.revision: s.body for s in session.scalars(select(Snapshot))}
    seen = session.scalars(select(Evidence).order_by(Evidence.seq))
    assert [kept[str(each.revision)] for each in seen] == ["Before.", "After."]


def test_many_who_raise_at_once_join_one_item(app: Flask, community: Community) -> None:
    reply = community.reply()
    found = at_once([lambda: raised(app, about(reply))] * 8)
    assert {each.item_id for each in found} == {found[0].item_id}
    assert sorted(each.seq for each in found) == list(range(1, 9))
    assert max(each.weight for each in found) == 40
