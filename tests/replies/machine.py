"""A machine for Hypothesis: people who do whatever they can, in whatever order."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from forum.core.db import db, table_of
from forum.replies.models import Reply
from forum.replies.tree_key import child_key
from forum.threads.models import Thread
from tests.community import Community, Json, Person
from tests.leaving import leave
from tests.recount import counted_anew, stances, stances_counted_anew, stored

PATHS = ("technical-path", "management-path")
PEOPLE = 7

people = st.integers(0, PEOPLE - 1)
paths = st.sampled_from([*PATHS, None])
ballots = st.sampled_from([*PATHS, "neither", None])
which = st.integers(0, 99)


def one_each(values: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """What each of some people says."""
    return st.lists(values, min_size=3, max_size=PEOPLE)


@dataclass(frozen=True)
class Text:
    """A thread or reply, and who wrote it."""

    url: str
    author: Person
    thread_id: int
    reply_id: int | None = None


@dataclass
class Crowd:
    """Who takes part, run after run."""

    community: Community
    moderator: Person = field(init=False)
    members: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        self.moderator = self.community.moderator()
        self.members = self.community.members(PEOPLE)


class Forum(RuleBasedStateMachine):
    """People who write, vote, judge, and take back, below two posts; in the end all is counted."""

    crowd: Crowd

    def __init__(self) -> None:
        super().__init__()
        self.community = self.crowd.community
        self.posts = [self.community.post(), self.community.post()]
        self.threads: list[Text] = []
        self.replies: list[Text] = []
        self.groups: list[int] = []
        self.leavers = 2
        for number in (0, 1):
            self.open_thread(number, number)
        for number in (1, 0):
            self.reply(number, number, PATHS[number])
        for number in range(2, PEOPLE):
            self.answer(number, -1, None)
        for number in (0, 1):
            self.vote(number, [None, None, 1, 1, 1])
        self.cast_ballots(1, [None, *PATHS, *PATHS, PATHS[1]])

    @rule(who=people, post=which)
    def open_thread(self, who: int, post: int) -> None:
        slug = one_of(self.posts, post)["slug"]
        self.writes(who, f"/posts/{slug}/threads", {"body": "Well?"})

    @rule(who=people, thread=which, path=paths)
    def reply(self, who: int, thread: int, path: str | None) -> None:
        url = one_of(self.threads, thread).url
        self.writes(who, f"{url}/replies", {"body": "Yes.", "path": path})

    @rule(who=people, reply=which, path=paths)
    def answer(self, who: int, reply: int, path: str | None) -> None:
        answered = one_of(self.replies, reply)
        body = {"body": "No.", "path": path, "parent_id": answered.reply_id}
        self.writes(who, f"/threads/{answered.thread_id}/replies", body)

    @rule(text=which, by_moderator=st.booleans())
    def delete(self, text: int, by_moderator: bool) -> None:
        found = one_of(self.texts, text)
        self.does(self.crowd.moderator if by_moderator else found.author, "DELETE", found.url)

    @rule(text=which, values=one_each(st.sampled_from([1, -1, None])))
    def vote(self, text: int, values: list[int | None]) -> None:
        for person, value in zip(self.crowd.members, values, strict=False):
            self.puts(person, f"{one_of(self.texts, text).url}/vote", "value", value)

    @rule(reply=which, values=one_each(ballots))
    def cast_ballots(self, reply: int, values: list[str | None]) -> None:
        for person, value in zip(self.crowd.members, values, strict=False):
            self.puts(person, f"{one_of(self.replies, reply).url}/ballot", "path", value)

    @rule(reply=which, path=paths)
    def declare(self, reply: int, path: str | None) -> None:
        found = one_of(self.replies, reply)
        self.does(found.author, "PUT", f"{found.url}/path", {"path": path})

    @rule(reply=which, path=paths)
    def pin(self, reply: int, path: str | None) -> None:
        body = {"path": path, "reason": "So."}
        self.does(self.crowd.moderator, "PUT", f"{one_of(self.replies, reply).url}/pin", body)

    @rule(reply=which)
    def lift_pin(self, reply: int) -> None:
        self.does(self.crowd.moderator, "DELETE", f"{one_of(self.replies, reply).url}/pin")

    @rule(text=which)
    def edit(self, text: int) -> None:
        url = one_of(self.texts, text).url
        self.does(self.crowd.moderator, "PATCH", url, {"body": "What was meant."})

    @rule(reply=which)
    def split(self, reply: int) -> None:
        address = f"/moderation{one_of(self.replies, reply).url}/split"
        opened = self.does(self.crowd.moderator, "POST", address, {})
        if opened is not None:
            opener = one_of(self.replies, reply).author
            self.threads.append(Text(f"/threads/{opened['id']}", opener, opened["id"]))
            self.groups.append(last_group(self.crowd.moderator))

    @rule(thread=which, into=which)
    def merge(self, thread: int, into: int) -> None:
        body = {"into": one_of(self.threads, into).thread_id}
        self.moderates("POST", f"{one_of(self.threads, thread).url}/merge", body)

    @rule(thread=which, post=which)
    def move(self, thread: int, post: int) -> None:
        body = {"post": one_of(self.posts, post)["slug"]}
        self.moderates("POST", f"{one_of(self.threads, thread).url}/move", body)

    @precondition(lambda self: self.groups)
    @rule(group=which)
    def undo(self, group: int) -> None:
        address = f"/moderation/log/{one_of(self.groups, group)}/undo"
        undoing = self.does(self.crowd.moderator, "POST", address, {})
        if undoing is not None:
            self.groups.append(undoing["group"])

    @precondition(lambda self: len(self.posts) == 2)
    @rule()
    def delete_post(self) -> None:
        self.does(self.community.admin, "DELETE", f"/posts/{self.posts.pop()['slug']}")

    @precondition(lambda self: self.leavers)
    @rule(who=people, content=st.sampled_from(["keep", "remove"]))
    def leave(self, who: int, content: str) -> None:
        self.leavers -= 1
        leave(self.community.app, self.crowd.members[who].username, content)
        self.crowd.members[who] = self.community.member()

    def teardown(self) -> None:
        with self.community.app.app_context():
            session = db.session()
            assert stored(session) == counted_anew(session)
            assert stances(session) == stances_counted_anew(session)
            assert misplaced(session) == []

    @property
    def texts(self) -> list[Text]:
        return self.replies + self.threads

    def writes(self, who: int, url: str, body: Json) -> None:
        author = self.crowd.members[who]
        written = self.does(author, "POST", url, body)
        if written is None:
            return
        number = written["id"]
        if "thread_id" in written:
            self.replies.append(Text(f"/replies/{number}", author, written["thread_id"], number))
        else:
            self.threads.append(Text(f"/threads/{number}", author, number))

    def moderates(self, method: str, address: str, body: Json | None = None) -> None:
        """What a moderator does below /moderation, which can be undone later."""
        answer = self.crowd.moderator.call(method, f"/moderation{address}", json=body)
        assert answer.status_code < 500, answer.get_data(as_text=True)
        if answer.status_code in {200, 201}:
            self.groups.append(last_group(self.crowd.moderator))

    def puts(self, person: Person, url: str, name: str, value: Any) -> None:
        if value is None:
            self.does(person, "DELETE", url)
        else:
            self.does(person, "PUT", url, {name: value})

    def does(self, person: Person, method: str, url: str, body: Json | None = None) -> Json | None:
        """What comes of it; nothing if it was not possible, which people are told."""
        answer = person.call(method, url, json=body)
        assert answer.status_code < 500, answer.get_data(as_text=True)
        created: Json | None = answer.json if answer.status_code == 201 else None
        return created


def last_group(moderator: Person) -> int:
    """What the audit log calls what was done last."""
    group: int = moderator.ok("GET", "/moderation/log?limit=1")["items"][0]["group"]
    return group


def misplaced(session: Session) -> list[int]:
    """The replies whose place is not the one that their parent and thread give them."""
    posts = {row.id: row.post_id for row in session.execute(select(Thread.id, Thread.post_id))}
    found = {row.id: row for row in session.execute(select(*table_of(Reply).c))}
    return [
        row.id
        for row in found.values()
        if row.post_id != posts[row.thread_id]
        or not stands_below(row, found[row.parent_id] if row.parent_id else None)
    ]


def stands_below(reply: Row[Any], parent: Row[Any] | None) -> bool:
    place = (reply.thread_id, reply.depth, reply.tree_key)
    if parent is None:
        return place[1:] == (0, child_key(b"", reply.id))
    return place == (parent.thread_id, parent.depth + 1, child_key(parent.tree_key, reply.id))


def one_of(things: list[Any], which: int) -> Any:
    """The one with this number, counted round."""
    return things[which % len(things)]
