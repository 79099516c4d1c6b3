"""What is held about a member, a section after the other, each in the order in which it is kept."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from forum.accounts.models import (
    AccessToken,
    FeedToken,
    Identity,
    MailedToken,
    Member,
    Sanction,
    SeenAddress,
    SignIn,
)
from forum.core.audit import LoggedEntry
from forum.core.db import Model, table_of
from forum.core.lifecycle import each_visibility
from forum.core.pages import Keyset, Order, Record, Within, rows
from forum.moderation.models import Appeal
from forum.moderation.queue.models import Decision, Evidence
from forum.moderation.reports.models import Report
from forum.notifications.models import Mute, Notification, Subscriber, Subscription
from forum.paths.models import Ballot
from forum.replies.models import Reply, Revision
from forum.threads.models import Thread, ThreadRevision
from forum.votes.models import ReplyVote, ThreadVote
from forum.webhooks.models import Webhook

TOGETHER = 200
"""Rows that are read at once, and so much of an export is in memory."""

_MEMBER: BindParameter[int] = bindparam("of_member")
_ACCOUNT = select(
    *(
        table_of(Member).c[name]
        for name in (
            *("id", "username", "display_name", "email", "email_confirmed_at", "new_email"),
            *("role", "avatar_url", "created_at", "two_factor_at"),
            *("technical_standing", "management_standing"),
        )
    )
).where(table_of(Member).c.id == _MEMBER)


@dataclass(frozen=True)
class Section:
    """Rows of one kind: what one list after the other holds, a page at a time."""

    name: str
    lists: tuple[Keyset, ...]

    def batches(self, session: Session, member_id: int) -> Iterator[Sequence[Record]]:
        """All rows, of which there may be none."""
        for each in self.lists:
            page = each.page(session, None, TOGETHER, of_member=member_id)
            yield page.items
            while page.next is not None:
                page = each.page(session, page.next, TOGETHER, of_member=member_id)
                yield page.items


def account(session: Session, member_id: int) -> Record:
    """What a member is called and how they are reached."""
    return rows(session, _ACCOUNT, of_member=member_id)[0]


def _own(name: str, table: type[Model], mine: str, columns: str, key: str = "id") -> Section:
    """The rows of a table that a column of it says are a member's."""
    query = select(*_columns(table, f"{key} {columns}"))
    return Section(name, (_in_order(query, table, mine, key),))


def _in_order(
    query: Select[Any],
    table: type[Model],
    mine: str,
    key: str = "id",
    owner: ColumnElement[Any] = _MEMBER,
) -> Keyset:
    columns = table_of(table).c
    return Keyset(query, Order((columns[key],), descending=False), Within(columns[mine], owner))


def _ordered(query: Select[Any], table: type[Model], key: str) -> Keyset:
    return Keyset(query, Order((table_of(table).c[key],), descending=False))


def _columns(table: type[Model], names: str) -> Iterator[ColumnElement[Any]]:
    return (table_of(table).c[name] for name in names.split())


def _texts(name: str, text: type[Reply] | type[Thread], columns: str) -> Section:
    facts = "created_at edited_at deleted_at removed_at removed_reason held_at up down"
    query = select(*_columns(text, f"id {columns} body {facts}"))
    return Section(name, _by_visibility(query.where(text.purged_at.is_(None)), text, text.id))


def _revisions(name: str, text: type[Reply] | type[Thread], columns: str) -> Section:
    """What a text said before each edit."""
    revision: type[Model] = Revision if text is Reply else ThreadRevision
    table = table_of(revision).c
    of_text = table.reply_id if text is Reply else table.thread_id
    query = select(*_columns(revision, f"id {columns} body written_at replaced_at"))
    query = query.add_columns(table_of(text).c.created_at).join(text, text.id == of_text)
    return Section(name, _by_visibility(query, text, table.id))


def _by_visibility(
    query: Select[Any], text: type[Reply] | type[Thread], key: Any
) -> tuple[Keyset, Keyset]:
    """What is about visible texts and then about others, for indexes hold texts of one kind each.

    The others need not ever have been visible, and are in the order of their ids.
    """
    mine, at = Within(table_of(text).c.author_id, _MEMBER), table_of(text).c.created_at
    seen, unseen = each_visibility(text)
    return (
        Keyset(query.where(seen), Order((at, key), descending=False), mine),
        Keyset(query.where(unseen), Order((key,), descending=False), mine),
    )


_SUBSCRIBER_ID = select(Subscriber.id).where(Subscriber.member_id == _MEMBER).scalar_subquery()
_SUBSCRIPTIONS = select(*_columns(Subscription, "target level mail created_at")).where(
    Subscription.subscriber_id == _SUBSCRIBER_ID
)
_MUTES = (
    select(*_columns(Mute, "muted_id created_at"), table_of(Member).c.username)
    .join(Member, Member.id == Mute.muted_id)
    .where(Mute.member_id == _MEMBER)
)
_REPORTS = select(
    *_columns(Report, "id thread_id reply_id reason note created_at"), table_of(Evidence).c.outcome
).join(Evidence, Evidence.id == Report.evidence_id)
_NOTIFICATIONS = select(
    *_columns(Notification, "id kind thread_id reply_id detail created_at read_at")
)

SECTIONS = (
    _own("identities", Identity, "member_id", "issuer subject opened_account created_at"),
    _own(
        *("sessions", SignIn, "member_id"),
        "user_agent created_at last_used_at expires_at revoked_at",
    ),
    _own(
        *("access_tokens", AccessToken, "member_id"),
        "name scopes created_at expires_at last_used_at",
    ),
    _own("feed_tokens", FeedToken, "member_id", "feed created_at"),
    _own("mailed_tokens", MailedToken, "member_id", "purpose address created_at expires_at"),
    _own("addresses", SeenAddress, "member_id", "seen_at", key="address_hash"),
    _texts("threads", Thread, "post_id title locked_at locked_reason"),
    _revisions("thread_revisions", Thread, "thread_id title"),
    _texts("replies", Reply, "thread_id parent_id reply_to_id declared path path_source"),
    _revisions("reply_revisions", Reply, "reply_id"),
    _own("thread_votes", ThreadVote, "member_id", "value voted_at", key="thread_id"),
    _own("reply_votes", ReplyVote, "member_id", "value voted_at", key="reply_id"),
    _own("ballots", Ballot, "member_id", "path cast_at", key="reply_id"),
    Section("subscriptions", (_ordered(_SUBSCRIPTIONS, Subscription, "target"),)),
    Section("mutes", (_ordered(_MUTES, Mute, "muted_id"),)),
    Section(
        "notifications",
        (_in_order(_NOTIFICATIONS, Notification, "subscriber_id", "id", _SUBSCRIBER_ID),),
    ),
    Section("reports", (_in_order(_REPORTS, Report, "reporter_id"),)),
    _own(
        *("sanctions", Sanction, "member_id"),
        "kind scope thread_id minutes reason rule message imposed_at starts_at ends_at lifted_at",
    ),
    _own("decisions", Decision, "author_id", "action reason decided_at undone_at"),
    _own("appeals", Appeal, "member_id", "group_id text appealed_at outcome answer answered_at"),
    _own("log", LoggedEntry, "member_id", "at action target public"),
    _own(
        *("webhooks", Webhook, "owner_id"),
        "url events paths posts created_at disabled_at disabled_reason",
    ),
)
"""All that an export holds beside the account."""
