"""In a large forum every query is served by an index, and its work depends on its answer alone."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.orm import Session

from forum.accounts.models import (
    AccessToken,
    FeedToken,
    Member,
    Sanction,
    SanctionedThread,
    SignIn,
)
from forum.app import create_app
from forum.core.db import db, is_sqlite, writing
from forum.core.mail import outgoing
from forum.core.mail.mailer import current_mailer
from forum.core.mail.models import BouncingAddress, OutgoingMail
from forum.core.outbox import RecordedEvent
from forum.core.versions import Version
from forum.moderation.queue.models import Decision, ReviewItem
from forum.notifications.models import Mute, Notification, Subscriber, Subscription
from forum.paths.models import Ballot
from forum.posts.models import Post, PostAddress
from forum.replies import queries, tree
from forum.replies.lanes import Deal
from forum.replies.models import PostStance, Reply, Revision, ThreadStance
from forum.replies.tree import Shape
from forum.threads.models import Thread
from forum.votes.models import ReplyVote, ThreadVote
from tests.apps import SeparateClient, disconnect
from tests.community import Community, Json, Person
from tests.core.mail.notes import LENA, queue_note
from tests.databases import KINDS, migrate, settings_for
from tests.mail_servers import Mailbox
from tests.replies.rows import BEGINNING, Sketch, plant, plant_children
from tests.servers import postgres_database
from tests.statements import Statement, recorded
from tests.worker import work_off

DIRECT_REPLIES = 100_000
CHAIN = 10_000
MANY = 3_000
PEOPLE = 30_000
DEEPEST = 19

SORTS_OF_REPLIES = ("best", "new", "old", "top", "controversial", "balanced")
SORTS_OF_THREADS = ("hot", "best", "new", "old", "top", "active")
PATHS = ("technical-path", "management-path")

READS = (
    *(f"/api/v1/threads/{{thread}}/replies?sort={sort}" for sort in SORTS_OF_REPLIES),
    *(f"/api/v1/replies/{{reply}}/replies?sort={sort}" for sort in SORTS_OF_REPLIES),
    *(
        f"/api/v1/threads/{{thread}}/replies?sort={sort}&path={PATHS[0]}"
        for sort in SORTS_OF_REPLIES
    ),
    f"/api/v1/threads/{{quiet}}/replies?path={PATHS[1]}",
    *(f"/api/v1/posts/{{post}}/threads?sort={sort}" for sort in SORTS_OF_THREADS),
    "/api/v1/posts?sort=new",
    "/api/v1/posts?sort=active",
    "/api/v1/posts/{post}",
    "/api/v1/posts/lookup?url={url}",
    "/api/v1/posts/counts?url={url}&url=https://blog.example.com/nowhere",
    "/api/v1/threads/{thread}",
    "/api/v1/replies/{reply}",
    "/api/v1/replies/{deepest}/context",
    "/api/v1/replies/{reply}/revisions",
    "/api/v1/replies/{reply}/path",
    "/api/v1/users/{username}",
    "/api/v1/users/{username}/replies",
    "/api/v1/auth/sessions",
    "/api/v1/auth/tokens",
    "/api/v1/me/feed-tokens",
    "/api/v1/me/notifications",
    "/api/v1/me/notifications?unread=true",
    "/api/v1/me/notifications/count",
    "/api/v1/me/subscriptions",
    "/api/v1/me/mutes",
    "/api/v1/me/sanctions",
    "/api/v1/me/held",
    "/api/v1/threads/{thread}/subscription",
)
FEEDS = (
    "/feeds/replies.atom",
    *(f"/feeds/paths/{path}.atom" for path in PATHS),
    "/feeds/gap.atom",
    *(f"/feeds/gap/{path}.atom" for path in PATHS),
    "/feeds/posts/{post}.atom",
    *(f"/feeds/posts/{{post}}/paths/{path}.atom" for path in PATHS),
    "/feeds/threads/{thread}.atom",
    "/feeds/replies/{deepest}.atom",
    "/feeds/users/{username}.atom",
    "/feeds.opml",
    "/feeds/me/replies.atom?token={token}",
    "/feeds.opml",
)
FEED_OF_LARGE_BRANCH = "/feeds/replies/{reply}.atom"
"""Looked for among the newest of its thread, so that it takes work for all that is newer there."""
WRITES: tuple[tuple[str, str, Json], ...] = (
    ("POST", "/posts/{post}/threads", {"body": "Well?"}),
    ("POST", "/threads/{thread}/replies", {"body": "Yes.", "path": PATHS[0]}),
    ("PUT", "/replies/{reply}/vote", {"value": -1}),
    ("PUT", "/threads/{thread}/vote", {"value": -1}),
    ("PUT", "/replies/{reply}/ballot", {"path": PATHS[1]}),
    ("PUT", "/replies/{own}/path", {"path": PATHS[1]}),
    ("PATCH", "/replies/{own}", {"body": "On second thoughts."}),
    ("DELETE", "/replies/{own}", {}),
    ("PUT", "/threads/{thread}/subscription", {"level": "all"}),
    ("PUT", "/me/mutes/{silent}", {}),
    ("POST", "/me/notifications/read", {"up_to": 1}),
)


@dataclass(frozen=True)
class LargeForum:
    """A forum with more of everything than fits into an answer."""

    app: Flask
    reader: Person
    names: dict[str, Any]
    """What addresses are filled with."""


ONE_WORKER_EACH = [pytest.param(kind, marks=pytest.mark.xdist_group(kind)) for kind in KINDS]


@pytest.fixture(scope="module", params=ONE_WORKER_EACH)
def forum(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[LargeForum]:
    """The forum, made once on each kind of database, for it takes long."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("large") / "forum.db"
        template: Path = request.getfixturevalue("sqlite_template")
        yield from _populated(f"sqlite:///{shutil.copyfile(template, path)}")
        return
    server_url: str = request.getfixturevalue("postgres_url")
    name = f"crossroads_large_{worker_id}_{os.getpid()}"
    with postgres_database(server_url, name) as url:
        migrate(url)
        yield from _populated(url)


