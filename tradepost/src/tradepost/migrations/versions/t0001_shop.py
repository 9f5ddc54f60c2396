"""The business, its tax rates and stores, and the view other modules read them by."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mainstay.db.migrate import run_script

revision: str = "t0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = ("tradepost",)
depends_on: Sequence[str] | None = ("m0002",)

ROUNDING_MODES = "'half_up', 'half_even', 'half_down', 'up', 'down'"


def upgrade() -> None:
    """Create tables and view."""
    op.create_table(
        "shop_business",
        sa.Column("is_only", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("is_only", name=op.f("ck_shop_business_only_one")),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_shop_business_currency_form")),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_shop_business_country_form")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_shop_business_name_given")),
        sa.PrimaryKeyConstraint("is_only", name=op.f("pk_shop_business")),
    )
    op.create_table(
        "shop_tax_rate",
        sa.Column("rate", sa.Numeric(7, 4), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("rate >= 0 AND rate <= 100", name=op.f("ck_shop_tax_rate_rate_in_range")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_shop_tax_rate_name_given")),
        sa.PrimaryKeyConstraint("rate", name=op.f("pk_shop_tax_rate")),
        sa.UniqueConstraint("position", name=op.f("uq_shop_tax_rate_position")),
    )
    _create_store()
    run_script(("tradepost.migrations.sql", "shop_selling_store_1.sql"))


def downgrade() -> None:
    """Drop them."""
    op.execute("DROP VIEW shop_selling_store, shop_currency")
    for table in ("shop_store", "shop_tax_rate", "shop_business"):
        op.drop_table(table)


def _create_store() -> None:
    op.create_table(
        "shop_store",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("day_cutoff", sa.Time(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("rounding_level", sa.Text(), nullable=False),
        sa.Column("rounding_mode", sa.Text(), nullable=False),
        sa.Column("cash_increment_minor", sa.BigInteger(), nullable=True),
        sa.Column("cash_due_tie", sa.Text(), nullable=True),
        sa.Column("cash_change_tie", sa.Text(), nullable=True),
        sa.Column("cash_above_minor", sa.BigInteger(), nullable=True),
        sa.Column("negative_stock", sa.Text(), nullable=False),
        sa.Column("receipt_header", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("receipt_footer", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{1,6}$'", name=op.f("ck_shop_store_code_form")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_shop_store_name_given")),
        sa.CheckConstraint("rounding_level IN ('line', 'document')", name=op.f("ck_shop_store_rounding_level_known")),
        sa.CheckConstraint(f"rounding_mode IN ({ROUNDING_MODES})", name=op.f("ck_shop_store_rounding_mode_known")),
        sa.CheckConstraint("negative_stock IN ('refuse', 'allow')", name=op.f("ck_shop_store_negative_stock_known")),
        sa.CheckConstraint(
            f"cash_due_tie IN ({ROUNDING_MODES}) AND cash_change_tie IN ({ROUNDING_MODES})",
            name=op.f("ck_shop_store_cash_ties_known"),
        ),
        sa.CheckConstraint(
            "cash_increment_minor BETWEEN 1 AND 1000000 AND cash_above_minor BETWEEN 0 AND 1000000",
            name=op.f("ck_shop_store_cash_amounts_in_range"),
        ),
        sa.CheckConstraint(
            "num_nulls(cash_increment_minor, cash_due_tie, cash_change_tie, cash_above_minor) IN (0, 4)",
            name=op.f("ck_shop_store_cash_rounding_whole"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_store")),
        sa.UniqueConstraint("code", name=op.f("uq_shop_store_code")),
    )
