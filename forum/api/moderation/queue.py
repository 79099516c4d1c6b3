"""Routes of the queue: reading it, claiming what is in it, and deciding."""

from collections.abc import Callable
from typing import Any

from flask import Response, current_app

from forum.accounts import sanctions
from forum.accounts.sanctions import NewSanction
from forum.api import lists, representations
from forum.api.blueprint import Blueprint
from forum.api.edge import ADMINS, MODERATORS, viewer
from forum.api.moderation import review
from forum.api.moderation.notes import shown_notes
from forum.api.moderation.sanctions import shown_to_moderators
from forum.api.schemas.moderation.queue import (
    ClaimBody,
    ClaimedReviewItemSchema,
    DecidedSchema,
    DecisionBody,
    QueueQuery,
    ReviewItemListSchema,
    WholeReviewItemSchema,
)
from forum.config import settings_in
from forum.core.db import db
from forum.core.http.json import json_response
from forum.core.pages import Record
from forum.moderation import notes
from forum.moderation.log import queries as log
from forum.moderation.queue import (
    claims,
    decisions,
    decisions_made,
    queries,
    snapshots,
    surroundings,
)
from forum.moderation.queue.also import Impose, LockThread, NoteOnAuthor, SayToAuthor
from forum.moderation.queue.errors import (
    ActionDoesNotFit,
    AlreadyDecided,
    ClaimHeld,
    ItemNotFound,
    LeftToOthers,
    StaleClaim,
    TextHasChanged,
)
from forum.moderation.queue.policy import REVERSE
from forum.moderation.queue.verdicts import Also, Verdict
from forum.moderation.reports import queries as reports
from forum.replies.tree_key import ancestor_ids

MOST_WHY = 100
"""Pieces of evidence that are shown of one item."""

blueprint = Blueprint("queue", __name__, description="What moderators must decide.")


@blueprint.operation(
    "GET", "/moderation/queue", who=MODERATORS, query=QueueQuery, answer=ReviewItemListSchema
)
def queue(arguments: dict[str, Any]) -> Response:
    """What waits for a decision, or was decided; with how much is open, counted now."""
    filters = {name: arguments[name] for name in ("kind", "post") if arguments[name] is not None}
    if arguments["mine"]:
        filters["mine"] = viewer().id
    page = queries.items(
        db.session(),
        arguments["state"],
        arguments["sort"],
        filters,
        lists.position(arguments),
        arguments["limit"],
    )
    counts = queries.open_counts(db.session(), viewer().id)
    return lists.listed(page, arguments, _listed, counts=[*map(review.counts, counts)])


@blueprint.operation(
    "GET",
    "/moderation/queue/<id:item_id>",
    who=MODERATORS,
    answer=WholeReviewItemSchema,
    errors=[ItemNotFound],
)
def review_item(item_id: int) -> Response:
    """An item with all that it takes to decide: the text, who wrote it, why it is here."""
    return json_response(_whole(item_id))


@blueprint.operation(
    "POST",
    "/moderation/queue/next",
    who=MODERATORS,
    answer=ClaimedReviewItemSchema,
    other_status=204,
)
def claim_next() -> Response:
    """Claim the most urgent item that nobody has, for ten minutes; 204 if there is none."""
    claimed = claims.claim_next(db.session(), viewer())
    return Response(status=204) if claimed is None else json_response(_whole(claimed.item_id))


@blueprint.operation(
    "POST",
    "/moderation/queue/<id:item_id>/claim",
    who=MODERATORS,
    answer=ClaimedReviewItemSchema,
    errors=[ItemNotFound, AlreadyDecided, ClaimHeld, LeftToOthers],
)
def claim_item(item_id: int) -> Response:
    """Claim this item for ten minutes; claimed again by oneself, it has a new number."""
    return json_response(_whole(claims.claim(db.session(), viewer(), item_id).item_id))


@blueprint.operation(
    "POST",
    "/moderation/queue/<id:item_id>/take-over",
    who=ADMINS,
    answer=ClaimedReviewItemSchema,
    errors=[ItemNotFound, AlreadyDecided, LeftToOthers],
)
def take_over_item(item_id: int) -> Response:
    """Claim this item although somebody else has it, which is logged."""
    return json_response(_whole(claims.take_over(db.session(), viewer(), item_id).item_id))


