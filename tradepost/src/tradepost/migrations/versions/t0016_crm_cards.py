"""Pictures of business cards, what was read from them, and what people corrected."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "t0016"
down_revision: str | None = "t0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FIELD_KINDS = "'name', 'title', 'department', 'company', 'phone', 'email', 'website', 'address'"
TABLES = ("card_correction", "card_reading", "card", "card_photo", "card_batch")


def upgrade() -> None:
    """Create the tables."""
    _create_batch()
    _create_photo()
    _create_card()
    _create_reading()
    _create_correction()


def downgrade() -> None:
    """Drop them."""
    for name in TABLES:
        op.drop_table(f"crm_{name}")


def _moment(name: str = "created_at") -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _create_batch() -> None:
    op.create_table(
        "crm_card_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        _moment(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_card_batch")),
    )
    op.create_index(op.f("ix_crm_card_batch_created_at_id"), "crm_card_batch", ["created_at", "id"])


def _create_photo() -> None:
    op.create_table(
        "crm_card_photo",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("filename", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("display", sa.LargeBinary(), nullable=True),
        sa.Column("engines", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default=sa.text("'waiting'"), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("sentence", sa.Text(), nullable=True),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment(),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'reading', 'done', 'failed')", name=op.f("ck_crm_card_photo_state_known")
        ),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png', 'image/webp')", name=op.f("ck_crm_card_photo_media_type_known")
        ),
        sa.CheckConstraint("char_length(filename) BETWEEN 1 AND 255", name=op.f("ck_crm_card_photo_filename_in_range")),
        sa.CheckConstraint("size_bytes = length(content)", name=op.f("ck_crm_card_photo_size_is_of_content")),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_crm_card_photo_pixels_above_zero")),
        sa.CheckConstraint(
            "state <> 'failed' OR num_nulls(code, sentence) = 0", name=op.f("ck_crm_card_photo_failed_with_reason")
        ),
        sa.ForeignKeyConstraint(["batch_id"], ["crm_card_batch.id"], name=op.f("fk_crm_card_photo_batch_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_card_photo")),
    )
    op.create_index(op.f("ix_crm_card_photo_sha256"), "crm_card_photo", ["sha256"], unique=True)
    op.create_index(op.f("ix_crm_card_photo_created_at_id"), "crm_card_photo", ["created_at", "id"])
    op.create_index(
        op.f("ix_crm_card_photo_batch_id_created_at_id"), "crm_card_photo", ["batch_id", "created_at", "id"]
    )


def _create_card() -> None:
    op.create_table(
        "crm_card",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("photo_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default=sa.text("'draft'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("place", postgresql.JSONB(), nullable=False),
        sa.Column("code", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("boxes", postgresql.JSONB(), nullable=False),
        sa.Column("fields", postgresql.JSONB(), nullable=False),
        sa.Column("contact", postgresql.JSONB(), nullable=False),
        sa.Column("read", postgresql.JSONB(), nullable=False),
        sa.Column("alone", postgresql.JSONB(), nullable=True),
        sa.Column("joined_to", sa.Uuid(), nullable=True),
        sa.Column("contact_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_by_name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.CheckConstraint("state IN ('draft', 'accepted', 'skipped')", name=op.f("ck_crm_card_state_known")),
        sa.CheckConstraint("number > 0", name=op.f("ck_crm_card_number_above_zero")),
        sa.CheckConstraint("joined_to <> id", name=op.f("ck_crm_card_joined_to_another")),
        sa.CheckConstraint("(state = 'draft') = (decided_at IS NULL)", name=op.f("ck_crm_card_decided_at_some_time")),
        sa.CheckConstraint(
            "jsonb_typeof(boxes) = 'array' AND jsonb_typeof(fields) = 'array'",
            name=op.f("ck_crm_card_boxes_and_fields"),
        ),
        sa.CheckConstraint("jsonb_typeof(contact) = 'object'", name=op.f("ck_crm_card_contact_object")),
        sa.ForeignKeyConstraint(
            ["photo_id"], ["crm_card_photo.id"], name=op.f("fk_crm_card_photo_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["joined_to"], ["crm_card.id"], name=op.f("fk_crm_card_joined_to"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_card_contact_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_card")),
    )
    op.create_index(op.f("ix_crm_card_photo_id_number"), "crm_card", ["photo_id", "number"], unique=True)
    for column in ("joined_to", "contact_id"):
        name = op.f(f"ix_crm_card_{column}")
        op.create_index(name, "crm_card", [column], postgresql_where=sa.text(f"{column} IS NOT NULL"))


def _create_reading() -> None:
    op.create_table(
        "crm_card_reading",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("engines", sa.Text(), nullable=False),
        sa.Column("readings", postgresql.JSONB(), nullable=False),
        sa.Column("cpu_ms", sa.Integer(), nullable=False),
        sa.Column("hits", sa.Integer(), server_default=sa.text("0"), nullable=False),
        _moment(),
        sa.CheckConstraint("jsonb_typeof(readings) = 'array'", name=op.f("ck_crm_card_reading_readings_list")),
        sa.PrimaryKeyConstraint("sha256", "engines", name=op.f("pk_crm_card_reading")),
    )


def _create_correction() -> None:
    op.create_table(
        "crm_card_correction",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("card_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("read_value", sa.Text(), nullable=True),
        sa.Column("read_boxes", postgresql.JSONB(), nullable=False),
        sa.Column("kept_value", sa.Text(), nullable=True),
        sa.Column("kept_boxes", postgresql.JSONB(), nullable=False),
        sa.Column("box_texts", postgresql.JSONB(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        _moment("happened_at"),
        sa.CheckConstraint(f"kind IN ({FIELD_KINDS})", name=op.f("ck_crm_card_correction_kind_known")),
        sa.ForeignKeyConstraint(
            ["card_id"], ["crm_card.id"], name=op.f("fk_crm_card_correction_card_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_card_correction")),
    )
    op.create_index(op.f("ix_crm_card_correction_card_id"), "crm_card_correction", ["card_id"])
