"""Letters as messages of RFC 5322, ready for the wire.

Text that people wrote reaches a header only as encoded words (RFC 2047) made by
`email.header.Header`: `EmailMessage` by itself reads what looks like an encoded word in it, and
writes the line breaks that are hidden there.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.contentmanager import raw_data_manager
from email.header import Header
from email.message import EmailMessage
from email.policy import Compat32
from email.utils import format_datetime

from email_validator import EmailNotValidError, validate_email

from forum.core.mail.errors import Undeliverable
from forum.core.mail.forms import Site, as_html, as_text
from forum.core.mail.letters import Letter, MailingList

NAME_PATTERN = re.compile(r"[A-Za-z0-9]+([./-][A-Za-z0-9]+)*")

_SEVEN_BIT = Compat32(linesep="\r\n", max_line_length=998, cte_type="7bit")
_AS_IT_IS = _SEVEN_BIT.clone(cte_type="8bit")
"""Bodies are encoded by the first; the second leaves an address of RFC 6531 in a header alone."""


@dataclass(frozen=True)
class Sender:
    """Who all mails are from; `host` is what their ids end in."""

    address: str
    name: str
    host: str
    site: Site


@dataclass(frozen=True)
class Message:
    """What goes over the wire: `content` in lines that end in CRLF; both addresses are bare."""

    id: str
    sender: str
    recipient: str
    content: bytes


def compose(letter: Letter, sender: Sender, to: str, default_name: str, at: datetime) -> Message:
    """The message that takes `letter` to one address.

    The same arguments make the same `Message-ID` and `Date`. Raises `Undeliverable` for an address
    that can have no mailbox, and `ValueError` for a name that does not fit into a header.
    """
    recipient = _on_the_wire(to)
    message_id = _id(letter.name or default_name, sender.host)
    message = EmailMessage(policy=_SEVEN_BIT)
    message["From"] = _mailbox("From", _spokesman(letter, sender), sender.address)
    message["To"] = _raw(recipient)
    message["Subject"] = _words("Subject", letter.subject)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    for name, value in (_threading(letter, sender.host) | _listing(letter, sender.host)).items():
        message[name] = value
    message.set_content(as_text(letter, sender.site), content_manager=raw_data_manager)
    html = as_html(letter, sender.site)
    message.add_alternative(html, subtype="html", content_manager=raw_data_manager)
    content = message.as_bytes(policy=_AS_IT_IS)
    return Message(message_id, sender.address, recipient, content)


def _threading(letter: Letter, host: str) -> dict[str, str]:
    if not letter.follows:
        return {}
    followed = [_id(name, host) for name in letter.follows]
    return {"In-Reply-To": followed[-1], "References": " ".join(followed)}


def _listing(letter: Letter, host: str) -> dict[str, str]:
    """The headers of RFC 2919, 2369 and 8058."""
    found = {}
    if letter.mailing_list:
        found["List-Id"] = _list_id(letter.mailing_list, host)
    if letter.unsubscribe_url:
        found["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        found["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return found


def _list_id(mailing_list: MailingList, host: str) -> str:
    return _mailbox("List-Id", mailing_list.title, f"{_checked(mailing_list.name)}.{host}")


def _spokesman(letter: Letter, sender: Sender) -> str:
    """Never the bare name of a person: it is not they who send."""
    return f"{letter.on_behalf_of} via {sender.name}" if letter.on_behalf_of else sender.name


def _id(name: str, host: str) -> str:
    return f"<{_checked(name)}@{host}>"


def _checked(name: str) -> str:
    if not NAME_PATTERN.fullmatch(name):
        raise ValueError(f"{name!r} cannot stand in a header")
    return name


def _mailbox(header: str, phrase: str, address: str) -> str:
    return f"{_words(header, phrase)}\r\n <{address}>"


def _words(header: str, text: str) -> str:
    line = " ".join(text.split())
    return Header(line, "utf-8", header_name=header).encode(linesep="\r\n")


def _raw(address: str) -> str:
    return address.encode().decode("ascii", "surrogateescape")


def _on_the_wire(address: str) -> str:
    """The address with its domain as the DNS has it."""
    try:
        found = validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        raise Undeliverable(str(error)) from error
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