@pytest.fixture
def session(forum: LargeForum) -> Iterator[Session]:
    with forum.app.app_context():
        yield db.session()


def _populated(url: str) -> Iterator[LargeForum]:
    app = create_app(settings_for(url))
    app.test_client_class = SeparateClient
    community = Community(app)
    reader = community.member()
    with app.app_context():
        session = db.session()
        _crowd(session)
        _feed_tokens(session)
        _access_tokens(session)
        _sanctions(session)
        _events(session)
        _decisions(session)
        _versions(session)
        _mails(session)
        post = community.post()
        _posts(session)
        busy, quiet = (community.thread(post=post) for _ in range(2))
        _threads(session, busy)
        author = community.member()
        author_id = author.ok("GET", "/me")["id"]
        ids_of_chain = plant(session, quiet, author_id, _chain())
        parent, *_ = plant(session, busy, author_id, [Sketch(), *_wood()])
        plant_children(session, parent, DIRECT_REPLIES)
        reader_id = reader.ok("GET", "/me")["id"]
        _judgements(session, reader_id)
        session.execute(update(Reply).values(answered_id=reader_id))
        session.commit()
        _notifications(session, reader.ok("GET", "/me")["id"])
        if not is_sqlite(session.connection()):
            session.execute(text("ANALYZE"))
            session.commit()
    names = {
        "post": post["slug"],
        "url": post["url"],
        "thread": busy["id"],
        "quiet": quiet["id"],
        "reply": parent,
        "deepest": ids_of_chain[-1],
        "chain": ids_of_chain,
        "username": author.username,
        "silent": community.member().username,
        "token": reader.ok("POST", "/me/feed-tokens", {})["token"],
    }
    yield LargeForum(app, reader, names)
    disconnect(app)


def _chain() -> list[Sketch]:
    """Replies each to the last, which hang side by side below the last level but one."""
    return [
        Sketch(parent=min(n, DEEPEST) - 1 if n else None, answers=n - 1 if n else None, minute=n)
        for n in range(CHAIN)
    ]


def _wood() -> list[Sketch]:
    """Top-level replies with votes and paths, a few of them answered."""
    return [
        Sketch(
            parent=n // 10 + 1 if n % 5 == 4 else None,
            up=n % 13,
            down=n % 7,
            path=(*PATHS, None)[n % 3],
            bridge=n % 11 == 0,
            gone="removed" if n % 17 == 0 else None,
            minute=n,
        )
        for n in range(MANY)
    ]


