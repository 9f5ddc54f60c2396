"""What was counted against the program's promises, over its starts, and what loggers are to write in all processes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0031"
down_revision: str | None = "m0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "operations_promise_step",
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("writer", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("requests", "failed", "answered", "slow")),
        sa.PrimaryKeyConstraint("began_at", "writer", name=op.f("pk_operations_promise_step")),
    )
    op.create_table(
        "operations_log_level",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("logger", "level")),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("logger", name=op.f("pk_operations_log_level")),
    )


def downgrade() -> None:
    """Drop them, with what was counted."""
    op.drop_table("operations_log_level")
    op.drop_table("operations_promise_step")
