"""Errors of the program, gathered where nobody else gathers them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "m0027"
down_revision: str | None = "m0026"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _text(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str, default: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(default), nullable=False)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "operations_error",
        *_text("fingerprint", "role"),
        *_text("kind", nullable=True),
        *_text("place", "event"),
        sa.Column("count", sa.BigInteger(), nullable=False),
        _moment("first_at"),
        _moment("last_at"),
        *_text("first_release", "last_release"),
        sa.Column("state", sa.Text(), server_default=sa.text("'open'"), nullable=False),
        _moment("resolved_at", nullable=True),
        *_text("resolved_release", nullable=True),
        _number("returns", "0"),
        _moment("returned_at", nullable=True),
        *_text("returned_release", nullable=True),
        _moment("told_at", nullable=True),
        _number("version", "1"),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'resolved', 'ignored')", name=op.f("ck_operations_error_state_known")),
        sa.CheckConstraint("count > 0", name=op.f("ck_operations_error_has_come")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_error")),
    )
    op.create_index("uq_operations_error_fingerprint", "operations_error", ["fingerprint"], unique=True)
    op.create_index(op.f("ix_operations_error_last_at_id"), "operations_error", ["last_at", "id"])
    op.create_table(
        "operations_error_occurrence",
        sa.Column("error_id", sa.Uuid(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        _moment("at"),
        *_text("release", "machine"),
        *_text("request_id", "trace_id", nullable=True),
        *_text("sentence"),
        sa.Column("facts", postgresql.JSONB(), nullable=False),
        sa.Column("frames", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(
            ["error_id"],
            ["operations_error.id"],
            name=op.f("fk_operations_error_occurrence_error_id_operations_error"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("error_id", "slot", name=op.f("pk_operations_error_occurrence")),
    )
    op.create_table(
        "operations_error_writer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch", sa.BigInteger(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operations_error_writer")),
    )


def downgrade() -> None:
    """Drop them, with what was gathered."""
    for table in ("error_occurrence", "error_writer", "error"):
        op.drop_table(f"operations_{table}")
