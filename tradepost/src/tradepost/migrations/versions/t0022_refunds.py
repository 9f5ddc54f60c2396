"""Goods that are brought back against a receipt: refunds as documents of their own, and what limits them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import append_only, run_script

revision: str = "t0022"
down_revision: str | None = "t0021"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

IMMUTABLE = ("pos_refund", "pos_refund_line", "pos_refund_tax", "pos_refund_payment", "pos_refund_approval")
SCRIPTS = ("pos_refund_limits", "pos_assert_refund_sums", "pos_refund")
FUNCTIONS = ("pos_refund", "pos_assert_refund_sums", "pos_limit_refund", "pos_limit_refunded_line", "pos_lock_sale")
# The table, the constraint of before, the one that knows refunds, and what both are about.
KINDS = (
    (
        "pos_journal",
        "ck_pos_journal_kind_known",
        "ck_pos_journal_kind_listed",
        "'shift_opened', 'sale', 'shift_closed'",
    ),
    (
        "stock_movement",
        "ck_stock_movement_kind_known",
        "ck_stock_movement_kind_listed",
        "'opening', 'sale', 'adjustment'",
    ),
)


def upgrade() -> None:
    """Let ledgers take refunds, and create the documents, which are append-only as the sales are."""
    with op.get_context().autocommit_block():
        # Each by itself and safe to repeat: nobody waits while the rows of before are read.
        for table, old, new, kinds in KINDS:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {new}")
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {new} CHECK (kind IN ({kinds}, 'refund')) NOT VALID")
            op.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {new}")
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {old}")
    _create_refund()
    _create_parts()
    for table in IMMUTABLE:
        append_only(table)
    for script in SCRIPTS:
        run_script(("tradepost.migrations.sql", f"{script}_1.sql"))


def _create_refund() -> None:
    amounts = (
        "net_minor",
        "tax_minor",
        "total_minor",
        "cash_rounding_minor",
        "payable_minor",
        "cash_minor",
        "card_minor",
    )
    op.create_table(
        "pos_refund",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("receipt_number", sa.Text(collation="C"), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("cashier_id", sa.Uuid(), nullable=False),
        sa.Column("cashier_name", sa.Text(), nullable=False),
        sa.Column("register_name", sa.Text(), nullable=False),
        sa.Column("refunded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("lines_count", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in amounts),
        sa.CheckConstraint("cash_minor + card_minor = payable_minor", name=op.f("ck_pos_refund_paid_out")),
        sa.CheckConstraint(
            "payable_minor = total_minor + cash_rounding_minor", name=op.f("ck_pos_refund_payable_adds_up")
        ),
        sa.CheckConstraint("total_minor = net_minor + tax_minor", name=op.f("ck_pos_refund_total_adds_up")),
        sa.CheckConstraint(
            "lines_count > 0 AND net_minor >= 0 AND tax_minor >= 0 AND cash_minor >= 0 AND card_minor >= 0",
            name=op.f("ck_pos_refund_figures_in_range"),
        ),
        sa.ForeignKeyConstraint(["sale_id"], ["pos_sale.id"], name=op.f("fk_pos_refund_sale_id")),
        sa.ForeignKeyConstraint(["register_id"], ["pos_register.id"], name=op.f("fk_pos_refund_register_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["pos_shift.id"], name=op.f("fk_pos_refund_shift_id")),
        sa.ForeignKeyConstraint(["store_id"], ["shop_store.id"], name=op.f("fk_pos_refund_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_refund")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_pos_refund_receipt_number")),
        sa.UniqueConstraint("register_id", "number", name=op.f("uq_pos_refund_register_id_number")),
        sa.UniqueConstraint("id", "sale_id", name=op.f("uq_pos_refund_id_sale_id")),
    )
    for columns in (
        ("sale_id",),
        ("shift_id", "refunded_at"),
        ("store_id", "business_day", "refunded_at"),
        ("refunded_at", "id"),
    ):
        op.create_index(op.f(f"ix_pos_refund_{'_'.join(columns)}"), "pos_refund", columns, unique=False)


def _create_parts() -> None:
    op.create_table(
        "pos_refund_line",
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("sale_position", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("quantity", sa.Numeric(14, 3), nullable=False),
        sa.Column("goods", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("goods IN ('to_stock', 'damaged')", name=op.f("ck_pos_refund_line_goods_known")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pos_refund_line_quantity_positive")),
        sa.CheckConstraint(
            "net_minor >= 0 AND tax_minor >= 0 AND total_minor IN (net_minor, net_minor + tax_minor)",
            name=op.f("ck_pos_refund_line_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["refund_id", "sale_id"],
            ["pos_refund.id", "pos_refund.sale_id"],
            name=op.f("fk_pos_refund_line_refund_id_sale_id"),
        ),
        sa.ForeignKeyConstraint(
            ["sale_id", "sale_position"],
            ["pos_sale_line.sale_id", "pos_sale_line.position"],
            name=op.f("fk_pos_refund_line_sale_id_sale_position"),
        ),
        sa.ForeignKeyConstraint(["variant_id"], ["catalog_variant.id"], name=op.f("fk_pos_refund_line_variant_id")),
        sa.PrimaryKeyConstraint("refund_id", "position", name=op.f("pk_pos_refund_line")),
        sa.UniqueConstraint("refund_id", "sale_position", name=op.f("uq_pos_refund_line_refund_id_sale_position")),
    )
    op.create_index(
        op.f("ix_pos_refund_line_sale_id_sale_position"), "pos_refund_line", ["sale_id", "sale_position"], unique=False
    )
    op.create_index(op.f("ix_pos_refund_line_variant_id"), "pos_refund_line", ["variant_id"], unique=False)
    op.create_table(
        "pos_refund_tax",
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("rate", sa.Numeric(7, 4), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("gross_minor = net_minor + tax_minor", name=op.f("ck_pos_refund_tax_gross_adds_up")),
        sa.ForeignKeyConstraint(["refund_id"], ["pos_refund.id"], name=op.f("fk_pos_refund_tax_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", "rate", name=op.f("pk_pos_refund_tax")),
    )
    op.create_table(
        "pos_refund_payment",
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("card_brand", sa.Text(), nullable=True),
        sa.Column("card_last4", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "amount_minor > 0 OR amount_minor = 0 AND kind = 'cash'", name=op.f("ck_pos_refund_payment_amount_in_range")
        ),
        sa.CheckConstraint("card_last4 ~ '^[0-9]{4}$'", name=op.f("ck_pos_refund_payment_last_four_only")),
        sa.CheckConstraint("kind IN ('cash', 'card')", name=op.f("ck_pos_refund_payment_kind_known")),
        sa.ForeignKeyConstraint(["refund_id"], ["pos_refund.id"], name=op.f("fk_pos_refund_payment_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", "position", name=op.f("pk_pos_refund_payment")),
        sa.UniqueConstraint("id", name=op.f("uq_pos_refund_payment_id")),
        sa.UniqueConstraint("refund_id", "reference", name=op.f("uq_pos_refund_payment_refund_id_reference")),
    )
    op.create_table(
        "pos_refund_approval",
        sa.Column("refund_id", sa.Uuid(), nullable=False),
        sa.Column("permission", sa.Text(), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=False),
        sa.Column("approver_name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["refund_id"], ["pos_refund.id"], name=op.f("fk_pos_refund_approval_refund_id")),
        sa.PrimaryKeyConstraint("refund_id", name=op.f("pk_pos_refund_approval")),
    )


def downgrade() -> None:
    """Drop the refunds; what they moved in ledgers stays, so that the old lists of kinds hold for new rows only."""
    for table in reversed(IMMUTABLE):
        op.drop_table(table)
    for function in FUNCTIONS:
        op.execute(f"DROP FUNCTION {function}")
    for table, old, new, kinds in KINDS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT {new}")
        op.execute(f"ALTER TABLE {table} ADD CONSTRAINT {old} CHECK (kind IN ({kinds})) NOT VALID")
