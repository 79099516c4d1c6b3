"""What mails say about notifications."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.orm import Session

from forum.accounts.queries import ERASED_NAME
from forum.config import Settings, settings_of
from forum.core.mail.letters import Block, Heading, Letter, Link, MailingList, Paragraph, Quote
from forum.core.mail.outgoing import writes
from forum.core.pages import Record
from forum.moderation.queue.models import AGREED, DISMISSED
from forum.notifications import chosen, links, mailable, queries
from forum.notifications.links import Request, Stop
from forum.notifications.models import (
    APPROVED,
    FOLLOWED,
    HELD,
    LOCKED,
    MENTION,
    MERGED,
    MESSAGE,
    MOVED,
    PATH,
    PINNED,
    REMOVED,
    REPLY,
    REPORT,
    SPLIT,
    WEBHOOK,
)
from forum.replies.tree_key import ancestor_ids

NEWS, DIGEST, CONFIRMATION = "news", "digest", "confirm"
"""One notification by itself; several together; a question."""

LONGEST_QUOTE = 2_000
LONGEST_EXCERPT = 300
MOST_GROUPS = 50
MOST_EXCERPTS = 3

SAID = frozenset({REPLY, MENTION, FOLLOWED})
"""Kinds that are about what somebody said, which others may answer."""

ELSEWHERE = frozenset({MOVED, SPLIT, MERGED})
"""Kinds that tell the author where a moderator has put what they wrote."""

BY_MODERATORS = ELSEWHERE | {REMOVED, APPROVED, HELD, LOCKED, PINNED, MESSAGE}
"""Kinds whose detail is what a moderator says to the author."""

_DID = {
    (REPLY, True): "{who} answered you",
    (REPLY, False): "{who} answered you",
    (MENTION, True): "{who} named you",
    (FOLLOWED, True): "{who} replied",
    (MENTION, False): "{who} named you in a new thread",
    (FOLLOWED, False): "{who} opened a thread",
    (PATH, True): "The community put your reply on {path}",
    (REMOVED, True): "A moderator removed your reply",
    (REMOVED, False): "A moderator removed your thread",
    (APPROVED, True): "A moderator has approved your reply",
    (APPROVED, False): "A moderator has approved your thread",
    (HELD, True): "Your reply waits for a moderator, and nobody else sees it",
    (HELD, False): "Your thread waits for a moderator, and nobody else sees how it begins",
    (LOCKED, True): "A moderator has locked the thread of your reply",
    (LOCKED, False): "A moderator has locked your thread",
    (PINNED, True): "A moderator has settled the path of your reply",
    (MESSAGE, True): "A moderator writes to you about your reply",
    (MESSAGE, False): "A moderator writes to you about your thread",
    (MOVED, False): "A moderator has moved your thread",
    (SPLIT, False): "A moderator has made a thread of your reply",
    (MERGED, True): "A moderator has merged your thread into another one",
    (REPORT, True): "Moderators have decided about a reply that you reported: {outcome}",
    (REPORT, False): "Moderators have decided about a thread that you reported: {outcome}",
    (WEBHOOK, False): "Your webhook is called no more: it is {detail}",
}
"""By kind, and whether it is about a reply."""

_OUTCOMES = {AGREED: "they agreed with you", DISMISSED: "they let it stand"}

_REASONS = {
    REPLY: "You get this mail because somebody answered you.",
    MENTION: "You get this mail because somebody named you.",
    FOLLOWED: "You get this mail because you follow the conversation or wrote further up in it.",
    PATH: "You get this mail because it is about your reply.",
    **dict.fromkeys(BY_MODERATORS, "You get this mail because it is about what you wrote."),
    REPORT: "You get this mail because you reported it.",
    WEBHOOK: "You get this mail because the webhook is yours.",
}


@writes(NEWS)
def write_news(session: Session, data: dict[str, Any]) -> Letter | None:
    """A letter about one notification, which mail programs show below what it answers."""
    for told in mailable.to_tell(session, data["subscriber"], data["notifications"]):
        settings = settings_of(session)
        return Letter(
            subject=_subject(told),
            blocks=[
                Paragraph(f"{_what(told)}{_where(told)}."),
                *_quoted(told, LONGEST_QUOTE),
                *_link(settings, told),
            ],
            reason=_REASONS[told.kind],
            on_behalf_of=_who(told) if told.actor_id else "",
            name=_name(told),
            follows=_follows(told),
            mailing_list=_mailing_list(told),
            unsubscribe_url=links.stopping(settings, Stop(told.subscriber_id, told.target)),
        )
    return None


@writes(DIGEST)
def write_digest(session: Session, data: dict[str, Any]) -> Letter | None:
    """A letter about several notifications, by thread."""
    told = mailable.to_tell(session, data["subscriber"], data["notifications"])
    if not told:
        return None
    settings = settings_of(session)
    groups, shown = queries.grouped(told, MOST_GROUPS)
    number = told[0].number
    left_out = number - shown
    return Letter(
        subject=_counted(number),
        blocks=[
            *(block for group in groups for block in _section(settings, group)),
            *([Paragraph(f"And {left_out} earlier.")] if left_out else []),
        ],
        reason="You get this mail because you chose to be mailed what is new.",
        unsubscribe_url=links.stopping(settings, Stop(data["subscriber"], None)),
    )


@writes(CONFIRMATION)
def write_confirmation(session: Session, data: dict[str, Any]) -> Letter | None:
    """A letter that asks an address whether it wants to be mailed about a target."""
    settings, request = settings_of(session), Request(**data)
    title = chosen.title_for_strangers(session, request.target)
    if title is None or request.is_old:
        return None
    return Letter(
        subject=f"Do you want mail about {title}?",
        blocks=[
            Paragraph(f"Somebody, probably you, wants this address to be mailed about {title}."),
            Link("If it was you, confirm it", links.confirming(settings, request)),
            Paragraph("Otherwise do nothing: without your word no more mail comes."),
        ],
        reason="You get this mail because your address was entered on our pages.",
    )


def _section(settings: Settings, group: Sequence[Record]) -> Iterator[Block]:
    newest = group[0]
    several = f"{len(group)} replies" if len(group) > 1 else _what(newest)
    yield Heading(f"{several}{_where(newest)}")
    for told in group[:MOST_EXCERPTS]:
        if len(group) > 1:
            yield Paragraph(f"{_who(told)}:")
        yield from _quoted(told, LONGEST_EXCERPT)
        yield from _link(settings, told)


def _what(told: Record) -> str:
    did = _DID[told.kind, told.reply_id is not None]
    return did.format(
        who=_who(told),
        detail=told.detail,
        outcome=_OUTCOMES.get(told.detail),
        path=chosen.PATH_TITLES.get(told.detail, "neither path"),
    )


def _who(told: Record) -> str:
    return told.author_display_name or ERASED_NAME


def _where(told: Record) -> str:
    if told.thread_id is None:
        return ""
    stands = ", which is now in " if told.kind in ELSEWHERE else " in "
    return stands + " below ".join(f"“{title}”" for title in _titles(told))


def _titles(told: Record) -> list[str]:
    """What the thread is called, if anything, and the post."""
    return [title for title in (told.thread_title, told.post_title) if title] or ["a thread"]


def _title(told: Record) -> str:
    return _titles(told)[0]


def _subject(told: Record) -> str:
    if told.kind not in SAID:
        return _what(told)
    return _title(told) if told.reply_id is None else f"Re: {_title(told)}"


def _mailing_list(told: Record) -> MailingList | None:
    if told.thread_id is None:
        return None
    return MailingList(f"thread-{told.thread_id}", _title(told))


def _counted(number: int) -> str:
    return f"{number} new notifications" if number > 1 else "1 new notification"


def _quoted(told: Record, most: int) -> Iterator[Quote]:
    """What was written or, of what moderators did, why."""
    text = told.detail if told.kind in BY_MODERATORS else told.body
    if text and told.kind != REPORT:
        yield Quote(text if len(text) <= most else f"{text[:most]} …")


def _link(settings: Settings, told: Record) -> Iterator[Link]:
    if told.body is not None:
        yield Link("Read and answer", f"{settings.base_url}/{_address(told)}")


def _address(told: Record) -> str:
    return f"replies/{told.reply_id}" if told.reply_id else f"threads/{told.thread_id}"


def _name(told: Record) -> str:
    """What later mails call it: the text by its address, but an event about it by nothing."""
    return _address(told) if told.kind in SAID else ""


def _follows(told: Record) -> list[str]:
    """The thread and the replies above, as they were called in earlier mails."""
    if told.reply_id is None:
        return [_address(told)] if told.kind in BY_MODERATORS | {REPORT} else []
    above = ancestor_ids(told.tree_key)
    if told.reply_to_id and told.reply_to_id not in above:
        above.append(told.reply_to_id)
    chain = [f"threads/{told.thread_id}", *(f"replies/{reply_id}" for reply_id in above)]
    return chain if _name(told) else [*chain, _address(told)]
