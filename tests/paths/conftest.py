"""Somebody whose reply is judged."""

import pytest

from tests.community import Community, Json, Person


@pytest.fixture
def author(community: Community) -> Person:
    return community.member()


@pytest.fixture
def reply(community: Community, author: Person) -> Json:
    """A reply on the technical path, says its author."""
    return community.reply(author, path="technical-path")
