"""What happens to webhooks."""

from dataclasses import dataclass

from forum.core.outbox import Event


@dataclass(frozen=True)
class WebhookDisabled(Event):
    """A webhook is called no more: `gone` (its address answered 410) or `failing` for days."""

    webhook_id: int
    owner_id: int
    reason: str

    def topic(self) -> str:
        return f"webhook:{self.webhook_id}"
