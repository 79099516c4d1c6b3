"""`flask users`: members and their roles."""

import re
import secrets
import sys

import click
from flask.cli import AppGroup

from forum.accounts import commands
from forum.accounts.commands import NewMember
from forum.accounts.models import MEMBER, ROLES
from forum.accounts.names import USERNAME_PATTERN
from forum.core.db import db, writing
from forum.core.errors import Refusal

users = AppGroup("users", help="Members and their roles.")


@users.command("create")
@click.argument("name")
@click.option("--email", help="Asked for at a terminal, otherwise made up.")
@click.option("--password", help="Asked for at a terminal, otherwise generated and printed.")
@click.option("--role", type=click.Choice(ROLES), default=MEMBER, show_default=True)
def create(name: str, email: str | None, password: str | None, role: str) -> None:
    """Open an account with a confirmed address; exits 1 when the name or address is taken."""
    if not re.fullmatch(USERNAME_PATTERN, name):
        raise click.BadParameter("2 to 32 ASCII letters, digits, dots, hyphens or underscores.")
    email = email or _ask("E-mail address", f"{name}@localhost.invalid")
    chosen = password or _ask("Password (empty: generate one)", "", hide=True)
    used = chosen or secrets.token_urlsafe(16)
    with writing():
        try:
            member = commands.add_member(
                db.session(), NewMember(name, email, used), role, email_confirmed=True
            )
        except Refusal as refusal:
            db.session.rollback()
            raise click.ClickException(f"{refusal.title}.") from refusal
        db.session.commit()
    click.echo(f"Created {member.role} {member.username} <{member.email}>.")
    if not chosen:
        click.echo(f"Password: {used}")


def _ask(question: str, default: str, hide: bool = False) -> str:
    if not sys.stdin.isatty():
        return default
    answer: str = click.prompt(question, default=default, hide_input=hide, show_default=not hide)
    return answer
