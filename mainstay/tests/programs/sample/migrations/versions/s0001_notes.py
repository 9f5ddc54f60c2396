"""Notes, and what the jobs did about them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "s0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = ("sample",)
depends_on: Sequence[str] | None = ("m0001",)


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "sample_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample_note")),
    )
    op.create_table(
        "sample_effect",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_sample_effect")),
    )


def downgrade() -> None:
    """Drop both tables."""
    op.drop_table("sample_effect")
    op.drop_table("sample_note")
