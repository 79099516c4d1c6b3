"""Guests: a role without an account, and names that theirs must not look like."""

import sqlalchemy as sa
from alembic import op

from forum.accounts.names import skeleton

revision = "0020"
down_revision = "0016"
branch_labels = None
depends_on = None

ROLES, WITH_GUESTS = (
    f"role IN ({', '.join(map(repr, roles))})"
    for roles in (("member", "moderator", "admin"), ("guest", "member", "moderator", "admin"))
)


def upgrade() -> None:
    replace_check(ROLES, WITH_GUESTS)
    op.add_column("members", sa.Column("name_skeleton", sa.String(255), nullable=True))
    op.add_column("members", sa.Column("guest_key", sa.String(254), nullable=True))
    op.create_index(op.f("ix_members_name_skeleton"), "members", ["name_skeleton"])
    op.create_index(op.f("ix_members_guest_key"), "members", ["guest_key"], unique=True)
    fill_skeletons()


def downgrade() -> None:
    """What guests wrote stays, as that of members who are deleted."""
    op.execute(
        "UPDATE members SET role = 'member', display_name = NULL, email = NULL,"
        " email_confirmed_at = NULL, erased_at = created_at WHERE role = 'guest'"
    )
    op.drop_index(op.f("ix_members_guest_key"), "members")
    op.drop_index(op.f("ix_members_name_skeleton"), "members")
    op.drop_column("members", "guest_key")
    op.drop_column("members", "name_skeleton")
    replace_check(WITH_GUESTS, ROLES)


def replace_check(before: str, after: str) -> None:
    """SQLite would have to rebuild the table, to which most others refer.

    So it is told what the table's rule is now, as section 7 of its page on ALTER TABLE has it.
    """
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_members_role"), "members", type_="check")
        op.create_check_constraint(op.f("ck_members_role"), "members", after)
        return
    schema = sa.table("sqlite_master", sa.column("sql"), sa.column("type"), sa.column("name"))
    of_members = sa.and_(schema.c.type == "table", schema.c.name == "members")
    changed = sa.func.replace(schema.c.sql, before, after)
    op.execute("PRAGMA writable_schema = ON")
    op.execute(sa.update(schema).where(of_members).values(sql=changed))
    op.execute("PRAGMA writable_schema = RESET")


def fill_skeletons() -> None:
    members = sa.table(
        "members", sa.column("id"), sa.column("display_name"), sa.column("name_skeleton")
    )
    bind = op.get_bind()
    named = sa.select(members.c.id, members.c.display_name).where(
        members.c.display_name.is_not(None)
    )
    rows = [
        {"of": member.id, "alike": skeleton(member.display_name)[:255]}
        for member in bind.execute(named)
    ]
    change = members.update().where(members.c.id == sa.bindparam("of"))
    if rows:
        bind.execute(change.values(name_skeleton=sa.bindparam("alike")), rows)
