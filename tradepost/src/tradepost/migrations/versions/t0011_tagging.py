"""Tags and groups, what they label, and the view other modules filter by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import run_script

revision: str = "t0011"
down_revision: str | None = "t0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PLAIN = sa.Text(collation="C")
COLOURS = "'grey', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink'"


def upgrade() -> None:
    """Create tables and view."""
    op.create_table(
        "tagging_tag",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", PLAIN, nullable=False),
        sa.Column("colour", sa.Text(), server_default=sa.text("'grey'"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind IN ('tag', 'group')", name=op.f("ck_tagging_tag_kind_known")),
        sa.CheckConstraint(f"colour IN ({COLOURS})", name=op.f("ck_tagging_tag_colour_known")),
        sa.CheckConstraint("name <> '' AND char_length(name) <= 100", name=op.f("ck_tagging_tag_name_in_range")),
        sa.CheckConstraint("name_key <> ''", name=op.f("ck_tagging_tag_name_key_given")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tagging_tag")),
        sa.UniqueConstraint("kind", "name_key", name=op.f("uq_tagging_tag_kind_name_key")),
    )
    op.create_table(
        "tagging_link",
        sa.Column("tag_id", sa.Uuid(), nullable=False),
        sa.Column("entity", PLAIN, nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "entity ~ '^[a-z]+[.][a-z_]+$' AND char_length(entity) <= 60", name=op.f("ck_tagging_link_entity_form")
        ),
        sa.ForeignKeyConstraint(
            ["tag_id"], ["tagging_tag.id"], name=op.f("fk_tagging_link_tag_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("tag_id", "entity", "entity_id", name=op.f("pk_tagging_link")),
    )
    op.create_index(op.f("ix_tagging_link_entity_entity_id"), "tagging_link", ["entity", "entity_id"])
    run_script(("tradepost.migrations.sql", "tagging_tagged_1.sql"))


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW tagging_tagged")
    op.drop_table("tagging_link")
    op.drop_table("tagging_tag")
