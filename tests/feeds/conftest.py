"""The scene of the tests of feeds."""

import pytest

from tests.community import Community
from tests.feeds.scene import Scene, populated


@pytest.fixture
def scene(community: Community) -> Scene:
    return populated(community)
