"""What notifications make of what happens elsewhere."""

from typing import cast

from sqlalchemy.orm import Session

from forum.accounts import queries as accounts
from forum.accounts.events import SanctionEvent, SanctionImposed, SanctionLifted
from forum.core.outbox import Happened, on
from forum.guests.events import GuestClaimed
from forum.moderation import appeals
from forum.moderation.events import (
    MERGE,
    MOVE,
    SPLIT,
    AppealDecided,
    ReplyRemoved,
    TextMoved,
    ThreadRemoved,
)
from forum.moderation.queue import queries as queue
from forum.moderation.queue.events import (
    AuthorAddressed,
    HiddenByReports,
    ReportsDecided,
    ReviewEvent,
    TextDecided,
)
from forum.moderation.queue.policy import APPROVE, HOLD, LOCK, PIN
from forum.notifications import models, moves, news, targets
from forum.notifications.commands import rename_actor
from forum.notifications.models import (
    APPEAL,
    APPROVED,
    HELD,
    LOCKED,
    MESSAGE,
    PATH,
    PINNED,
    REMOVED,
    REPORT,
    SANCTION_LIFTED,
    SANCTIONED,
    WEBHOOK,
)
from forum.notifications.news import News
from forum.notifications.telling import (
    tell,
    tell_author,
    tell_beside_letter,
    tell_member,
    tell_others,
)
from forum.paths.events import PathChanged
from forum.replies.events import (
    ReplyBecameThread,
    ReplyEdited,
    ReplyEvent,
    ReplyWritten,
    ThreadBecameReply,
)
from forum.replies.models import MANAGEMENT, TECHNICAL
from forum.threads.events import ThreadEdited, ThreadEvent, ThreadOpened
from forum.webhooks.events import WebhookDisabled

BY_COMMUNITY = "community"

_BY_ACTION = {
    APPROVE: APPROVED,
    HOLD: HELD,
    LOCK: LOCKED,
    PIN: PINNED,
    MOVE: models.MOVED,
    SPLIT: models.SPLIT,
    MERGE: models.MERGED,
}


@on(ThreadOpened)
def tell_of_thread(session: Session, happened: Happened) -> None:
    """Tell followers of a new thread, and whom it names."""
    opened = news.of_thread(session, cast(ThreadEvent, happened.event).thread_id)
    if opened is not None:
        tell(session, happened, opened, _places(opened))


@on(ReplyWritten)
def tell_of_reply(session: Session, happened: Happened) -> None:
    """Tell followers of a new reply, whom it answers or names, and who wrote above it."""
    written = news.of_reply(session, cast(ReplyEvent, happened.event).reply_id)
    if written is not None:
        tell(session, happened, written, [*_places(written), *_paths(written)])


@on(ThreadEdited)
def tell_newly_named_in_thread(session: Session, happened: Happened) -> None:
    """Tell whom a thread names by now."""
    edited = news.of_thread(session, cast(ThreadEvent, happened.event).thread_id)
    if edited is not None:
        tell(session, happened, edited.to_named(), [])


@on(ReplyEdited)
def tell_newly_named_in_reply(session: Session, happened: Happened) -> None:
    """Tell whom a reply names by now."""
    edited = news.of_reply(session, cast(ReplyEvent, happened.event).reply_id)
    if edited is not None:
        tell(session, happened, edited.to_named(), [])


@on(PathChanged)
def tell_of_path(session: Session, happened: Happened) -> None:
    """Tell the author what the community decided, and followers of the path what came onto it."""
    changed = cast(PathChanged, happened.event)
    moved = news.of_reply(session, changed.reply_id)
    if moved is None:
        return
    if changed.source == BY_COMMUNITY:
        tell_author(session, happened, moved, PATH, changed.after)
    if changed.after is not None:
        entered = targets.name_of(targets.PATH, changed.after)
        tell(session, happened, moved.to_nobody(), [entered])


@on(ThreadRemoved)
def tell_of_removed_thread(session: Session, happened: Happened) -> None:
    """Tell the author that a thread was removed, and why."""
    removed = cast(ThreadRemoved, happened.event)
    place = news.place_of_thread(session, removed.thread_id)
    tell_author(session, happened, place, REMOVED, removed.reason)


@on(ReplyRemoved)
def tell_of_removed_reply(session: Session, happened: Happened) -> None:
    """Tell the author that a reply was removed, and why."""
    removed = cast(ReplyRemoved, happened.event)
    place = news.place_of_reply(session, removed.reply_id)
    tell_author(session, happened, place, REMOVED, removed.reason)


