"""Taking all replies of one author out of a tree at once: every number is as if one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.core.db import writing
from forum.replies import erasure
from tests.community import Community, Json, Person
from tests.recount import counted_anew, stances, stances_counted_anew, stored
from tests.replies.conftest import one_database_for_all_examples

AUTHORS = 3
PATHS = ("technical-path", "management-path", None)

few_trees = settings(one_database_for_all_examples, max_examples=settings().max_examples // 5)


@dataclass(frozen=True)
class Written:
    """A reply to be: by whom, below which of the earlier ones, and what became of it."""

    author: int
    below: int
    path: str | None
    is_deleted: bool
    voters: int


written = st.builds(
    Written,
    author=st.integers(0, AUTHORS - 1),
    below=st.integers(0, 20),
    path=st.sampled_from(PATHS),
    is_deleted=st.booleans(),
    voters=st.integers(0, AUTHORS),
)


@few_trees
@given(trees=st.lists(written, min_size=1, max_size=12), most=st.integers(1, 8))
def test_every_number_is_right_after_each_part_of_what_a_member_wrote_is_gone(
    community: Community, session: Session, trees: list[Written], most: int
) -> None:
    authors = community.members(AUTHORS)
    grow(community, authors, trees)
    for _ in destroyed(session, authors[0], most):
        assert stored(session) == counted_anew(session)
        assert stances(session) == stances_counted_anew(session)
        session.rollback()


def grow(community: Community, authors: list[Person], trees: list[Written]) -> None:
    """Write it all in two threads of one post, vote, and delete the last first."""
    post = community.post()
    threads = [community.thread(authors[n], post) for n in range(2)]
    replies: list[tuple[Person, Json, bool]] = []
    for sketch in trees:
        to = replies[-sketch.below][1] if 0 < sketch.below <= len(replies) else None
        author = authors[sketch.author]
        reply = community.reply(author, threads[sketch.below % 2], to, path=sketch.path)
        for voter in authors[: sketch.voters]:
            voter.put(f"/replies/{reply['id']}/vote", {"value": 1})
        replies.append((author, reply, sketch.is_deleted))
    for author, reply, is_deleted in replies:
        if is_deleted:
            author.ok("DELETE", f"/replies/{reply['id']}")


def destroyed(session: Session, person: Person, most: int) -> Iterator[None]:
    """Once for every part of somebody's words that has been destroyed."""
    member_id = accounts.member_by_username(session, person.username).id
    parts = erasure.words_of(session, member_id).parts(most)
    session.rollback()
    for part in parts:
        with writing():
            erasure.destroy(session, member_id, part)
            session.commit()
        yield
    assert not [*erasure.words_of(session, member_id).parts(most)]
    session.rollback()
