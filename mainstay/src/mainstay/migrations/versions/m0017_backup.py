"""Backups that were made, and which database this is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "m0017"
down_revision: str | None = "m0016"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

STATES = "state IN ('making', 'verified', 'unverified', 'broken', 'failed')"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "backup_database",
        sa.Column("is_only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alarm_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("is_only", name=op.f("ck_backup_database_one_row")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_backup_database")),
    )
    op.create_table(
        "backup_archive",
        sa.Column("database_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'making'"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("path", sa.Text(), nullable=True),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("row_count", sa.BigInteger(), nullable=True),
        sa.Column("is_encrypted", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('scheduled', 'asked')", name=op.f("ck_backup_archive_kind_known")),
        sa.CheckConstraint(STATES, name=op.f("ck_backup_archive_state_known")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (state = 'making')", name=op.f("ck_backup_archive_ended_unless_making")
        ),
        sa.CheckConstraint(
            "(path IS NULL) = (state IN ('making', 'failed'))", name=op.f("ck_backup_archive_path_where_made")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_archive")),
    )
    op.create_index(op.f("ix_backup_archive_started_at_id"), "backup_archive", ["started_at", "id"])


def downgrade() -> None:
    """Drop them; the archives stay where they are."""
    op.drop_table("backup_archive")
    op.drop_table("backup_database")