@on(TextDecided)
def tell_of_decision(session: Session, happened: Happened) -> None:
    """Tell the author what a moderator did about a text, and why."""
    decided = cast(TextDecided, happened.event)
    place = _place(session, decided)
    tell_author(session, happened, place, _BY_ACTION[decided.action], decided.reason)


@on(TextMoved)
def tell_of_move(session: Session, happened: Happened) -> None:
    """Tell the author where a moderator has put a text, and why; not one who did it themselves."""
    moved = cast(TextMoved, happened.event)
    place = _place(session, moved)
    if place.author_id != moved.moderator_id:
        tell_author(session, happened, place, _BY_ACTION[moved.action], moved.reason)


@on(HiddenByReports)
def tell_of_reports(session: Session, happened: Happened) -> None:
    """Tell the author that a text is hidden until a moderator decides."""
    place = _place(session, cast(HiddenByReports, happened.event))
    tell_author(session, happened, place, HELD, "Readers have reported it.")


@on(AuthorAddressed)
def tell_what_moderator_says(session: Session, happened: Happened) -> None:
    """Tell the author of a text what a moderator has to say about it."""
    addressed = cast(AuthorAddressed, happened.event)
    tell_author(session, happened, _place(session, addressed), MESSAGE, addressed.message)


@on(ReportsDecided)
def tell_reporters(session: Session, happened: Happened) -> None:
    """Tell those who reported a text what moderators made of it."""
    decided = cast(ReportsDecided, happened.event)
    reporter_ids = queue.brought_by(session, decided.item_id, decided.evidence_seq)
    place = _place(session, decided)
    tell_others(session, happened, reporter_ids, place, REPORT, decided.outcome)


@on(WebhookDisabled)
def tell_of_webhook(session: Session, happened: Happened) -> None:
    """Tell its owner that a webhook is called no more, and why."""
    disabled = cast(WebhookDisabled, happened.event)
    tell_member(session, happened, disabled.owner_id, WEBHOOK, disabled.reason)


@on(SanctionImposed)
def tell_the_sanctioned(session: Session, happened: Happened) -> None:
    """Tell a member that a sanction was imposed on them, and why."""
    imposed = cast(SanctionEvent, happened.event)
    reason = accounts.sanction(session, imposed.sanction_id).reason
    tell_beside_letter(session, happened, imposed.member_id, SANCTIONED, reason)


@on(SanctionLifted)
def tell_of_lifted_sanction(session: Session, happened: Happened) -> None:
    """Tell a member that a sanction holds no more."""
    lifted = cast(SanctionEvent, happened.event)
    tell_beside_letter(session, happened, lifted.member_id, SANCTION_LIFTED, None)


@on(ReplyBecameThread)
def go_with_split(session: Session, happened: Happened) -> None:
    """Let what tells of a reply, and of those below it, tell of the thread that it has become."""
    split = cast(ReplyBecameThread, happened.event)
    moves.unfollow(session, split.left_thread_id, split.thread_id)
    moves.tell_of_thread(session, split.thread_id, split.reply_id)
    moves.tell_where(session, split.left_thread_id)


@on(ThreadBecameReply)
def go_with_merge(session: Session, happened: Happened) -> None:
    """Let those who follow a thread follow the one it is merged into, and know it by that."""
    merged = cast(ThreadBecameReply, happened.event)
    moves.follow(session, merged.left_thread_id, merged.thread_id)
    moves.tell_of_reply(session, merged.left_thread_id, merged.thread_id, merged.reply_id)
    moves.tell_where(session, merged.left_thread_id)


@on(AppealDecided)
def tell_of_appeal(session: Session, happened: Happened) -> None:
    """Tell a member what became of their appeal."""
    decided = cast(AppealDecided, happened.event)
    outcome = appeals.outcome_of(session, decided.appeal_id)
    tell_beside_letter(session, happened, decided.member_id, APPEAL, outcome)


@on(GuestClaimed)
def tell_as_theirs(session: Session, happened: Happened) -> None:
    """Say who it was whom a guest turned out to be."""
    claimed = cast(GuestClaimed, happened.event)
    rename_actor(session, claimed.guest_id, claimed.member_id)


def _place(session: Session, event: ReviewEvent | TextMoved) -> News:
    if event.reply_id is None:
        return news.place_of_thread(session, event.thread_id)
    return news.place_of_reply(session, event.reply_id)


def _places(told: News) -> list[str]:
    return [
        targets.name_of(targets.THREAD, told.thread_id),
        targets.name_of(targets.POST, told.post_id),
        targets.COMMUNITY.name,
    ]


def _paths(told: News) -> list[str]:
    stands_on = {TECHNICAL: told.on_technical, MANAGEMENT: told.on_management}
    return [targets.name_of(targets.PATH, path) for path, stands in stands_on.items() if stands]
