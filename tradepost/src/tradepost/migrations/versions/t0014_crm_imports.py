"""Files of contacts that were taken in, and what came of each of their entries."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "t0014"
down_revision: str | None = "t0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

COUNTS = ("entries_read", "entries_accepted", "entries_known", "entries_rejected")


def upgrade() -> None:
    """Create the tables."""
    _create_import()
    op.create_table(
        "crm_import_row",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'known', 'rejected')", name=op.f("ck_crm_import_row_outcome_known")
        ),
        sa.CheckConstraint(
            "outcome <> 'rejected' OR num_nulls(code, sentence) = 0",
            name=op.f("ck_crm_import_row_rejected_with_reason"),
        ),
        sa.CheckConstraint(
            "outcome <> 'rejected' OR contact_id IS NULL", name=op.f("ck_crm_import_row_rejected_is_none")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["crm_import.id"], name=op.f("fk_crm_import_row_import_id")),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_import_row_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_crm_import_row")),
    )
    op.create_index(
        op.f("ix_crm_import_row_contact_id"),
        "crm_import_row",
        ["contact_id"],
        postgresql_where=sa.text("contact_id IS NOT NULL"),
    )


def downgrade() -> None:
    """Drop them."""
    op.drop_table("crm_import_row")
    op.drop_table("crm_import")


def _create_import() -> None:
    op.create_table(
        "crm_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        *(sa.Column(name, sa.Integer(), server_default=sa.text("0"), nullable=False) for name in COUNTS),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'done')", name=op.f("ck_crm_import_state_known")),
        sa.CheckConstraint("format IN ('vcard', 'csv')", name=op.f("ck_crm_import_format_known")),
        sa.CheckConstraint("char_length(filename) BETWEEN 1 AND 255", name=op.f("ck_crm_import_filename_in_range")),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_crm_import_country_form")),
        sa.CheckConstraint(
            "entries_accepted + entries_known + entries_rejected = entries_read",
            name=op.f("ck_crm_import_every_entry_told"),
        ),
        sa.CheckConstraint("(content IS NULL) = (state = 'done')", name=op.f("ck_crm_import_content_until_read")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_import")),
    )
    op.create_index(op.f("ix_crm_import_sha256"), "crm_import", ["sha256"], unique=True)
    op.create_index(op.f("ix_crm_import_created_at_id"), "crm_import", ["created_at", "id"])
