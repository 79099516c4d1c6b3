"""Mail full of hostile text: one message with exactly its headers, read back as it was written."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import compat32, default

import html5lib

from forum.core.mail.letters import Heading, Letter, MailingList, Quote
from forum.core.mail.messages import Message, compose
from forum.core.mail.smtp import Server, SmtpTransport
from tests.core.mail.test_messages import ALWAYS, NOON, OF_FULL, OF_MIME, SENDER, UNSUBSCRIBE
from tests.corpora.corpora import ATTACKS, NAUGHTY
from tests.mail_servers import Mailbox, everybodys

HARMLESS = "Good morning"
TEXTS = [*NAUGHTY, *(text for texts in ATTACKS.values() for text in texts)]
HOSTILE = [text for text in TEXTS if text.strip()]


def letter(text: str) -> Letter:
    """The text wherever somebody's words may be."""
    return Letter(
        subject=text,
        blocks=[Heading(text), Quote(text)],
        reason=text,
        on_behalf_of=text,
        name="replies/1",
        follows=["threads/1"],
        mailing_list=MailingList("thread-1", text),
        unsubscribe_url=UNSUBSCRIBE,
    )


def composed(text: str) -> Message:
    return compose(letter(text), SENDER, "lena@example.com", "mails/1", NOON)


def read(text: str) -> EmailMessage:
    return message_from_bytes(composed(text).content, policy=default)


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def elements(message: EmailMessage) -> list[tuple[str, dict[str, str]]]:
    """What a browser makes of the HTML, but for its text."""
    part = message.get_body(("html",))
    assert isinstance(part, EmailMessage)
    document = html5lib.parse(part.get_content(), namespaceHTMLElements=False)
    return [(element.tag, dict(element.attrib)) for element in document.iter()]


def test_hostile_text_makes_no_header_and_no_part() -> None:
    for text in HOSTILE:
        message = read(text)
        assert message.keys() == ALWAYS + OF_FULL + OF_MIME
        assert [part.get_content_type() for part in message.walk()] == [
            "multipart/alternative",
            "text/plain",
            "text/html",
        ]
        assert not any(part.defects for part in message.walk())


def test_hostile_text_in_a_header_is_read_as_it_was_written() -> None:
    for text in HOSTILE:
        message = message_from_bytes(composed(text).content, policy=compat32)
        for header, after in (("Subject", ""), ("From", " via Crossroads <noreply@example.com>")):
            found = str(make_header(decode_header(message[header])))
            assert found == in_one_line(text) + after


def test_hostile_text_makes_no_html() -> None:
    harmless = elements(read(HARMLESS))
    for text in HOSTILE:
        assert elements(read(text)) == harmless


def test_hostile_text_goes_over_the_wire_as_it_is(mailbox: Mailbox) -> None:
    out = SmtpTransport(Server.at(everybodys()[0]), "forum.example.com")
    messages = [composed(text) for text in HOSTILE]
    for message in messages:
        out.send(message)
    out.close()
    assert [received.content for received in mailbox.mails] == [m.content for m in messages]
