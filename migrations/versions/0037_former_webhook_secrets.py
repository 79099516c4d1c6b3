"""Every key that a webhook had within a day, rather than the last."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

IDENTIFIER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)
TABLE = "former_webhook_secrets"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", IDENTIFIER, nullable=False),
        sa.Column("webhook_id", IDENTIFIER, nullable=False),
        sa.Column("secret", sa.String(length=64), nullable=False),
        sa.Column("good_until", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name=op.f("fk_former_webhook_secrets_webhook_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_webhook_secrets")),
    )
    op.create_index(
        op.f("ix_former_webhook_secrets_webhook_id_good_until"), TABLE, ["webhook_id", "good_until"]
    )
    op.execute(
        "INSERT INTO former_webhook_secrets (webhook_id, secret, good_until)"
        " SELECT id, old_secret, old_secret_until FROM webhooks WHERE old_secret IS NOT NULL"
    )
    op.drop_column("webhooks", "old_secret_until")
    op.drop_column("webhooks", "old_secret")


def downgrade() -> None:
    op.add_column("webhooks", sa.Column("old_secret", sa.String(length=64), nullable=True))
    op.add_column("webhooks", sa.Column("old_secret_until", TIME, nullable=True))
    op.execute(
        "UPDATE webhooks SET (old_secret, old_secret_until) = (SELECT secret, good_until"
        " FROM former_webhook_secrets WHERE webhook_id = webhooks.id ORDER BY id DESC LIMIT 1)"
    )
    op.drop_table(TABLE)
