"""What contacts are looked up by when two may be the same, which pairs were found, and which are told apart."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "t0013"
down_revision: str | None = "t0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PLAIN = sa.Text(collation="C")
TABLES = ("not_same", "duplicate", "key")


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "crm_key",
        sa.Column("kind", PLAIN, nullable=False),
        sa.Column("value", PLAIN, nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("char_length(value) BETWEEN 1 AND 80", name=op.f("ck_crm_key_value_in_range")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_key_contact_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "value", "contact_id", name=op.f("pk_crm_key")),
    )
    op.create_index(op.f("ix_crm_key_contact_id"), "crm_key", ["contact_id"])
    _create_pairs("crm_duplicate", [
        sa.Column("score", sa.Numeric(5, 4), nullable=False),
        sa.Column("reasons", postgresql.JSONB(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_crm_duplicate_score_in_range")),
        sa.CheckConstraint("jsonb_typeof(reasons) = 'array'", name=op.f("ck_crm_duplicate_reasons_list")),
    ])  # fmt: skip
    op.create_index("ix_crm_duplicate_score", "crm_duplicate", ["score", "low_id", "high_id"])
    _create_pairs("crm_not_same", [
        sa.Column("low_digest", sa.Text(), nullable=False),
        sa.Column("high_digest", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
    ])  # fmt: skip


def downgrade() -> None:
    """Drop them."""
    for table in TABLES:
        op.drop_table(f"crm_{table}")


def _create_pairs(table: str, parts: Sequence[sa.Column[object] | sa.CheckConstraint]) -> None:
    op.create_table(
        table,
        sa.Column("low_id", sa.Uuid(), nullable=False),
        sa.Column("high_id", sa.Uuid(), nullable=False),
        *parts,
        sa.CheckConstraint("low_id < high_id", name=op.f(f"ck_{table}_each_pair_once")),
        *(
            sa.ForeignKeyConstraint([column], ["crm_contact.id"], name=op.f(f"fk_{table}_{column}"), ondelete="CASCADE")
            for column in ("low_id", "high_id")
        ),
        sa.PrimaryKeyConstraint("low_id", "high_id", name=op.f(f"pk_{table}")),
    )
    op.create_index(op.f(f"ix_{table}_high_id"), table, ["high_id"])
