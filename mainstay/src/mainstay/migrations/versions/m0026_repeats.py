"""What calls did that may be made again, with the key that their callers gave them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "m0026"
down_revision: str | None = "m0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "mainstay_repeat",
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("call", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("headers", postgresql.JSONB(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("actor_id", "call", "key", name=op.f("pk_mainstay_repeat")),
    )
    op.create_index(op.f("ix_mainstay_repeat_made_at"), "mainstay_repeat", ["made_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("mainstay_repeat")