def _crowd(session: Session) -> None:
    _fill(
        session,
        Member,
        lambda n: {
            "created_at": BEGINNING,
            "username": f"m{n}",
            "username_skeleton": f"rn{n}",
            "name_skeleton": f"reader {n}",
        },
        PEOPLE,
    )
    _fill(
        session,
        SignIn,
        lambda n: {
            "member_id": n,
            "refresh_id": str(n),
            "created_at": BEGINNING,
            "last_used_at": BEGINNING,
            "expires_at": BEGINNING + timedelta(days=3650),
        },
    )


def _feed_tokens(session: Session) -> None:
    token = {"feed": "replies", "created_at": BEGINNING}
    _fill(session, FeedToken, lambda n: {**token, "member_id": n, "token_hash": str(n)})


def _access_tokens(session: Session) -> None:
    token = {"name": "A tool", "scopes": "read", "created_at": BEGINNING}
    _fill(session, AccessToken, lambda n: {**token, "member_id": n, "token_hash": str(n)})


def _sanctions(session: Session) -> None:
    """Of many members, and all of them over."""
    times = dict.fromkeys(("imposed_at", "starts_at", "ends_at"), BEGINNING)
    mute = {"kind": "mute", "scope": "writing", "reason": "Rude.", "imposed_by": 1, **times}
    _fill(session, Sanction, lambda n: {**mute, "member_id": n})
    moved = {"move_id": 1, "holds": True}
    everywhere = [{**moved, "sanction_id": n, "thread_id": n} for n in range(1, MANY)]
    session.execute(insert(SanctionedThread), everywhere)
    session.commit()


def _decisions(session: Session) -> None:
    """About many members, on one item each."""
    item = {"kind": "appeal", "opened_at": BEGINNING, "decided_at": BEGINNING}
    _fill(session, ReviewItem, lambda n: {**item, "member_id": n})
    made = {"action": "dismiss", "evidence_seq": 1, "decided_at": BEGINNING}
    about = ("item_id", "group_id", "author_id")
    _fill(session, Decision, lambda n: {**made, **dict.fromkeys(about, n)})


def _versions(session: Session) -> None:
    session.execute(insert(Version), [{"name": f"{n}", "number": n} for n in range(MANY)])
    session.commit()


def _events(session: Session) -> None:
    event = {"name": "ReplyWritten", "data": {}, "happened_at": BEGINNING}
    _fill(session, RecordedEvent, lambda n: {**event, "transaction_id": n})


def _mails(session: Session) -> None:
    """Sent long ago, one in thirty to the same address."""
    done = {"letter": "test-note", "data": {}, "urgent": False, "attempts": 1}
    times = {"queued_at": BEGINNING, "tried_at": BEGINNING, "sent_at": BEGINNING}
    busy = current_mailer().hash_of(LENA)
    _fill(
        session,
        OutgoingMail,
        lambda n: {**done, **times, "key": f"{n}", "address_hash": f"{n}" if n % 30 else busy},
    )
    bouncing = [{"address_hash": f"{n}", "bounces": 1} for n in range(MANY)]
    session.execute(insert(BouncingAddress), bouncing)
    session.commit()


def _posts(session: Session) -> None:
    _fill(
        session,
        Post,
        lambda n: {
            "slug": f"post-{n}-x",
            "url": f"https://blog.example.com/x/{n}",
            "title": "One of many",
            "created_at": BEGINNING + timedelta(minutes=n),
            "technical_halves": n % 4,
        },
    )
    rows = [{"key": f"blog.example.com/x/{n}", "post_id": n} for n in range(2, MANY)]
    session.execute(insert(PostAddress), rows)
    session.commit()


def _threads(session: Session, alike: Json) -> None:
    author_id = session.scalar(select(Thread.author_id).where(Thread.id == alike["id"]))
    _fill(
        session,
        Thread,
        lambda n: {
            "post_id": alike["post_id"],
            "author_id": author_id,
            "body": "Well?",
            "body_html": "<p>Well?</p>",
            "created_at": BEGINNING + timedelta(minutes=n),
            "hot": float(n % 50),
            "best": n % 10 / 10,
            "up": n % 6,
            **_lacking_one_path(n),
        },
    )


def _lacking_one_path(number: int) -> Json:
    """What a thread stores that lacks a path, or one in three that no longer does."""
    there, lacking = ("technical", "management")[:: 1 - 2 * (number % 2)]
    at = BEGINNING + timedelta(minutes=number)
    gaps = ("gap", f"{lacking}_gap", f"{there}_gap")
    times = {f"{gap}_{time}": at for gap in gaps[:2] for time in ("entered_at", "turned_at")}
    never = dict.fromkeys(f"{gaps[2]}_{time}" for time in ("entered_at", "turned_at"))
    return {**times, **never, f"{there}_halves": 12, f"{lacking}_halves": 0 if number % 3 else 12}


