"""What rows look like in JSON; the schemas document and the tests compare."""

from typing import Any

from forum.accounts.models import GUEST, AccessToken, FeedToken, Identity, Member
from forum.accounts.queries import ERASED_NAME, ERASED_USERNAME
from forum.core.pages import Record
from forum.notifications import targets
from forum.notifications.queries import Group
from forum.paths.balance import balance

Json = dict[str, Any]


def author(row: Record) -> Json | None:
    """Who wrote it; None for a tombstone."""
    if row.author_id is None:
        return None
    return {
        "username": row.author_username or _nameless(row.author_role),
        "display_name": row.author_display_name or ERASED_NAME,
        "role": row.author_role,
    }


def _nameless(role: str) -> str:
    """What stands where those have a username who have an account; nobody can take either."""
    return GUEST if role == GUEST else ERASED_USERNAME


def user(member: Member) -> Json:
    """An account as its owner sees it."""
    return {
        "id": member.id,
        "username": member.username,
        "display_name": member.display_name,
        "role": member.role,
        "email": member.email,
        "email_confirmed": member.email_confirmed_at is not None,
        "avatar_url": member.avatar_url,
        "new_email": member.new_email,
        "created_at": member.created_at,
    }


def public_user(member: Member) -> Json:
    """An account as everybody sees it."""
    return {
        "username": member.username,
        "display_name": member.display_name,
        "role": member.role,
        "avatar_url": member.avatar_url,
        "created_at": member.created_at,
        "standing": {
            "technical-path": member.technical_standing,
            "management-path": member.management_standing,
        },
    }


def post(row: Any) -> Json:
    """A post."""
    return {
        "id": row.id,
        "slug": row.slug,
        "url": row.url,
        "title": row.title,
        "author_name": row.author_name,
        "summary": row.summary,
        "published_at": row.published_at,
        "state": "visible",
        "thread_count": row.thread_count,
        "reply_count": row.reply_count,
        "balance": _balance(row),
        "created_at": row.created_at,
    }


def thread(row: Record, base_url: str) -> Json:
    """A thread or its tombstone, without what depends on the reader."""
    return {
        "id": row.id,
        "post_id": row.post_id,
        "author": author(row),
        "title": row.title,
        "body": row.body,
        "body_html": row.body_html,
        "votes": votes(row),
        "state": row.state,
        "pinned": row.pinned,
        "locked": row.locked_at is not None,
        "slow_mode": row.slow_seconds,
        "reply_count": row.reply_count,
        "last_reply_at": row.last_reply_at,
        "balance": _balance(row),
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "url": f"{base_url}/threads/{row.id}",
    }


def reply(row: Record, base_url: str) -> Json:
    """A reply or its tombstone, without what depends on the reader."""
    return {
        "id": row.id,
        "thread_id": row.thread_id,
        "parent_id": row.parent_id,
        "reply_to_id": row.reply_to_id,
        "depth": row.depth,
        "locked": row.locked_at is not None,
        "author": author(row),
        "body": row.body,
        "body_html": row.body_html,
        "path": path(row),
        "votes": votes(row),
        "state": row.state,
        "reply_count": row.reply_count,
        "created_at": row.created_at,
        "edited_at": row.edited_at,
        "url": f"{base_url}/replies/{row.id}",
    }


def held_text(row: Record) -> Json:
    """A thread or reply that waits, for its author."""
    names = ("kind", "id", "thread_id", "parent_id", "title", "body", "body_html")
    return {name: getattr(row, name) for name in (*names, "created_at", "held_at")}


def rule(row: Record) -> Json:
    """What moderators watch for."""
    names = ("id", "kind", "action", "value", "number", "minutes", "audience")
    shown = {name: getattr(row, name) for name in (*names, "created_at", "changed_at")}
    return {**shown, "post": row.post_slug}


def subscription(row: Record, titled: Record | None) -> Json | None:
    """What somebody chose for a target; None where the post or thread is not there any more."""
    kind, _, which = row.target.partition(":")
    target: Json = {"kind": kind}
    if kind == targets.PATH:
        target["path"] = which
    elif kind != targets.COMMUNITY.name:
        if titled is None:
            return None
        target["title"] = titled.title
        target |= {"slug": titled.slug} if kind == targets.POST else {"thread_id": titled.id}
    return {
        "target": target,
        "level": row.level,
        "mail": row.mail,
        "chosen_at": row.created_at,
    }


