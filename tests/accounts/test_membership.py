"""Who has left gets nothing of what they asked for before, and was looked at as a member for."""

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.orm import Session

from forum.accounts import (
    access_tokens,
    commands,
    emails,
    feed_tokens,
    recovery,
    second_factor,
    sessions,
)
from forum.accounts.access_tokens import NewAccessToken
from forum.accounts.errors import InvalidToken
from forum.accounts.identity import Viewer, viewer_of
from forum.accounts.models import ADMIN
from forum.accounts.queries import member_by_username
from forum.core.db import writing
from forum.notifications import commands as notifications
from forum.notifications.targets import COMMUNITY
from forum.portability import commands as portability
from forum.threads.commands import NewThread, open_thread
from forum.webhooks.commands import NewWebhook, add_webhook
from tests.community import Community
from tests.leaving import leave

Ask = Callable[[Session, Viewer], object]


def wishes(slug: str, somebody: str) -> dict[str, Ask]:
    """All that a member may have who writes below a post or does not want to hear somebody."""
    hook = NewWebhook("https://bot.example.com/", ["reply.written"])
    return {
        "a feed token": lambda s, who: feed_tokens.issue(s, who, "replies"),
        "an access token": lambda s, who: access_tokens.issue(s, who, NewAccessToken("A", [])),
        "a second factor": second_factor.set_up,
        "a session": lambda s, who: second_factor.require(s, who.id, None),
        "a session that goes on": lambda s, who: sessions.rotate(s, who.id, 1, "one"),
        "a webhook": lambda s, who: add_webhook(s, who, hook),
        "a subscription": lambda s, who: notifications.subscribe(s, who, COMMUNITY, "all", "now"),
        "silence": lambda s, who: notifications.mute(s, who, somebody),
        "another name": lambda s, who: commands.change_profile(s, who, "Noor"),
        "another address": lambda s, who: emails.change(s, who, "noor@b.example"),
        "another password": lambda s, who: recovery.change(s, who, "hash"),
        "a thread": lambda s, who: open_thread(s, who, slug, NewThread("Well?")),
        "to leave": lambda s, who: portability.leave(s, who, "keep"),
    }


def test_who_has_just_left_gets_nothing(community: Community, session: Session) -> None:
    leaver = community.member("noor")
    known = replace(viewer_of(member_by_username(session, leaver.username)), role=ADMIN)
    session.rollback()
    asked = wishes(community.post()["slug"], community.admin.username)
    leave(community.app, leaver.username, "keep")
    assert [name for name, ask in asked.items() if gets(session, known, ask)] == []


def gets(session: Session, known: Viewer, ask: Ask) -> bool:
    """Whether somebody who was known gets what they ask for."""
    with writing():
        try:
            ask(session, known)
        except InvalidToken:
            return False
        finally:
            session.rollback()
    return True
