"""`flask moderation`: the queue and the log for the owner, without a browser."""

import click
from flask.cli import AppGroup

from forum.accounts import queries as accounts
from forum.accounts.errors import MemberNotFound
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import ADMIN
from forum.cli.database import on_the_database
from forum.core.db import db, writing
from forum.core.errors import Refusal
from forum.core.pages import Record
from forum.moderation.log import queries as log
from forum.moderation.log.queries import Filter
from forum.moderation.queue import decisions, queries, snapshots
from forum.moderation.queue.models import OPEN
from forum.moderation.queue.policy import APPROVE, REMOVE
from forum.moderation.queue.verdicts import Verdict

LONGEST_LINE = 70
OWNER = Viewer(role=ADMIN)
"""Whoever holds the command line may read everything."""

moderation = AppGroup("moderation", help="What moderators must decide, and what was done.")

by_whom = click.option("--as", "name", help="Act as this moderator; otherwise as the owner.")


@moderation.command("queue")
@click.option("--limit", default=20, show_default=True)
@on_the_database
def queue(limit: int) -> None:
    """List the most urgent items."""
    page = queries.items(db.session(), OPEN, "priority", {}, None, limit)
    for item in page.items:
        click.echo(f"{item.id}  {item.kind}  {item.weight}  {_about(item)}")
    if not page.items:
        click.echo("Nothing waits.")


@moderation.command("approve")
@click.argument("item", type=int)
@click.option("--reason")
@by_whom
@on_the_database
def approve(item: int, reason: str | None, name: str | None) -> None:
    """Decide that what an item is about is in order."""
    _decide(item, APPROVE, reason, name)


@moderation.command("remove")
@click.argument("item", type=int)
@click.option("--reason")
@by_whom
@on_the_database
def remove(item: int, reason: str | None, name: str | None) -> None:
    """Decide to remove what an item is about."""
    _decide(item, REMOVE, reason, name)


@moderation.command("log")
@click.option("--limit", default=20, show_default=True)
@on_the_database
def show_log(limit: int) -> None:
    """List what was done last, by whom and why."""
    for entry in log.entries(db.session(), OWNER, Filter(), None, limit).items:
        by = entry.actor_username or "the system"
        reason = entry.private.get("reason", "")
        when = f"{entry.at:%Y-%m-%d %H:%M}"
        click.echo(f"{entry.id}  {when}  {by}  {entry.action}  {entry.target}  {reason}")


def _decide(item_id: int, action: str, reason: str | None, name: str | None) -> None:
    """Decide about an item as it is now; exits 1 where that is not possible."""
    with writing():
        try:
            item = queries.item(db.session(), item_id)
            seen = Verdict(action, item.evidence_seq, revision=_revision(item), reason=reason)
            decision = decisions.decide(db.session(), _actor(name), item_id, seen)
        except Refusal as refusal:
            raise click.ClickException(refusal.detail) from refusal
        db.session.commit()
    click.echo(f"{action}: {_about(item)} (group {decision.group_id} of the log)")


def _actor(name: str | None) -> Viewer | None:
    """The moderator of this name; None for the owner."""
    if name is None:
        return None
    try:
        member = accounts.member_by_username(db.session(), name)
    except MemberNotFound as error:
        raise click.ClickException(f"There is no member named {name}.") from error
    actor = viewer_of(member)
    if not actor.is_moderator:
        raise click.ClickException(f"{name} is no moderator.")
    return actor


def _revision(item: Record) -> str | None:
    if item.body is None:
        return None
    return snapshots.revision_of(None if item.reply_id else item.title, item.body)


def _about(item: Record) -> str:
    """What the item is about, on one line."""
    kind, number = ("reply", item.reply_id) if item.reply_id else ("thread", item.thread_id)
    author = item.author_username or "deleted member"
    said = " ".join((item.excerpt or "").split())
    return f"{kind} {number} by {author}: {said[:LONGEST_LINE]}"
