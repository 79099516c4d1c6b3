from collections.abc import Iterator

import pytest

from forum.cli.recount import STEPS
from forum.core.db import db, read_one_moment
from tests.community import Community, Person
from tests.recount import counted_anew, stances, stances_counted_anew, stored
from tests.worker import work_off


@pytest.fixture
def moderator(community: Community) -> Iterator[Person]:
    """Who moves; when all is done, every stored number is what the rows say."""
    yield community.moderator()
    work_off(community.app)
    with community.app.app_context():
        session = db.session()
        read_one_moment(session)
        assert stored(session) == counted_anew(session)
        assert stances(session) == stances_counted_anew(session)
        assert [str(difference) for step in STEPS for difference in step(session)] == []
