"""Tables of pre-moderation."""

from dataclasses import dataclass

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from forum.core.db import Model

COMMUNITY = "community"


def post_target(post_id: int) -> str:
    """What a post is called by policies."""
    return f"post:{post_id}"


@dataclass(frozen=True)
class Policy:
    """Whose texts wait for a moderator: nobody's, unless one of these says so.

    `unconfirmed` are those of members who have not confirmed their address, `first_texts` so many
    of a member, `with_links` those with a link, `younger_than_days` those of accounts that are.
    After `trusted_after` approved texts a member is trusted, and nothing of theirs waits for such
    a reason; 0 trusts nobody.
    """

    everybody: bool = False
    guests: bool = False
    unconfirmed: bool = False
    first_texts: int = 0
    with_links: bool = False
    younger_than_days: int = 0
    trusted_after: int = 0


class StoredPolicy(Model):
    """The policy that admins gave to the community or to a post (`post:7`)."""

    __tablename__ = "premoderation_policies"
    __table_args__ = (
        CheckConstraint(
            "first_texts >= 0 AND younger_than_days >= 0 AND trusted_after >= 0", name="numbers"
        ),
    )

    target: Mapped[str] = mapped_column(String(32), primary_key=True)
    everybody: Mapped[bool]
    guests: Mapped[bool]
    unconfirmed: Mapped[bool]
    first_texts: Mapped[int]
    with_links: Mapped[bool]
    younger_than_days: Mapped[int]
    trusted_after: Mapped[int]
