"""Notes with every kind of constraint, and remarks whose note is looked for at the commit."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.topics import unwatch, watch

revision: str = "p0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = ("probe",)
depends_on: Sequence[str] | None = ("m0002",)


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "probe_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe_note")),
        sa.UniqueConstraint("code", name=op.f("uq_probe_note_code")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_probe_note_amount")),
    )
    op.create_table(
        "probe_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("note_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_probe_remark")),
        sa.ForeignKeyConstraint(
            ["note_id"],
            ["probe_note.id"],
            name=op.f("fk_probe_remark_note_id"),
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    watch("probe_note")


def downgrade() -> None:
    """Drop both tables."""
    unwatch("probe_note")
    op.drop_table("probe_remark")
    op.drop_table("probe_note")
