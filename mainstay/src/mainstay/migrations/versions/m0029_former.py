"""What records were at the versions that they had lately."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "m0029"
down_revision: str | None = "m0028"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "mainstay_former",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("object_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("kind", "object_id", "version", name=op.f("pk_mainstay_former")),
    )
    op.create_index(op.f("ix_mainstay_former_kept_at"), "mainstay_former", ["kept_at"])


def downgrade() -> None:
    """Drop it."""
    op.drop_table("mainstay_former")
