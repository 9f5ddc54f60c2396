"""Who still calls operations that are going away."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0021"
down_revision: str | None = "m0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "mainstay_outdated_use",
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("calls", sa.BigInteger(), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("operation", "caller", name=op.f("pk_mainstay_outdated_use")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("mainstay_outdated_use")
