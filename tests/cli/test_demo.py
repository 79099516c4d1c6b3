"""`flask demo`: a community in which every feature shows."""

from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from forum import examples
from forum.accounts.models import Member
from forum.posts.models import Post
from forum.replies.models import Reply, Revision
from forum.threads.models import Thread
from tests.community import Community

PROMISED = {Post: 6, Member: 60, Thread: 30, Reply: 400}


def test_the_demo_shows_every_feature_and_counts_right(
    cli: FlaskCliRunner, session: Session, community: Community
) -> None:
    """One test for all of it, because loading takes seconds."""
    assert cli.invoke(args=["demo"]).exit_code == 0
    for table, number in PROMISED.items():
        assert session.scalars(select(func.count()).select_from(table)).one() >= number, table
    features = {
        "a contested reply": Reply.contested,
        "a bridge": Reply.bridge,
        "a path given by the community": Reply.path_source == "community",
        "a pin": Reply.pinned_at.is_not(None),
        "a tombstone of a deleted reply": Reply.deleted_at.is_not(None) & Reply.listed,
        "a tombstone of a removed reply": Reply.removed_at.is_not(None) & Reply.listed,
        "a deep conversation": Reply.depth >= 5,
        "a locked thread": select(Thread.id).where(Thread.locked_at.is_not(None)).exists(),
        "a pinned thread": select(Thread.id).where(Thread.pinned).exists(),
        "an edited reply": select(Revision.id).exists(),
    }
    for name, feature in features.items():
        assert session.scalar(select(Reply.id).where(feature).limit(1)) is not None, name
    assert cli.invoke(args=["recount", "--check"]).exit_code == 0
    again = cli.invoke(args=["demo"])
    assert again.exit_code == 0
    assert "nobody was added" in again.output
    login = {"login": examples.LOGIN, "password": examples.PASSWORD}
    assert community.passer_by.post("/auth/login", login).status_code == 200


def test_a_forum_with_members_only_is_left_alone(cli: FlaskCliRunner, community: Community) -> None:
    community.member("mara")
    assert cli.invoke(args=["demo"]).exit_code == 0
    assert community.passer_by.get("/users/ada").status_code == 404


def test_a_forum_with_posts_is_left_alone(cli: FlaskCliRunner, community: Community) -> None:
    community.post()
    cli.invoke(args=["demo"])
    assert len(community.passer_by.ok("GET", "/posts")["items"]) == 1
