"""Registers, shifts, sales, the journal, and the functions that write them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from mainstay.db.migrate import append_only, run_script

revision: str = "t0004"
down_revision: str | None = "t0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

IMMUTABLE = ("pos_sale", "pos_sale_line", "pos_sale_tax", "pos_payment", "pos_journal")
FUNCTIONS = ("pos_assert_sums", "pos_journal", "pos_checkout")


def upgrade() -> None:
    """Create the till."""
    op.create_table(
        "pos_register",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("next_number", sa.BigInteger(), server_default=sa.text("1"), nullable=False),
        sa.Column("journal_sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("journal_hash", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("open_shift_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name=op.f("ck_pos_register_code_form")),
        sa.CheckConstraint("next_number > 0", name=op.f("ck_pos_register_next_number_positive")),
        sa.ForeignKeyConstraint(["store_id"], ["shop_store.id"], name=op.f("fk_pos_register_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_register")),
        sa.UniqueConstraint("code", name=op.f("uq_pos_register_code")),
    )
    op.create_index(op.f("ix_pos_register_store_id"), "pos_register", ["store_id"], unique=False)
    op.create_table(
        "pos_journal",
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('shift_opened', 'sale', 'shift_closed')", name=op.f("ck_pos_journal_kind_known")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_pos_journal_hash_form")),
        sa.ForeignKeyConstraint(["register_id"], ["pos_register.id"], name=op.f("fk_pos_journal_register_id")),
        sa.PrimaryKeyConstraint("register_id", "sequence", name=op.f("pk_pos_journal")),
    )
    op.create_index(op.f("ix_pos_journal_document_id"), "pos_journal", ["document_id"], unique=False)
    op.create_table(
        "pos_shift",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_by_name", sa.Text(), nullable=False),
        sa.Column("float_minor", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("closed_by_name", sa.Text(), nullable=True),
        sa.Column("counted_minor", sa.BigInteger(), nullable=True),
        sa.Column("expected_minor", sa.BigInteger(), nullable=True),
        sa.Column("difference_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "(closed_at IS NULL) = (counted_minor IS NULL) AND (closed_at IS NULL) = (expected_minor IS NULL)"
            " AND (closed_at IS NULL) = (difference_minor IS NULL)",
            name=op.f("ck_pos_shift_closed_with_a_count"),
        ),
        sa.CheckConstraint("counted_minor >= 0", name=op.f("ck_pos_shift_count_not_negative")),
        sa.CheckConstraint(
            "difference_minor = counted_minor - expected_minor", name=op.f("ck_pos_shift_difference_adds_up")
        ),
        sa.CheckConstraint("float_minor >= 0", name=op.f("ck_pos_shift_float_not_negative")),
        sa.ForeignKeyConstraint(["register_id"], ["pos_register.id"], name=op.f("fk_pos_shift_register_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_shift")),
    )
    op.create_index(op.f("ix_pos_shift_register_id_opened_at"), "pos_shift", ["register_id", "opened_at"], unique=False)
    op.create_index(
        "uq_pos_shift_open", "pos_shift", ["register_id"], unique=True, postgresql_where=sa.text("closed_at IS NULL")
    )
    op.create_table(
        "pos_sale",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("register_id", sa.Uuid(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("receipt_number", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("cashier_id", sa.Uuid(), nullable=False),
        sa.Column("cashier_name", sa.Text(), nullable=False),
        sa.Column("register_name", sa.Text(), nullable=False),
        sa.Column("sold_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("prices_include_tax", sa.Boolean(), nullable=False),
        sa.Column("rounding_level", sa.Text(), nullable=False),
        sa.Column("rounding_mode", sa.Text(), nullable=False),
        sa.Column("lines_count", sa.Integer(), nullable=False),
        sa.Column("subtotal_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("cash_rounding_minor", sa.BigInteger(), nullable=False),
        sa.Column("payable_minor", sa.BigInteger(), nullable=False),
        sa.Column("cash_minor", sa.BigInteger(), nullable=False),
        sa.Column("card_minor", sa.BigInteger(), nullable=False),
        sa.Column("change_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "cash_minor + card_minor - change_minor = payable_minor", name=op.f("ck_pos_sale_paid_in_full")
        ),
        sa.CheckConstraint(
            "change_minor >= 0 AND change_minor <= cash_minor", name=op.f("ck_pos_sale_change_from_cash")
        ),
        sa.CheckConstraint(
            "lines_count > 0 AND total_minor >= 0 AND discount_minor >= 0", name=op.f("ck_pos_sale_figures_in_range")
        ),
        sa.CheckConstraint(
            "payable_minor = total_minor + cash_rounding_minor", name=op.f("ck_pos_sale_payable_adds_up")
        ),
        sa.CheckConstraint("total_minor = net_minor + tax_minor", name=op.f("ck_pos_sale_total_adds_up")),
        sa.ForeignKeyConstraint(["register_id"], ["pos_register.id"], name=op.f("fk_pos_sale_register_id")),
        sa.ForeignKeyConstraint(["shift_id"], ["pos_shift.id"], name=op.f("fk_pos_sale_shift_id")),
        sa.ForeignKeyConstraint(["store_id"], ["shop_store.id"], name=op.f("fk_pos_sale_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pos_sale")),
        sa.UniqueConstraint("receipt_number", name=op.f("uq_pos_sale_receipt_number")),
        sa.UniqueConstraint("register_id", "number", name=op.f("uq_pos_sale_register_id_number")),
    )
    op.create_index(op.f("ix_pos_sale_shift_id_sold_at"), "pos_sale", ["shift_id", "sold_at"], unique=False)
    op.create_index(
        op.f("ix_pos_sale_store_id_business_day_sold_at"),
        "pos_sale",
        ["store_id", "business_day", "sold_at"],
        unique=False,
    )
    op.create_table(
        "pos_payment",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("card_brand", sa.Text(), nullable=True),
        sa.Column("card_last4", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "amount_minor > 0 OR amount_minor = 0 AND kind = 'cash'", name=op.f("ck_pos_payment_amount_in_range")
        ),
        sa.CheckConstraint("card_last4 ~ '^[0-9]{4}$'", name=op.f("ck_pos_payment_last_four_only")),
        sa.CheckConstraint("kind IN ('cash', 'card')", name=op.f("ck_pos_payment_kind_known")),
        sa.ForeignKeyConstraint(["sale_id"], ["pos_sale.id"], name=op.f("fk_pos_payment_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_pos_payment")),
        sa.UniqueConstraint("id", name=op.f("uq_pos_payment_id")),
        sa.UniqueConstraint("sale_id", "reference", name=op.f("uq_pos_payment_sale_id_reference")),
    )
    op.create_table(
        "pos_sale_line",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("quantity", sa.Numeric(precision=14, scale=3), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=18, scale=6), nullable=False),
        sa.Column("cost", sa.Numeric(precision=18, scale=6), nullable=True),
        sa.Column("tax_rate", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("list_minor", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("ticket_discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "discount_minor >= 0 AND ticket_discount_minor >= 0 AND total_minor >= 0",
            name=op.f("ck_pos_sale_line_in_range"),
        ),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_pos_sale_line_quantity_positive")),
        sa.CheckConstraint(
            "total_minor = list_minor - discount_minor - ticket_discount_minor",
            name=op.f("ck_pos_sale_line_total_adds_up"),
        ),
        sa.CheckConstraint("unit_price >= 0 AND tax_rate >= 0", name=op.f("ck_pos_sale_line_price_not_negative")),
        sa.ForeignKeyConstraint(["sale_id"], ["pos_sale.id"], name=op.f("fk_pos_sale_line_sale_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["catalog_variant.id"], name=op.f("fk_pos_sale_line_variant_id")),
        sa.PrimaryKeyConstraint("sale_id", "position", name=op.f("pk_pos_sale_line")),
    )
    op.create_index(op.f("ix_pos_sale_line_variant_id"), "pos_sale_line", ["variant_id"], unique=False)
    op.create_table(
        "pos_sale_tax",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("rate", sa.Numeric(precision=7, scale=4), nullable=False),
        sa.Column("net_minor", sa.BigInteger(), nullable=False),
        sa.Column("tax_minor", sa.BigInteger(), nullable=False),
        sa.Column("gross_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("gross_minor = net_minor + tax_minor", name=op.f("ck_pos_sale_tax_gross_adds_up")),
        sa.ForeignKeyConstraint(["sale_id"], ["pos_sale.id"], name=op.f("fk_pos_sale_tax_sale_id")),
        sa.PrimaryKeyConstraint("sale_id", "rate", name=op.f("pk_pos_sale_tax")),
    )
    op.create_foreign_key(op.f("fk_pos_register_open_shift_id"), "pos_register", "pos_shift", ["open_shift_id"], ["id"])
    for table in IMMUTABLE:
        append_only(table)
    for function in FUNCTIONS:
        run_script(("tradepost.migrations.sql", f"{function}_1.sql"))


def downgrade() -> None:
    """Drop the till."""
    op.execute("DROP FUNCTION pos_checkout")
    op.execute("DROP FUNCTION pos_append_journal")
    op.execute("DROP FUNCTION pos_assert_sums")
    op.drop_constraint(op.f("fk_pos_register_open_shift_id"), "pos_register", type_="foreignkey")
    op.drop_table("pos_sale_tax")
    op.drop_index(op.f("ix_pos_sale_line_variant_id"), table_name="pos_sale_line")
    op.drop_table("pos_sale_line")
    op.drop_table("pos_payment")
    op.drop_index(op.f("ix_pos_sale_store_id_business_day_sold_at"), table_name="pos_sale")
    op.drop_index(op.f("ix_pos_sale_shift_id_sold_at"), table_name="pos_sale")
    op.drop_table("pos_sale")
    op.drop_index("uq_pos_shift_open", table_name="pos_shift", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index(op.f("ix_pos_shift_register_id_opened_at"), table_name="pos_shift")
    op.drop_table("pos_shift")
    op.drop_index(op.f("ix_pos_journal_document_id"), table_name="pos_journal")
    op.drop_table("pos_journal")
    op.drop_index(op.f("ix_pos_register_store_id"), table_name="pos_register")
    op.drop_table("pos_register")
