"""What happens to what guests wrote."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class GuestClaimed(Event):
    """What a guest wrote is that of a member now, or of a guest known from before."""

    guest_id: int
    member_id: int
