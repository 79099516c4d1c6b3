"""The shape of what moderators read: items, claims, decisions and reports."""

from collections.abc import Mapping, Sequence

from forum.api import representations
from forum.api.representations import Json
from forum.core.pages import Record
from forum.moderation.queue.claims import Claim
from forum.moderation.queue.models import DECIDED, OPEN
from forum.moderation.queue.snapshots import revision_of
from forum.moderation.reports.queries import Judged
from forum.moderation.reports.weights import weight_of


def item(
    row: Record, pieces: Sequence[Record], removals: int, viewer_id: int, base_url: str
) -> Json:
    """An item with a short context."""
    return {
        "id": row.id,
        "kind": row.kind,
        "state": OPEN if row.decided_at is None else DECIDED,
        "opened_at": row.opened_at,
        "decided_at": row.decided_at,
        "weight": row.weight,
        "claim_seq": row.claim_seq,
        "claim": _claim(row, viewer_id),
        "evidence_seq": row.evidence_seq,
        "evidence_count": pieces[0].pieces if pieces else 0,
        "why": [_piece(piece, is_own=row.author_id == viewer_id) for piece in pieces],
        "target": {**_target(row, base_url), "author_removals": removals},
    }


def claim(claimed: Claim) -> Json:
    """A claim by itself."""
    return {"claim_seq": claimed.seq, "expires_at": claimed.expires_at}


def words(row: Record) -> Json | None:
    """What the target of an item says now; None where it is a member."""
    if row.body is None:
        return None
    title = None if row.reply_id else row.title
    said = {"title": title, "body": row.body, "body_html": row.body_html}
    return {"revision": revision_of(title, row.body), **said}


def seen_words(row: Record) -> Json:
    """What a text said when somebody looked."""
    names = ("revision", "title", "body", "body_html", "taken_at")
    return {name: getattr(row, name) for name in names}


def ancestor(row: Record) -> Json:
    """A reply above the target, hidden or not."""
    names = ("id", "parent_id", "depth", "body", "body_html", "state", "created_at")
    return {"author": representations.author(row), **{name: getattr(row, name) for name in names}}


def latest_text(row: Record) -> Json:
    """What the author of the target wrote elsewhere."""
    names = ("kind", "id", "thread_id", "created_at", "state", "excerpt")
    return {name: getattr(row, name) for name in names}


def report(row: Record) -> Json:
    """A report as its reporter sees it."""
    names = ("id", "thread_id", "reply_id", "reason", "note", "created_at", "outcome")
    return {name: getattr(row, name) for name in names}


def report_in_item(row: Record, judged: Mapping[int, Judged]) -> Json:
    """A report as moderators see it."""
    names = ("seq", "reason", "note", "weight", "weight_to_hide", "revision", "created_at")
    agreed, dismissed = judged.get(row.reporter_id, Judged())
    record = {"agreed": agreed, "dismissed": dismissed, "weight": weight_of(agreed, dismissed)}
    shown = {name: getattr(row, name) for name in names}
    return {**shown, "reporter": row.username, "reporter_record": record}


def counts(row: Record) -> Json:
    """How many items of a kind are open."""
    return {name: getattr(row, name) for name in ("kind", "open", "claimed", "mine")}


def _claim(row: Record, viewer_id: int) -> Json | None:
    if not row.is_claimed:
        return None
    return {
        "holder": row.holder,
        "expires_at": row.claimed_until,
        "claim_seq": row.claim_seq,
        "mine": row.claimed_by_id == viewer_id,
    }


def _piece(row: Record, *, is_own: bool) -> Json:
    """Evidence; no author is told who brought it, not even a moderator."""
    names = ("seq", "weight", "why", "revision", "at", "outcome")
    return {"by": None if is_own else row.by, **{name: getattr(row, name) for name in names}}


def _target(row: Record, base_url: str) -> Json:
    names = ("thread_id", "reply_id", "title", "excerpt", "answers", "created_at", "edited_at")
    post = {"slug": row.post_slug, "title": row.post_title} if row.post_slug else None
    kind, found_id, url = _place(row)
    return {
        "kind": kind,
        "id": found_id,
        "post": post,
        "author": representations.author(row),
        "state": row.text_state,
        "url": f"{base_url}/{url}" if url else None,
        **{name: getattr(row, name) for name in names},
    }


def _place(row: Record) -> tuple[str, int, str | None]:
    if row.member_id is not None:
        return "member", row.member_id, None
    if row.reply_id is not None:
        return "reply", row.reply_id, f"replies/{row.reply_id}"
    return "thread", row.thread_id, f"threads/{row.thread_id}"
