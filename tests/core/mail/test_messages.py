"""Letters as messages: what stands in their headers and parts, whatever people have written."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import html5lib
import pytest

from forum.core.mail.errors import Undeliverable
from forum.core.mail.forms import Site
from forum.core.mail.letters import Heading, Letter, Link, MailingList, Paragraph, Quote
from forum.core.mail.messages import Message, Sender, compose

SITE = Site("Crossroads", "https://forum.example.com")
SENDER = Sender("noreply@example.com", "Crossroads", "forum.example.com", SITE)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
UNSUBSCRIBE = "https://forum.example.com/unsubscribe/" + "x" * 80
NASTY = "Re: =?utf-8?q?=0D=0ABcc:victim@example.com?="

PLAIN = Letter("Hello", [Paragraph("Good morning.")])
FULL = Letter(
    subject="wren answered you",
    blocks=[
        Heading("Both offers"),
        Paragraph("wren wrote:"),
        Quote("I would <b>sleep</b> on it.\n\nhttps://evil.example " + "word " * 40),
        Link("Read it", "https://forum.example.com/replies/17"),
    ],
    reason="You wrote in this thread.",
    on_behalf_of="wren",
    name="replies/17",
    follows=("threads/3", "replies/12"),
    mailing_list=MailingList("thread-3", "Both offers"),
    unsubscribe_url=UNSUBSCRIBE,
)

ALWAYS = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted"]
OF_MIME = ["MIME-Version", "Content-Type"]
OF_FULL = ["In-Reply-To", "References", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post"]


def composed(letter: Letter, to: str = "lena@example.com") -> Message:
    return compose(letter, SENDER, to, "mails/1", NOON)


def read(letter: Letter) -> EmailMessage:
    return message_from_bytes(composed(letter).content, policy=default)


def part(letter: Letter, kind: str) -> str:
    found = read(letter).get_body((kind,))
    assert isinstance(found, EmailMessage)
    return str(found.get_content())


def test_a_plain_letter_has_these_headers_and_no_others() -> None:
    assert read(PLAIN).keys() == ALWAYS + OF_MIME


def test_a_full_letter_has_these_headers_and_no_others() -> None:
    assert read(FULL).keys() == ALWAYS + OF_FULL + OF_MIME


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("From", "wren via Crossroads <noreply@example.com>"),
        ("To", "lena@example.com"),
        ("Subject", "wren answered you"),
        ("Date", "Mon, 23 Nov 2026 12:00:00 +0000"),
        ("Message-ID", "<replies/17@forum.example.com>"),
        ("Auto-Submitted", "auto-generated"),
        ("In-Reply-To", "<replies/12@forum.example.com>"),
        ("References", "<threads/3@forum.example.com> <replies/12@forum.example.com>"),
        ("List-Id", "Both offers <thread-3.forum.example.com>"),
        ("List-Unsubscribe", f"<{UNSUBSCRIBE}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ],
)
def test_a_header_says_what_its_rfc_asks_for(header: str, value: str) -> None:
    assert str(read(FULL)[header]) == value


def test_a_letter_without_a_name_has_an_id_of_its_own() -> None:
    assert read(PLAIN)["Message-ID"] == "<mails/1@forum.example.com>"


@pytest.mark.parametrize("name", ["replies/17>", "a b", "a@b", "a\r\nBcc: c", "", "-"])
def test_a_name_that_does_not_fit_into_a_header_is_a_mistake(name: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in a header"):
        composed(Letter("Hello", [], follows=[name]))


def lines_of_header(message: Message) -> Iterator[str]:
    yield from message.content.partition(b"\r\n\r\n")[0].decode("ascii").split("\r\n")


@pytest.mark.parametrize(
    "letter",
    [
        Letter(NASTY, []),
        Letter("Hello", [], on_behalf_of=NASTY),
        Letter("Hello", [], mailing_list=MailingList("a", NASTY)),
        Letter("Hello\r\nBcc: victim@example.com", []),
        Letter("Hello\n\nBcc: victim@example.com", [], on_behalf_of="a\r\nBcc: b"),
    ],
)
def test_what_people_write_makes_no_header(letter: Letter) -> None:
    names = [line.partition(":")[0] for line in lines_of_header(composed(letter)) if line[0] != " "]
    assert {*names} <= {*ALWAYS, *OF_FULL, *OF_MIME}


def test_a_nasty_subject_is_read_as_it_was_written() -> None:
    assert read(Letter(NASTY, []))["Subject"] == NASTY


def test_what_people_write_stands_in_lines_of_ascii_that_are_not_too_long() -> None:
    letter = Letter("Zwei Wege, 二つの道 " * 20, [], on_behalf_of="Łucja 😀 " * 20)
    written = [line for line in lines_of_header(composed(letter)) if "=?utf-8?" in line]
    assert max(map(len, written)) <= 78


def test_lines_end_as_they_do_on_the_wire() -> None:
    assert re.search(rb"(?<!\r)\n|\r(?!\n)|.{999}", composed(FULL).content) is None


def test_a_domain_is_written_as_the_dns_has_it() -> None:
    assert composed(PLAIN, "lena@exämple.com").recipient == "lena@xn--exmple-cua.com"


def test_a_local_part_stays_as_it_is() -> None:
    message = composed(PLAIN, "léna@example.com")
    assert message.recipient == "léna@example.com"
    assert "\r\nTo: léna@example.com\r\n".encode() in message.content


@pytest.mark.parametrize("to", ["lena@localhost.invalid", "lena", "", "a@b.example\r\nBcc: c"])
def test_an_address_that_can_have_no_mailbox_is_told(to: str) -> None:
    with pytest.raises(Undeliverable):
        composed(PLAIN, to)


def test_the_text_is_wrapped_and_whole() -> None:
    text = part(FULL, "plain").replace("\r\n", "\n")
    long = [line for line in text.splitlines() if len(line) > 76]
    assert long == [f"Unsubscribe: {UNSUBSCRIBE}"]
    assert "> I would <b>sleep</b> on it." in text
    assert "Read it:\nhttps://forum.example.com/replies/17" in text
    assert "You wrote in this thread." in text


def test_the_html_is_valid() -> None:
    html5lib.HTMLParser(strict=True).parse(part(FULL, "html"))


def test_the_html_shows_what_people_wrote_as_text() -> None:
    assert "I would &lt;b&gt;sleep&lt;/b&gt; on it." in part(FULL, "html")


def test_the_html_leads_only_to_the_site_and_loads_nothing() -> None:
    html = part(FULL, "html")
    assert re.findall(r'(?:href|src)="([^"]*)"', html) == [
        "https://forum.example.com/replies/17",
        UNSUBSCRIBE,
        "https://forum.example.com",
    ]
    assert not re.search("<(img|link|script|style|iframe)|url\\(|@import", html)
