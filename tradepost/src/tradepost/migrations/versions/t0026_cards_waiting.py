"""Files of pictures of cards that wait for the virus scanner."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "t0026"
down_revision: str | None = "t0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CHECKS = {
    "state_known": "state IN ('waiting', 'taken', 'refused')",
    "scan_known": "scan IN ('none', 'waiting', 'clean', 'infected')",
    "taken_was_looked_at": "state <> 'taken' OR scan IN ('none', 'clean')",
    "reason": "num_nonnulls(code, sentence) = CASE state WHEN 'refused' THEN 2 ELSE 0 END",
    "decided_at_some_time": "(decided_at IS NULL) = (state = 'waiting')",
    "filename_in_range": "char_length(filename) BETWEEN 1 AND 255",
    "refused_list": "jsonb_typeof(refused) = 'array'",
}


def upgrade() -> None:
    """Add the tables; they are empty, and nobody else uses them yet."""
    op.create_table(
        "crm_card_upload",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("reach", postgresql.ARRAY(sa.Uuid()), nullable=True),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("scan", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("photo_ids", postgresql.ARRAY(sa.Uuid()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("refused", postgresql.JSONB(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_crm_card_upload_{name}")) for name, rule in CHECKS.items()),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["crm_card_batch.id"], name=op.f("fk_crm_card_upload_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_card_upload")),
    )
    op.create_index(
        op.f("ix_crm_card_upload_sha256_owner_id"),
        "crm_card_upload",
        ["sha256", "owner_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.create_index(
        op.f("ix_crm_card_upload_batch_id_created_at_id"), "crm_card_upload", ["batch_id", "created_at", "id"]
    )
    op.create_index(op.f("ix_crm_card_upload_created_at_id"), "crm_card_upload", ["created_at", "id"])
    op.create_table(
        "crm_card_upload_chunk",
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["crm_card_upload.id"], name=op.f("fk_crm_card_upload_chunk_upload_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("upload_id", "position", name=op.f("pk_crm_card_upload_chunk")),
    )


def downgrade() -> None:
    """Drop the tables: what waits in them is to be sent again."""
    op.drop_table("crm_card_upload_chunk")
    op.drop_table("crm_card_upload")
