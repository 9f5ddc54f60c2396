"""What was counted against the program's promises, kept over its starts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0031"
down_revision: str | None = "m0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "operations_promise_step",
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("writer", sa.Uuid(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("requests", "failed", "answered", "slow")),
        sa.PrimaryKeyConstraint("began_at", "writer", name=op.f("pk_operations_promise_step")),
    )


def downgrade() -> None:
    """Drop it, with what was counted."""
    op.drop_table("operations_promise_step")
