"""How far running jobs have come."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0020"
down_revision: str | None = "m0019"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "mainstay_job_progress",
        sa.Column("job_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("done >= 0 AND total >= 0", name=op.f("ck_mainstay_job_progress_counts")),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_mainstay_job_progress")),
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("mainstay_job_progress")
