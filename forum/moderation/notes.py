"""Notes of moderators on members and review items: a change adds a version, and all are kept."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from forum.accounts.identity import Viewer
from forum.accounts.models import Member
from forum.accounts.queries import AUTHOR_COLUMNS
from forum.core import clock
from forum.core.db import table_of
from forum.core.errors import Forbidden
from forum.core.pages import Keyset, Order, Page, Position, Record, Within, rows
from forum.moderation import acting, policy
from forum.moderation.acting import Group
from forum.moderation.errors import NoteNotFound
from forum.moderation.models import Note, NoteVersion

_NOTE, _VERSION = table_of(Note).c, table_of(NoteVersion).c
_WRITTEN = select(*_NOTE, *AUTHOR_COLUMNS).join(
    table_of(Member), table_of(Member).c.id == _NOTE.author_id
)
_ONE = _WRITTEN.where(_NOTE.id == bindparam("of_id"))
_NEWEST = Order((_NOTE.id,))
_ON_MEMBER = Keyset(_WRITTEN, _NEWEST, Within(_NOTE.member_id, bindparam("of_target")))
_ON_ITEM = Keyset(_WRITTEN, _NEWEST, Within(_NOTE.item_id, bindparam("of_target")))
_VERSIONS = (
    select(*_VERSION)
    .where(_VERSION.note_id.in_(bindparam("ids", expanding=True)))
    .order_by(_VERSION.note_id, _VERSION.number)
)


@dataclass(frozen=True)
class Versions:
    """A note with the columns of who wrote it, and all that it ever said, the first first."""

    note: Record
    versions: Sequence[Record]


def on_member(
    session: Session, member_id: int, after: Position | None, limit: int
) -> Page[Versions]:
    """Notes on a member, newest first."""
    return _with_versions(session, _ON_MEMBER.page(session, after, limit, of_target=member_id))


def on_item(session: Session, item_id: int, after: Position | None, limit: int) -> Page[Versions]:
    """Notes on a review item, newest first."""
    return _with_versions(session, _ON_ITEM.page(session, after, limit, of_target=item_id))


def note(session: Session, note_id: int) -> Versions:
    """One note; raises `NoteNotFound`."""
    found = rows(session, _ONE, of_id=note_id)
    if not found:
        raise NoteNotFound
    return _with_versions(session, Page(found, None)).items[0]


def add(
    session: Session,
    group: Group,
    actor: Viewer,
    body: str,
    *,
    member_id: int | None = None,
    item_id: int | None = None,
) -> int:
    """Note something on a member, or else an item, as part of a group; gives the note's id."""
    _require_moderator(actor)
    noted = Note(member_id=member_id, item_id=item_id, author_id=actor.id)
    session.add(noted)
    session.flush()
    _add_version(session, noted.id, 1, body)
    group.log("note.add", f"note:{noted.id}", member_id=member_id)
    return noted.id


def change(session: Session, actor: Viewer, note_id: int, body: str) -> None:
    """Let a note of one's own say something else from now on; raises `NoteNotFound`."""
    _require_moderator(actor)
    found = select(Note).where(Note.id == note_id).with_for_update(key_share=True)
    noted = session.scalar(found)
    if noted is None:
        raise NoteNotFound
    if noted.author_id != actor.id:
        raise Forbidden
    said = note(session, note_id).versions[-1]
    if said.body != body:
        _add_version(session, note_id, said.number + 1, body)
    group = acting.begin(session, actor)
    group.log("note.change", f"note:{note_id}", member_id=noted.member_id)


def forget_member(session: Session, member_id: int) -> None:
    """Destroy what was noted on a member."""
    on_them = select(Note.id).where(Note.member_id == member_id)
    session.execute(delete(NoteVersion).where(NoteVersion.note_id.in_(on_them)))
    session.execute(delete(Note).where(Note.member_id == member_id))


def _add_version(session: Session, note_id: int, number: int, body: str) -> None:
    session.add(NoteVersion(note_id=note_id, number=number, body=body, written_at=clock.now()))
    session.flush()


def _with_versions(session: Session, page: Page[Record]) -> Page[Versions]:
    said = defaultdict(list)
    for version in rows(session, _VERSIONS, ids=[row.id for row in page.items]):
        said[version.note_id].append(version)
    return Page([Versions(row, said[row.id]) for row in page.items], page.next)


def _require_moderator(actor: Viewer) -> None:
    if not policy.may_moderate(actor):
        raise Forbidden
