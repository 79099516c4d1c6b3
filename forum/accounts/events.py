"""What happens to accounts."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class MemberRegistered(Event):
    member_id: int

    def topic(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True)
class EmailConfirmed(Event):
    """A member has shown that they read what comes to their address."""

    member_id: int

    def topic(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True)
class ProfileChanged(Event):
    """What a member shows of themselves, wherever they wrote, is another."""

    member_id: int


@dataclass(frozen=True)
class SanctionEvent(Event):
    """Base of what happens to one sanction."""

    sanction_id: int
    member_id: int

    def topic(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True)
class SanctionImposed(SanctionEvent):
    pass


@dataclass(frozen=True)
class SanctionLifted(SanctionEvent):
    pass


@dataclass(frozen=True)
class MemberErased(Event):
    """An account has ended; `content` is what is to become of what was written."""

    member_id: int
    content: str


@dataclass(frozen=True)
class WordsDestroyed(Event):
    """Of what an erased member wrote, more is gone."""

    member_id: int


@dataclass(frozen=True)
class GuestConfirmed(Event):
    """A guest has followed the link in a mail."""

    guest_id: int

    def topic(self) -> str:
        return f"member:{self.guest_id}"


@dataclass(frozen=True)
class GuestRecognised(Event):
    """A member, or a guest from before, has shown that the address of this guest is theirs."""

    guest_id: int
    member_id: int

    def topic(self) -> str:
        return f"member:{self.member_id}"


@dataclass(frozen=True)
class GuestForgotten(Event):
    """The address of a guest is forgotten, who has not shown in time that it is theirs."""

    guest_id: int

    def topic(self) -> str:
        return f"member:{self.guest_id}"
