"""However many replies are moved, it takes as many statements."""

from flask.testing import FlaskCliRunner
from sqlalchemy import select

from forum.accounts.models import Member
from forum.core.db import db, writing
from tests.community import Community, Json, Person
from tests.moderation.surgery.acts import MANAGEMENT, TECHNICAL, merge, move, split, undo
from tests.replies.rows import Sketch, plant
from tests.statements import recorded

LEVELS = 18


def large_thread(community: Community, cli: FlaskCliRunner, number: int) -> Json:
    """The topmost reply of a thread of so many, as deep as may be."""
    thread = community.thread()
    community.member()
    sketches = [
        Sketch(
            parent=None if n == 0 else n - 1 if n % LEVELS else 0,
            path=(TECHNICAL, MANAGEMENT, None)[n % 3],
            gone="removed" if n % 7 == 3 else None,
        )
        for n in range(number)
    ]
    with community.app.app_context(), writing():
        author = db.session.scalars(select(Member.id).order_by(Member.id.desc())).first()
        reply_id, *_ = plant(db.session(), thread, author or 0, sketches)
    assert cli.invoke(args=["recount"]).exit_code == 0
    top: Json = community.passer_by.ok("GET", f"/replies/{reply_id}")
    return top


def statements(community: Community, moderator: Person, reply: Json) -> int:
    """How many it takes to do everything with a thread, and take the last back."""
    post, target = community.post(), community.thread()
    with recorded(community.app) as sent:
        opened = split(moderator, reply)
        move(moderator, opened, post)
        merge(moderator, opened, target)
        undo(moderator)
    return len(sent)


def test_many_replies_are_moved_by_as_many_statements_as_a_few(
    community: Community, cli: FlaskCliRunner, moderator: Person
) -> None:
    few, many = (
        statements(community, moderator, large_thread(community, cli, number))
        for number in (40, 400)
    )
    assert few == many
