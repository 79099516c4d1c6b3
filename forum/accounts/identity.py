"""Who asks: what every query and command is told about the person behind a request."""

from dataclasses import dataclass

from forum.accounts.grants import MODERATE
from forum.accounts.models import ADMIN, MEMBER, MODERATOR, Member


@dataclass(frozen=True)
class Viewer:
    """A signed-in member, or a passer-by when `member_id` is None."""

    member_id: int | None = None
    role: str = "anonymous"
    email_confirmed: bool = False
    sign_in_id: int | None = None
    scopes: frozenset[str] | None = None
    """What the personal access token is for; None for who is signed in, and may do everything."""

    def has_scope(self, scope: str) -> bool:
        """Whether what they asked with is for this."""
        return self.scopes is None or scope in self.scopes

    @property
    def is_member(self) -> bool:
        return self.role in {MEMBER, MODERATOR, ADMIN}

    @property
    def is_moderator(self) -> bool:
        return self.role in {MODERATOR, ADMIN} and self.has_scope(MODERATE)

    @property
    def is_admin(self) -> bool:
        return self.role == ADMIN

    @property
    def id(self) -> int:
        """The member's id; only asked where somebody is signed in."""
        if self.member_id is None:
            raise TypeError("a passer-by has no id")
        return self.member_id


PASSER_BY = Viewer()


def caller_name(member_id: int) -> str:
    """What a member is called where callers are told apart, with an account or without."""
    return f"member:{member_id}"


def viewer_of(member: Member, sign_in_id: int | None = None) -> Viewer:
    """The viewer that `member` is."""
    return Viewer(member.id, member.role, member.email_confirmed_at is not None, sign_in_id)
