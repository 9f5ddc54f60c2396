"""How flags are steered, and what experiments have counted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "m0023"
down_revision: str | None = "m0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create the tables."""
    _create_flag()
    _create_experiment()
    op.create_table(
        "flags_exposure",
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("exposed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["experiment"],
            ["flags_experiment.key"],
            name=op.f("fk_flags_exposure_experiment"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment", "unit_id", name=op.f("pk_flags_exposure")),
    )
    op.create_index(
        op.f("ix_flags_exposure_experiment_variant_exposed_at_unit_id"),
        "flags_exposure",
        ["experiment", "variant", "exposed_at", "unit_id"],
    )
    op.create_table(
        "flags_outcome",
        sa.Column("experiment", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Uuid(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("value > '-Infinity' AND value < 'Infinity'", name=op.f("ck_flags_outcome_value_finite")),
        sa.ForeignKeyConstraint(
            ["experiment", "unit_id"],
            ["flags_exposure.experiment", "flags_exposure.unit_id"],
            name=op.f("fk_flags_outcome_experiment_unit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("experiment", "unit_id", name=op.f("pk_flags_outcome")),
    )


def _create_flag() -> None:
    op.create_table(
        "flags_flag",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rules", postgresql.JSONB(), nullable=False),
        sa.Column("otherwise", postgresql.JSONB(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("jsonb_typeof(rules) = 'array'", name=op.f("ck_flags_flag_rules_listed")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_flags_flag")),
    )


def _create_experiment() -> None:
    op.create_table(
        "flags_experiment",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("kept", sa.Text(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (kept IS NULL)", name=op.f("ck_flags_experiment_kept_at_the_end")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_flags_experiment")),
    )


def downgrade() -> None:
    """Drop them; everything is at its default again."""
    op.drop_table("flags_outcome")
    op.drop_table("flags_exposure")
    op.drop_table("flags_experiment")
    op.drop_table("flags_flag")
