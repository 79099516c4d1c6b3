"""Who decides."""

import pytest

from tests.community import Community, Person


@pytest.fixture
def moderator(community: Community) -> Person:
    return community.moderator()
