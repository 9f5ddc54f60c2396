"""The stock ledger, its levels, and the function that alone writes them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import append_only, run_script

revision: str = "t0003"
down_revision: str | None = "t0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Create ledger, levels, guard and function."""
    op.create_table(
        "stock_level",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("on_hand", sa.Numeric(14, 3), nullable=False),
        sa.Column("is_oversold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.CheckConstraint("on_hand >= 0 OR is_oversold", name=op.f("ck_stock_level_negative_is_recorded")),
        sa.ForeignKeyConstraint(["store_id"], ["shop_store.id"], name=op.f("fk_stock_level_store_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["catalog_variant.id"], name=op.f("fk_stock_level_variant_id")),
        sa.PrimaryKeyConstraint("store_id", "variant_id", name=op.f("pk_stock_level")),
    )
    op.create_table(
        "stock_movement",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("balance", sa.Numeric(14, 3), nullable=False),
        sa.Column("source_kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("kind IN ('opening', 'sale', 'adjustment')", name=op.f("ck_stock_movement_kind_known")),
        sa.CheckConstraint("quantity <> 0", name=op.f("ck_stock_movement_quantity_not_zero")),
        sa.ForeignKeyConstraint(["store_id"], ["shop_store.id"], name=op.f("fk_stock_movement_store_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["catalog_variant.id"], name=op.f("fk_stock_movement_variant_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movement")),
        sa.UniqueConstraint(
            "source_kind",
            "source_id",
            "store_id",
            "variant_id",
            name=op.f("uq_stock_movement_source_kind_source_id_store_id_variant_id"),
        ),
    )
    op.create_index(
        op.f("ix_stock_movement_store_id_variant_id_id"), "stock_movement", ["store_id", "variant_id", "id"]
    )
    op.create_index(op.f("ix_stock_movement_variant_id"), "stock_movement", ["variant_id"])
    append_only("stock_movement")
    run_script(("tradepost.migrations.sql", "stock_post_1.sql"))
    run_script(("tradepost.migrations.sql", "stock_guard_1.sql"))


def downgrade() -> None:
    """Drop ledger and levels."""
    op.execute("DROP FUNCTION stock_post")
    op.drop_table("stock_movement")
    op.drop_table("stock_level")
    op.execute("DROP FUNCTION stock_guard_level")
