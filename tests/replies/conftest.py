"""Somebody who replies, and a forum to plant whole trees of replies in."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.orm import Session

from tests.community import Community, Json, Person
from tests.replies.rows import Sketch, plant

one_database_for_all_examples = settings(
    max_examples=settings().max_examples // 2,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass(frozen=True)
class Garden:
    """Where replies are planted, and somebody to read them."""

    community: Community
    session: Session
    post: Json
    reader: Person
    gardener_id: int

    def plant(self, sketches: Sequence[Sketch]) -> tuple[Json, list[int]]:
        """A new thread with these replies, and their ids."""
        thread = self.community.thread(post=self.post)
        return thread, plant(self.session, thread, self.gardener_id, sketches)


@pytest.fixture
def author(community: Community) -> Person:
    """Whose replies are changed or taken away."""
    return community.member()


@pytest.fixture
def garden(community: Community, session: Session) -> Garden:
    """An empty garden."""
    gardener = community.member()
    gardener_id = gardener.ok("GET", "/me")["id"]
    return Garden(community, session, community.post(), community.member(), gardener_id)
