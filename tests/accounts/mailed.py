"""Registering, asking for letters, and what the letters lead to."""

import re
from urllib.parse import parse_qs, urlsplit

from tests.apps import Answer
from tests.community import PASSWORD, Community, Person
from tests.mail_servers import Mailbox, Received
from tests.worker import work_off

BASE = "http://127.0.0.1:8000"
NOOR = "noor@example.org"
NEW_PASSWORD = "four louder harbour bells"


def page_in(mail: Received) -> str:
    """Where the link in a letter leads, without scheme and host."""
    (found,) = re.findall(rf"{BASE}(/account/\S+)", mail.part("plain"))
    return str(found)


def token_in(mail: Received) -> str:
    """The token in a letter's link."""
    return parse_qs(urlsplit(page_in(mail)).query)["token"][0]


def register(community: Community, username: str = "noor", email: str = NOOR) -> Person:
    """A new member as they come, signed in."""
    body = {"username": username, "email": email, "password": PASSWORD}
    community.passer_by.ok("POST", "/auth/register", body)
    return sign_in(community, username)


def sign_in(community: Community, login: str, password: str = PASSWORD) -> Person:
    """Somebody in a session of their own."""
    body = {"login": login, "password": password}
    token = community.passer_by.ok("POST", "/auth/login", body)["access_token"]
    return Person(community.client, login, token)


def mailed(community: Community, mailbox: Mailbox) -> Received:
    """The latest letter, when all that are asked for are sent; the others are forgotten."""
    work_off(community.app)
    latest = mailbox.mails[-1]
    mailbox.empty()
    return latest


def ask(community: Community, what: str, email: str = NOOR) -> Answer:
    """Ask for a letter to an address: `link` or `password/forgot`."""
    return community.passer_by.post(f"/auth/{what}", {"email": email})


def token_for(community: Community, mailbox: Mailbox, what: str) -> str:
    """The token in the letter that somebody asks for."""
    ask(community, what)
    return token_in(mailed(community, mailbox))
