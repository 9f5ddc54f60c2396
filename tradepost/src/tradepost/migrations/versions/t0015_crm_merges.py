"""Contacts that became one, so that what was merged leads to the survivor and the merge can be undone."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "t0015"
down_revision: str | None = "t0014"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

CHECKS = {
    "merged_into_another": "merged_into <> id",
    "merged_is_put_away": "merged_into IS NULL OR archived_at IS NOT NULL",
}


def upgrade() -> None:
    """Add the way from merged contacts to their survivors, and the tables."""
    op.add_column("crm_contact", sa.Column("merged_into", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_crm_contact_merged_into"), "crm_contact", "crm_contact", ["merged_into"], ["id"])
    for name, condition in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_crm_contact_{name}"), "crm_contact", condition)
    op.create_index(
        op.f("ix_crm_contact_merged_into"),
        "crm_contact",
        ["merged_into"],
        postgresql_where=sa.text("merged_into IS NOT NULL"),
    )
    _create_merge()
    _create_part()


def downgrade() -> None:
    """Drop them; contacts that were merged stay put away."""
    op.drop_table("crm_merge_part")
    op.drop_table("crm_merge")
    op.drop_column("crm_contact", "merged_into")


def _create_merge() -> None:
    op.create_table(
        "crm_merge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("survivor_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(), nullable=False),
        sa.Column("after", postgresql.JSONB(), nullable=False),
        sa.Column("moved", postgresql.JSONB(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Uuid(), nullable=True),
        sa.Column("undone_by_name", sa.Text(), nullable=True),
        sa.CheckConstraint("jsonb_typeof(after) = 'object'", name=op.f("ck_crm_merge_after_object")),
        sa.CheckConstraint("jsonb_typeof(before) = 'object'", name=op.f("ck_crm_merge_before_object")),
        sa.CheckConstraint("jsonb_typeof(moved) = 'array'", name=op.f("ck_crm_merge_moved_array")),
        sa.CheckConstraint(
            "(undone_at IS NULL) = (undone_by_name IS NULL)", name=op.f("ck_crm_merge_undone_by_somebody")
        ),
        sa.ForeignKeyConstraint(["survivor_id"], ["crm_contact.id"], name=op.f("fk_crm_merge_survivor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_merge")),
    )
    op.create_index(op.f("ix_crm_merge_survivor_id"), "crm_merge", ["survivor_id"])


def _create_part() -> None:
    op.create_table(
        "crm_merge_part",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("contact_id", sa.Uuid(), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("labels", postgresql.JSONB(), nullable=False),
        sa.CheckConstraint("jsonb_typeof(labels) = 'array'", name=op.f("ck_crm_merge_part_labels_array")),
        sa.ForeignKeyConstraint(["contact_id"], ["crm_contact.id"], name=op.f("fk_crm_merge_part_contact_id")),
        sa.ForeignKeyConstraint(["merge_id"], ["crm_merge.id"], name=op.f("fk_crm_merge_part_merge_id")),
        sa.PrimaryKeyConstraint("merge_id", "contact_id", name=op.f("pk_crm_merge_part")),
    )
    op.create_index(op.f("ix_crm_merge_part_contact_id"), "crm_merge_part", ["contact_id"])
