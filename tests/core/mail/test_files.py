"""Without a server, mail is files that a newcomer can open."""

from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from flask import Flask

from forum.core.mail.files import FileTransport
from forum.core.mail.mailer import current_mailer
from forum.core.mail.messages import Message
from tests.databases import on_one_database

NOTE = Message("<replies/1@a.example>", "b@a.example", "lena@c.example", b"Subject: A\r\n\r\nB\r\n")


def test_a_mail_is_a_file(tmp_path: Path) -> None:
    FileTransport(tmp_path / "mail").send(NOTE)
    (file,) = (tmp_path / "mail").glob("*.eml")
    assert message_from_bytes(file.read_bytes(), policy=default)["Subject"] == "A"


def test_a_mail_that_is_sent_again_is_the_same_file(tmp_path: Path) -> None:
    for _ in range(2):
        FileTransport(tmp_path).send(NOTE)
    assert len(list(tmp_path.iterdir())) == 1


def test_only_the_owner_reads_them(tmp_path: Path) -> None:
    FileTransport(tmp_path / "mail").send(NOTE)
    assert (tmp_path / "mail").stat().st_mode & 0o077 == 0


def test_a_name_of_a_mailbox_leads_nowhere_else(tmp_path: Path) -> None:
    to = "../../lena/../x@c.example"
    FileTransport(tmp_path / "mail").send(Message(NOTE.id, NOTE.sender, to, NOTE.content))
    assert len(list((tmp_path / "mail").iterdir())) == 1


@on_one_database
def test_it_is_what_happens_without_a_server(make_app: Callable[..., Flask]) -> None:
    app = make_app(FORUM_SMTP_URL="")
    with app.app_context():
        assert isinstance(current_mailer().transport, FileTransport)