def _judgements(session: Session, member_id: int) -> None:
    """Votes and ballots of one member on much of it, and an edit of each."""
    replies = session.scalars(select(Reply.id).order_by(Reply.id).limit(MANY)).all()
    newest_threads = select(Thread.id).order_by(Thread.id.desc()).limit(MANY // 2)
    threads = session.scalars(newest_threads).all()
    mine = {"member_id": member_id}
    vote = {**mine, "value": 1, "voted_at": BEGINNING}
    session.execute(insert(ReplyVote), [{**vote, "reply_id": i} for i in replies])
    session.execute(insert(ThreadVote), [{**vote, "thread_id": i} for i in threads])
    ballot = {**mine, "path": PATHS[0], "cast_at": BEGINNING}
    session.execute(insert(Ballot), [{**ballot, "reply_id": i} for i in replies])
    stance = {"technical": 1, "management": 0, "bridge": 0}
    thread, authors = session.get_one(Thread, threads[0]), range(1, MANY)
    for table, scope in ((ThreadStance, "thread_id"), (PostStance, "post_id")):
        scope_id = thread.id if scope == "thread_id" else thread.post_id
        session.execute(
            insert(table), [{**stance, scope: scope_id, "author_id": i} for i in authors]
        )
    edit = {"body": "", "body_html": "", "written_at": BEGINNING, "replaced_at": BEGINNING}
    session.execute(insert(Revision), [{**edit, "reply_id": i} for i in replies])
    session.commit()


def _notifications(session: Session, member_id: int) -> None:
    """What a member and others follow and were told, and who mutes whom."""
    _fill(session, Subscriber, lambda n: {"member_id": PEOPLE - n})
    session.execute(insert(Subscriber), [{"id": MANY, "member_id": member_id}])
    chosen = {"level": "all", "mail": "never", "created_at": BEGINNING}
    follows = [{"subscriber_id": MANY, "target": f"thread:{n}"} for n in range(1, MANY)]
    follows += [{"subscriber_id": n, "target": f"post:{n}"} for n in range(1, MANY)]
    session.execute(insert(Subscription), [{**chosen, **each} for each in follows])
    mutes = [{"member_id": member_id, "muted_id": n} for n in range(1, 100) if n != member_id]
    mutes += [{"member_id": n, "muted_id": member_id} for n in range(100, MANY) if n != member_id]
    session.execute(insert(Mute), [{**each, "created_at": BEGINNING} for each in mutes])
    replies = session.execute(select(Reply.id, Reply.thread_id).limit(MANY)).all()
    told = {"kind": "followed", "created_at": BEGINNING}
    for subscriber_id in range(MANY - 10, MANY + 1):
        rows = [
            {**told, "event_id": n, "actor_id": n + 100, "reply_id": r.id, "thread_id": r.thread_id}
            for n, r in enumerate(replies)
        ]
        session.execute(
            insert(Notification), [{**row, "subscriber_id": subscriber_id} for row in rows]
        )
    session.commit()


def _fill(session: Session, table: Any, row: Callable[[int], Json], number: int = MANY) -> None:
    """Many rows after those there are."""
    last = session.scalar(select(func.max(table.id))) or 0
    session.execute(insert(table), [{"id": last + n, **row(last + n)} for n in range(1, number)])
    if not is_sqlite(session.connection()):
        sequence = func.pg_get_serial_sequence(table.__tablename__, "id")
        session.execute(select(func.setval(sequence, last + number)))
    session.commit()


def statements(forum: LargeForum, url: str) -> list[Statement]:
    """What the first two pages ask the database."""
    with recorded(forum.app) as sent:
        signed_in = {"Authorization": f"Bearer {forum.reader.token}"}
        answer = forum.reader.client.get(url_of(url, forum), headers=signed_in)
        assert answer.status_code == 200
        following = (answer.get_json(silent=True) or {}).get("page", {}).get("next")
        if following:
            forum.reader.ok("GET", following)
    return [s for s in sent if s.sql.lstrip().startswith("SELECT")]


def url_of(url: str, forum: LargeForum, **more: Any) -> str:
    return url.format(**forum.names, **more)


def full_scans(connection: Connection, statement: Statement) -> list[str]:
    """Tables that the plan reads from end to end."""
    if not is_sqlite(connection):
        plan = nodes(explained(connection, statement))
        return [node["Relation Name"] for node in plan if node["Node Type"] == "Seq Scan"]
    rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
    return [row.detail for row in rows if re.fullmatch(r"SCAN (?!anon_)\w+", row.detail)]


def work(connection: Connection, statement: Statement) -> float:
    """Rows that PostgreSQL looks at; hundreds of steps of SQLite's machine."""
    if is_sqlite(connection):
        return steps(connection, statement) / 100
    looked_at: float = sum(
        (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
        for node in nodes(explained(connection, statement, "ANALYZE"))
        if "Scan" in node["Node Type"]
    )
    return looked_at


def explained(connection: Connection, statement: Statement, *options: str) -> Json:
    """The plan of PostgreSQL."""
    how = ", ".join(["FORMAT JSON", *options])
    found = connection.exec_driver_sql(f"EXPLAIN ({how}) {statement.sql}", statement.parameters)
    plan: Json = found.scalar_one()[0]["Plan"]
    return plan


def nodes(plan: Json) -> Iterator[Json]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


def steps(connection: Connection, statement: Statement) -> int:
    """How many instructions SQLite executes."""
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1

    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(count, 1)
    connection.exec_driver_sql(statement.sql, statement.parameters).all()
    driver.set_progress_handler(None, 0)
    return counted


@pytest.mark.parametrize("url", [*READS, *FEEDS, FEED_OF_LARGE_BRANCH])
def test_no_answer_takes_a_table_read_from_end_to_end(
    forum: LargeForum, session: Session, url: str
) -> None:
    found = [full_scans(session.connection(), sent) for sent in statements(forum, url)]
    assert list(chain.from_iterable(found)) == []


@pytest.mark.parametrize("url", [*READS, *FEEDS])
def test_an_answer_takes_work_for_what_it_shows(
    forum: LargeForum, session: Session, url: str
) -> None:
    taken = [work(session.connection(), sent) for sent in statements(forum, url)]
    assert max(taken) <= 1_000


@pytest.mark.parametrize(("method", "url", "body"), WRITES)
def test_no_write_takes_a_table_read_from_end_to_end(
    forum: LargeForum, session: Session, method: str, url: str, body: Json
) -> None:
    own = forum.reader.ok("POST", url_of("/threads/{thread}/replies", forum), {"body": "Mine."})
    with recorded(forum.app) as sent:
        forum.reader.ok(method, url_of(url, forum, own=own["id"]), body)
    plain = [s for s in sent if s.sql.startswith(("SELECT", "UPDATE"))]
    found = [full_scans(session.connection(), statement) for statement in plain]
    assert list(chain.from_iterable(found)) == []


def test_no_answer_to_a_reply_takes_a_table_read_from_end_to_end(
    forum: LargeForum, session: Session
) -> None:
    body = {"body": "One more.", "parent_id": forum.names["reply"]}
    with recorded(forum.app) as sent:
        forum.reader.ok("POST", url_of("/threads/{thread}/replies", forum), body)
    plain = [s for s in sent if s.sql.startswith(("SELECT", "UPDATE"))]
    assert [full_scans(session.connection(), statement) for statement in plain] == [[]] * len(plain)


def test_looking_at_a_text_takes_no_table_read_from_end_to_end(
    forum: LargeForum, session: Session
) -> None:
    moderator = Community(forum.app).moderator()
    rules = [
        moderator.ok("POST", "/moderation/rules", {"kind": kind, "action": "hold", **measures})
        for kind, measures in (
            ("speed", {"number": 100, "minutes": 60}),
            ("duplicate", {"number": 10, "minutes": 60}),
        )
    ]
    with recorded(forum.app) as sent:
        body = {"body": "As nobody has said yet."}
        forum.reader.ok("POST", url_of("/threads/{thread}/replies", forum), body)
    for rule in rules:
        moderator.delete(f"/moderation/rules/{rule['id']}")
    looks = [s for s in sent if s.sql.startswith("SELECT")]
    found = [full_scans(session.connection(), statement) for statement in looks]
    kept_in_process = re.compile("premoderation_policies|watch_rules")
    assert [s for s in chain.from_iterable(found) if not kept_in_process.search(s)] == []


def test_members_are_looked_up_with_work_for_those_who_are_found(
    forum: LargeForum, session: Session
) -> None:
    moderator = Community(forum.app).moderator()
    with recorded(forum.app) as sent:
        for query in ("q=m299", "q=Reader 299", "q=m299&role=member", "role=moderator"):
            moderator.ok("GET", f"/users?{query}&limit=10")
    looked = [s for s in sent if "username_skeleton" in s.sql or "role" in s.sql]
    assert [full_scans(session.connection(), each) for each in looked] == [[]] * len(looked)
    assert max(work(session.connection(), each) for each in looked) <= 1_000


def test_no_mail_takes_a_table_read_from_end_to_end(
    forum: LargeForum, session: Session, mailbox: Mailbox
) -> None:
    with recorded(forum.app) as sent:
        queue_note(session, "one more")
        work_off(forum.app)
        with writing():
            outgoing.forget_address(session, LENA)
            session.rollback()
    plain = [s for s in sent if s.sql.startswith(("SELECT", "UPDATE", "DELETE"))]
    found = [full_scans(session.connection(), statement) for statement in plain]
    tables = " ".join(chain.from_iterable(found))
    assert not re.search("outgoing_mails|bouncing_addresses", tables)
    assert [mail.recipient for mail in mailbox.mails].count(LENA) == 1


def test_telling_of_a_reply_takes_no_table_read_from_end_to_end(
    forum: LargeForum, session: Session
) -> None:
    body = {"body": "One more.", "parent_id": forum.names["reply"]}
    forum.reader.ok("POST", url_of("/threads/{thread}/replies", forum), body)
    with recorded(forum.app) as sent:
        work_off(forum.app)
    telling = [s for s in sent if "notifications" in s.sql]
    found = [full_scans(session.connection(), statement) for statement in telling]
    assert telling
    assert list(chain.from_iterable(found)) == []


@pytest.mark.parametrize("sort", [sort for sort in SORTS_OF_REPLIES if sort != "balanced"])
def test_many_direct_replies_are_read_from_anywhere(
    forum: LargeForum, session: Session, sort: str
) -> None:
    order = queries.ORDERS[sort]
    parent = queries.reply(session, forum.names["reply"])
    below = select(*order.columns).where(Reply.parent_id == parent.id).order_by(*order.clauses())
    everything = session.execute(below).all()
    for start in (DIRECT_REPLIES // 2, DIRECT_REPLIES * 3 // 4, DIRECT_REPLIES - 10):
        place = Deal(start, (order.position(everything[start]),))
        with recorded(forum.app) as sent:
            page = tree.below_reply(session, parent, Shape(sort, 50, 0, 0), place)
        shown = [node.row.id for node in page.nodes]
        assert shown == [row.id for row in everything[start + 1 : start + 51]]
        assert max(work(session.connection(), statement) for statement in sent) <= 1_000


def test_both_sides_of_many_direct_replies_are_read_from_anywhere(
    forum: LargeForum, session: Session
) -> None:
    parent = queries.reply(session, forum.names["reply"])
    rest = select(Reply.best, Reply.id).where(Reply.parent_id == parent.id, Reply.path.is_(None))
    rest = rest.order_by(Reply.best.desc(), Reply.id.desc())
    best, reply_id = session.execute(rest.offset(DIRECT_REPLIES * 3 // 4).limit(1)).one()
    with recorded(forum.app) as sent:
        place = Deal(0, (None, None, [best, reply_id]))
        page = tree.below_reply(session, parent, Shape("balanced", 50, 0, 0), place)
    assert {node.row.path for node in page.nodes} == {PATHS[0], None}
    assert max(work(session.connection(), statement) for statement in sent) <= 1_000


def test_a_chain_of_replies_is_read_from_one_end_to_the_other(forum: LargeForum) -> None:
    url = f"/threads/{forum.names['quiet']}/replies?sort=old&limit=50&children=20&depth=10"
    read: list[Json] = []
    waiting: list[str] = [url]
    while waiting:
        answer = forum.reader.ok("GET", waiting.pop())
        read += answer["items"]
        links = [answer["page"], *(node["more"] for node in answer["items"] if node["more"])]
        waiting += [link["next"] for link in links if link["next"]]
    ids = forum.names["chain"]
    assert [node["id"] for node in read] == ids
    assert [node["reply_to_id"] for node in read] == [None, *ids[:-1]]
    assert max(node["depth"] for node in read) == DEEPEST
