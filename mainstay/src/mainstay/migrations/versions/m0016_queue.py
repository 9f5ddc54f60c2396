"""How tries of jobs failed, and how the latest runs of schedules went."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0016"
down_revision: str | None = "m0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "mainstay_job_failure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("job_id", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("stack", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mainstay_job_failure")),
    )
    op.create_index(op.f("ix_mainstay_job_failure_job_id_id"), "mainstay_job_failure", ["job_id", "id"])
    # Those that failed are few and looked for among many that wait.
    op.execute("CREATE INDEX mainstay_job_failed ON procrastinate_jobs (id) WHERE status = 'failed'")
    op.create_table(
        "mainstay_schedule_run",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("moment", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("duration_ms", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('done', 'retried', 'failed')", name=op.f("ck_mainstay_schedule_run_outcome_known")
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mainstay_schedule_run")),
    )


def downgrade() -> None:
    """Drop them; the queue is as it was."""
    op.drop_table("mainstay_schedule_run")
    op.execute("DROP INDEX mainstay_job_failed")
    op.drop_table("mainstay_job_failure")
