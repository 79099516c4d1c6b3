"""`flask mail`: trying how mail is sent."""

from uuid import uuid4

import click
from flask.cli import AppGroup

from forum.core import clock
from forum.core.mail.errors import NotNow, Undeliverable
from forum.core.mail.letters import Letter, Paragraph
from forum.core.mail.mailer import current_mailer
from forum.core.mail.messages import compose
from forum.core.text import clean_email

mail = AppGroup("mail", help="How mail is sent.")

LETTER = Letter(
    subject="Mail works",
    blocks=[Paragraph("This was sent to try the settings of mail. They work.")],
)


@mail.command("test")
@click.argument("address")
def test(address: str) -> None:
    """Send a mail at once; exits 1 if that fails."""
    mailer = current_mailer()
    try:
        recipient = clean_email(address)
        message = compose(LETTER, mailer.sender, recipient, f"tests/{uuid4()}", clock.now())
        mailer.transport.send(message)
    except (ValueError, Undeliverable, NotNow) as failure:
        raise click.ClickException(str(failure)) from failure
    finally:
        mailer.transport.close()
    click.echo(f"Sent to {recipient} {mailer.transport}.")
