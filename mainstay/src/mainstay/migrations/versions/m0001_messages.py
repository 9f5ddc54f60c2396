"""The event log, the record of carried-out jobs, and the job queue (procrastinate 3.10)."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mainstay.db.migrate import append_only, procrastinate_scripts, run_script

revision: str = "m0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = ("mainstay",)
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the queue, the log and the function that fills both."""
    for script in procrastinate_scripts(up_to="03.04.00_50"):
        run_script(script)
    op.create_table(
        "mainstay_event",
        sa.Column("position", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column(
            "transaction_id",
            sa.BigInteger(),
            server_default=sa.text("pg_current_xact_id()::text::bigint"),
            nullable=False,
        ),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("position", name=op.f("pk_mainstay_event")),
        sa.UniqueConstraint("id", name=op.f("uq_mainstay_event_id")),
    )
    op.create_index(op.f("ix_mainstay_event_transaction_id_position"), "mainstay_event", ["transaction_id", "position"])
    op.create_index(op.f("ix_mainstay_event_name_position"), "mainstay_event", ["name", "position"])
    op.create_table(
        "mainstay_job_done",
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "job", name=op.f("pk_mainstay_job_done")),
    )
    append_only("mainstay_event")
    run_script(("mainstay.migrations.sql", "publish_1.sql"))


def downgrade() -> None:
    """Drop the log and the queue."""
    op.execute("DROP FUNCTION mainstay_publish")
    op.drop_table("mainstay_job_done")
    op.drop_table("mainstay_event")
    op.execute("DROP FUNCTION mainstay_refuse_change")
    run_script(("mainstay.migrations.sql", "drop_procrastinate.sql"))