@blueprint.operation(
    "POST",
    "/moderation/queue/<id:item_id>/extend",
    who=MODERATORS,
    body=ClaimBody,
    answer=ClaimedReviewItemSchema,
    errors=[ItemNotFound, AlreadyDecided, StaleClaim],
)
def extend_claim(data: dict[str, Any], item_id: int) -> Response:
    """Ten minutes more from now, under the same number."""
    claimed = claims.extend(db.session(), viewer(), item_id, data.get("claim_seq"))
    return json_response(_whole(claimed.item_id))


@blueprint.operation(
    "POST",
    "/moderation/queue/<id:item_id>/release",
    who=MODERATORS,
    body=ClaimBody,
    status=204,
    errors=[ItemNotFound, AlreadyDecided, StaleClaim],
)
def release_claim(data: dict[str, Any], item_id: int) -> Response:
    """Leave an item that one has claimed to others."""
    claims.release(db.session(), viewer(), item_id, data.get("claim_seq"))
    return Response(status=204)


@blueprint.operation(
    "POST",
    "/moderation/queue/<id:item_id>/decision",
    who=MODERATORS,
    body=DecisionBody,
    answer=DecidedSchema,
    errors=[ItemNotFound, AlreadyDecided, StaleClaim, TextHasChanged, ActionDoesNotFit],
)
def decide(data: dict[str, Any], item_id: int) -> Response:
    """Decide about an item, and do whatever else belongs to it, all at once or not at all.

    `revision` and `evidence_seq` say what one has seen: another text is 412 with what it says now,
    and later evidence opens another item.
    """
    verdict = Verdict(**{**data, "also": tuple(_besides(**more) for more in data["also"])})
    decided = decisions.decide(db.session(), viewer(), item_id, verdict)
    told = decisions_made.decided(decided)
    if decided.action == REVERSE:
        told["stays"] = log.staying(db.session(), decided.group_id)
    return json_response(told)


def _besides(do: str, **more: Any) -> Also:
    return _BESIDES[do](**more)


def _imposing(sanction: dict[str, Any]) -> Impose:
    ends_at = sanction.pop("until", None)
    return Impose(NewSanction(**sanction, ends_at=ends_at))


_BESIDES: dict[str, Callable[..., Also]] = {
    "sanction": _imposing,
    "note": NoteOnAuthor,
    "lock": LockThread,
    "message": SayToAuthor,
}


def _listed(found: list[Record]) -> list[dict[str, Any]]:
    ids = [row.id for row in found]
    pieces = queries.evidence(db.session(), ids, queries.MOST_EVIDENCE)
    authors = {row.author_id for row in found}
    removals = decisions_made.removals(db.session(), authors)
    return [_item(row, pieces[row.id], removals) for row in found]


def _item(row: Record, pieces: list[Record], removals: dict[int, int]) -> dict[str, Any]:
    base_url = settings_in(current_app).base_url
    return review.item(row, pieces, removals.get(row.author_id, 0), viewer().id, base_url)


def _whole(item_id: int) -> dict[str, Any]:
    session = db.session()
    row = queries.item(session, item_id)
    (pieces,) = queries.evidence(session, [item_id], MOST_WHY).values()
    is_own = row.author_id == viewer().id
    told = [] if is_own else reports.in_item(session, item_id)
    judged = reports.record_of(session, {report.reporter_id for report in told})
    text = review.words(row)
    decision = decisions_made.decision(session, item_id)
    imposed = sanctions.of_member(session, row.author_id, None, decisions_made.MOST_ACTIONS)
    latest = surroundings.latest_texts(session, row.author_id)
    on_item = notes.on_item(session, item_id, None, decisions_made.MOST_ACTIONS)
    on_author = notes.on_member(session, row.author_id, None, decisions_made.MOST_ACTIONS)
    above = surroundings.ancestors(session, ancestor_ids(row.tree_key)) if row.tree_key else []
    return {
        **_item(row, pieces, decisions_made.removals(session, [row.author_id])),
        "text": text,
        "path": representations.path(row) if row.reply_id else None,
        "seen": [
            review.seen_words(seen)
            for seen in snapshots.of_text(session, row.thread_id, row.reply_id)
            if text and seen.revision != text["revision"]
        ],
        "ancestors": [*map(review.ancestor, above)],
        "reports": [review.report_in_item(report, judged) for report in told],
        "latest_texts": [*map(review.latest_text, latest)],
        "decisions": [
            *map(decisions_made.decided, decisions_made.decisions_about(session, row.author_id))
        ],
        "sanctions": shown_to_moderators([*imposed.items]),
        "notes": shown_notes([*on_item.items, *on_author.items]),
        "decision": decisions_made.decided(decision) if decision else None,
    }
