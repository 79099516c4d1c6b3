"""What is inside a cursor concerns nobody."""

from base64 import urlsafe_b64decode

from forum.core import cursors


def test_a_cursor_does_not_show_the_rank_that_it_holds() -> None:
    cursor = cursors.encode("key", "/replies?sort=best", [0.549092369988321, 497])
    assert b"0.549" not in urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
