"""`flask users`: members and their roles."""

import re
import secrets
import sys

import click
from flask.cli import AppGroup

from forum.accounts import commands, directory, queries, second_factor
from forum.accounts.commands import NewMember
from forum.accounts.directory import STATES, Wanted
from forum.accounts.errors import LastAdmin, MemberNotFound, UsernameTaken
from forum.accounts.models import MEMBER, ROLES, Member
from forum.accounts.names import USERNAME_PATTERN
from forum.accounts.queries import ERASED_USERNAME
from forum.cli.database import on_the_database
from forum.core import audit
from forum.core.audit import Entry
from forum.core.db import db, writing
from forum.core.errors import Refusal
from forum.core.pages import Position, Record
from forum.core.text import clean_email
from forum.moderation import roles

users = AppGroup("users", help="Members and their roles.")


@users.command("create")
@click.argument("name")
@click.option("--email", help="Asked for at a terminal, otherwise made up.")
@click.option("--password", help="Asked for at a terminal, otherwise generated and printed.")
@click.option("--role", type=click.Choice(ROLES), default=MEMBER, show_default=True)
@on_the_database
def create(name: str, email: str | None, password: str | None, role: str) -> None:
    """Open an account with a confirmed address; exits 1 when the name or address is taken."""
    if not re.fullmatch(USERNAME_PATTERN, name):
        raise click.BadParameter("2 to 32 ASCII letters, digits, dots, hyphens or underscores.")
    email = email or _ask("E-mail address (empty: make one up)")
    chosen = password or _ask("Password (empty: generate one)", hide=True)
    used = chosen or secrets.token_urlsafe(16)
    address = _checked(email) if email else f"{name}@localhost.invalid"
    member = _admit(NewMember(name, address, used), role)
    click.echo(f"Created {member.role} {member.username} <{member.email}>.")
    if not chosen:
        click.echo(f"Password: {used}")


@users.command("reset-two-factor")
@click.argument("name")
@on_the_database
def reset_two_factor(name: str) -> None:
    """Let a member who has lost their second factor sign in without; exits 1 for nobody."""
    with writing():
        member = _member(name)
        second_factor.remove(db.session(), member.id)
        entry = Entry("member.reset-two-factor", f"member:{member.id}", member_id=member.id)
        audit.append(db.session(), entry)
        db.session.commit()
    click.echo(f"{member.username} signs in without a second factor.")


@users.command("list")
@click.argument("beginning", default="")
@click.option("--role", type=click.Choice(ROLES))
@click.option("--state", type=click.Choice(STATES))
@on_the_database
def list_members(beginning: str, role: str | None, state: str | None) -> None:
    """Print members whose name has this BEGINNING, newest first.

    A line tells name, role, state, address, when they came, and `2fa` of who has a second factor.
    """
    after: Position | None = None
    while True:
        page = directory.members(db.session(), Wanted(beginning, role, state), after, 100)
        for row in page.items:
            click.echo("\t".join(_told(row)))
        if page.next is None:
            break
        after = page.next


@users.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@click.option("--reason", help="Stands in the audit log.")
@on_the_database
def give_role(name: str, role: str, reason: str | None) -> None:
    """Give a member a role and end their sessions; exits 1 for nobody and for the last admin."""
    with writing():
        try:
            roles.change(db.session(), None, name, role, reason)
        except MemberNotFound as error:
            raise click.ClickException(f"There is no member named {name}.") from error
        except LastAdmin as error:
            raise click.ClickException(error.detail) from error
        db.session.commit()
    click.echo(f"{name} is now {role}.")


def _told(member: Record) -> tuple[str, ...]:
    name, came = member.username or ERASED_USERNAME, f"{member.created_at:%Y-%m-%d}"
    second_factor = "2fa" if member.two_factor_at else ""
    return name, member.role, member.state, member.email or "", came, second_factor


def _member(name: str) -> Member:
    try:
        return queries.member_by_username(db.session(), name)
    except MemberNotFound as error:
        raise click.ClickException(f"There is no member named {name}.") from error


def _admit(data: NewMember, role: str) -> Member:
    with writing():
        try:
            member = commands.add_member(db.session(), data, role, email_confirmed=True)
        except UsernameTaken as taken:
            there = f"There is a member named {data.username}, or whose name looks like it."
            raise click.ClickException(there) from taken
        except Refusal as refusal:
            raise click.ClickException(f"{refusal.detail.removesuffix('.')}.") from refusal
        db.session.commit()
    return member


def _checked(email: str) -> str:
    try:
        return clean_email(email)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _ask(question: str, hide: bool = False) -> str:
    """What somebody answers; nothing where nobody sits at a terminal."""
    if not sys.stdin.isatty():
        return ""
    answer: str = click.prompt(question, default="", hide_input=hide, show_default=False)
    return answer