def mute(row: Record) -> Json:
    """A member who is not heard."""
    return {"member": author(row), "muted_at": row.created_at}


def notification(group: Group, base_url: str) -> Json:
    """What somebody is told: the latest of a kind in a thread, and how many there are."""
    row = group.latest
    return {
        "id": row.id,
        "kind": row.kind,
        "count": group.count,
        "actor": author(row),
        "post": {"slug": row.post_slug, "title": row.post_title} if row.post_slug else None,
        "thread_id": row.thread_id,
        "thread_title": row.thread_title,
        "reply_id": row.reply_id,
        "detail": row.detail,
        "url": _about(row, base_url),
        "created_at": row.created_at,
        "read": row.read_at is not None,
    }


def _about(row: Record, base_url: str) -> str | None:
    if row.reply_id is not None:
        return f"{base_url}/replies/{row.reply_id}"
    return f"{base_url}/threads/{row.thread_id}" if row.thread_id is not None else None


def votes(row: Any) -> Json:
    """Votes of a thread or reply; none are told of a tombstone."""
    return tally(row.up, row.down) if row.visible else tally(0, 0)


def tally(up: int, down: int) -> Json:
    """Numbers of votes."""
    return {"up": up, "down": down, "score": up - down}


def path(row: Any) -> Json:
    """The effective path of a reply; nothing is told of a tombstone's."""
    shown = row.visible
    return {
        "path": row.path if shown else None,
        "source": row.path_source if shown else "none",
        "ballots": {
            "technical-path": row.technical_ballots if shown else 0,
            "management-path": row.management_ballots if shown else 0,
            "neither": row.neither_ballots if shown else 0,
        },
        "declared": row.declared if shown else None,
        "contested": row.contested and shown,
        "bridge": row.bridge and shown,
        "pin": _pin(row) if shown else None,
    }


def _pin(row: Any) -> Json | None:
    if row.pinned_at is None:
        return None
    return {"path": row.pinned_path, "reason": row.pinned_reason, "at": row.pinned_at}


def _balance(row: Any) -> Json:
    return vars(balance(row.technical_halves, row.management_halves, row.bridge_authors))


def feed_token(row: Record | FeedToken) -> Json:
    """A token for a private feed."""
    return {"id": row.id, "feed": row.feed, "created_at": row.created_at}


def issued_feed_token(issued: FeedToken, token: str, base_url: str) -> Json:
    """A token when it is told, and the address that carries it."""
    url = f"{base_url}/feeds/me/{issued.feed}.atom?token={token}"
    return {**feed_token(issued), "token": token, "url": url}


def member(row: Record, with_address: bool) -> Json:
    """An account as staff sees it."""
    shown = {
        "username": row.username or ERASED_USERNAME,
        "display_name": row.display_name or ERASED_NAME,
        "role": row.role,
        "state": row.state,
        "created_at": row.created_at,
    }
    if not with_address:
        return shown
    return {**shown, "email": row.email, "two_factor": row.two_factor_at is not None}


def session(row: Record, current_id: int | None) -> Json:
    """Where a member is signed in."""
    names = ("id", "created_at", "last_used_at", "user_agent")
    return {**{name: getattr(row, name) for name in names}, "current": row.id == current_id}


def access_token(row: Record | AccessToken) -> Json:
    """A personal access token, without what is secret of it."""
    names = ("id", "name", "created_at", "expires_at", "last_used_at")
    return {**{name: getattr(row, name) for name in names}, "scopes": row.scopes.split()}


def identity(row: Record | Identity) -> Json:
    """A user of another site who signs in."""
    return {name: getattr(row, name) for name in ("id", "issuer", "subject", "created_at")}


def webhook(row: Any) -> Json:
    """A webhook, without its key."""
    names = ("id", "url", "events", "paths", "posts", "disabled_reason", "failing_since")
    shown = {name: getattr(row, name) for name in (*names, "created_at")}
    return {**shown, "enabled": row.disabled_at is None}


def delivery(row: Any) -> Json:
    """A message to a webhook."""
    names = ("id", "webhook_id", "message_id", "type", "state", "attempts", "status", "problem")
    return {name: getattr(row, name) for name in (*names, "happened_at", "attempted_at", "next_at")}
