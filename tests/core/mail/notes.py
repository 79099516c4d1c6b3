"""The mail that tests send: a note that says what they put into it."""

from typing import Any

from sqlalchemy.orm import Session

from forum.core.db import writing
from forum.core.mail import outgoing
from forum.core.mail.letters import Letter, Paragraph

LENA = "lena@example.com"


@outgoing.writes("test-note")
def write_note(_session: Session, data: dict[str, Any]) -> Letter | None:
    text = data["text"]
    return Letter(subject="A note", blocks=[Paragraph(text)]) if text else None


def queue_note(
    session: Session, key: str, text: str = "Hello.", urgent: bool = False, to: str = LENA
) -> None:
    """Queue a note; one without text says nothing."""
    with writing():
        outgoing.queue(session, "test-note", to, key, {"text": text}, urgent=urgent)
        session.commit()
