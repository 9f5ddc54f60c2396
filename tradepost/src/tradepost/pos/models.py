"""Registers, shifts, sales and refunds with their lines, taxes and payments, and the journal.

Sales and refunds are append-only (rule 16).
"""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

PRICE = Numeric(18, 6)
QUANTITY = Numeric(14, 3)
RATE = Numeric(7, 4)


class Register(Base):
    """A till: its receipt series (rule 17) and the end of its journal chain."""

    __tablename__ = "pos_register"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code ~ '^[A-Z0-9]{1,8}$'", name="code_form"),
        CheckConstraint("next_number > 0", name="next_number_positive"),
        CheckConstraint("archived_at IS NULL OR open_shift_id IS NULL", name="archived_is_closed"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(ForeignKey("shop_store.id"), index=True)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    next_number: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))
    journal_sequence: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    journal_hash: Mapped[str] = mapped_column(Text, server_default=text("''"))
    open_shift_id: Mapped[UUID | None] = mapped_column(ForeignKey("pos_shift.id", use_alter=True))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    archived_at: Mapped[datetime | None]


class Shift(Base):
    """The time between opening a register with a float and closing it with a count (rule 21)."""

    __tablename__ = "pos_shift"
    __table_args__ = (
        CheckConstraint("float_minor >= 0", name="float_not_negative"),
        CheckConstraint("counted_minor >= 0", name="count_not_negative"),
        CheckConstraint("difference_minor = counted_minor - expected_minor", name="difference_adds_up"),
        CheckConstraint(
            "(closed_at IS NULL) = (counted_minor IS NULL) AND (closed_at IS NULL) = (expected_minor IS NULL)"
            " AND (closed_at IS NULL) = (difference_minor IS NULL)",
            name="closed_with_a_count",
        ),
        # One open shift per register.
        Index("uq_pos_shift_open", "register_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index(None, "register_id", "opened_at"),
        Index(None, "opened_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    register_id: Mapped[UUID] = mapped_column(ForeignKey("pos_register.id"))
    currency: Mapped[str] = mapped_column(Text)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[UUID | None]
    opened_by_name: Mapped[str] = mapped_column(Text)
    float_minor: Mapped[int] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[UUID | None]
    closed_by_name: Mapped[str | None] = mapped_column(Text)
    counted_minor: Mapped[int | None] = mapped_column(BigInteger)
    expected_minor: Mapped[int | None] = mapped_column(BigInteger)
    difference_minor: Mapped[int | None] = mapped_column(BigInteger)


class Sale(Base):
    """A completed sale; immutable. Its figures are those of the priced ticket."""

    __tablename__ = "pos_sale"
    __table_args__ = (
        UniqueConstraint("receipt_number"),
        UniqueConstraint("register_id", "number"),
        CheckConstraint("payable_minor = total_minor + cash_rounding_minor", name="payable_adds_up"),
        CheckConstraint("total_minor = net_minor + tax_minor", name="total_adds_up"),
        CheckConstraint("cash_minor + card_minor - change_minor = payable_minor", name="paid_in_full"),
        CheckConstraint("change_minor >= 0 AND change_minor <= cash_minor", name="change_from_cash"),
        CheckConstraint("lines_count > 0 AND total_minor >= 0 AND discount_minor >= 0", name="figures_in_range"),
        Index(None, "store_id", "business_day", "sold_at"),
        Index(None, "shift_id", "sold_at"),
        Index(None, "sold_at", "id"),
        Index(None, "cashier_id", "sold_at", "id"),
        Index(None, "total_minor", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    register_id: Mapped[UUID] = mapped_column(ForeignKey("pos_register.id"))
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("pos_shift.id"))
    store_id: Mapped[UUID] = mapped_column(ForeignKey("shop_store.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    # Compared by its characters, so that its index finds beginnings.
    receipt_number: Mapped[str] = mapped_column(Text(collation="C"))
    content_hash: Mapped[str] = mapped_column(Text)
    cashier_id: Mapped[UUID]
    cashier_name: Mapped[str] = mapped_column(Text)
    register_name: Mapped[str] = mapped_column(Text)
    sold_at: Mapped[datetime]
    device_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    business_day: Mapped[date]
    currency: Mapped[str] = mapped_column(Text)
    prices_include_tax: Mapped[bool]
    rounding_level: Mapped[str] = mapped_column(Text)
    rounding_mode: Mapped[str] = mapped_column(Text)
    lines_count: Mapped[int] = mapped_column(Integer)
    subtotal_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    cash_rounding_minor: Mapped[int] = mapped_column(BigInteger)
    payable_minor: Mapped[int] = mapped_column(BigInteger)
    cash_minor: Mapped[int] = mapped_column(BigInteger)
    card_minor: Mapped[int] = mapped_column(BigInteger)
    change_minor: Mapped[int] = mapped_column(BigInteger)


class SaleLine(Base):
    """A line with everything it needs copied at the time of sale (rule 9)."""

    __tablename__ = "pos_sale_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price >= 0 AND tax_rate >= 0", name="price_not_negative"),
        CheckConstraint("total_minor = list_minor - discount_minor - ticket_discount_minor", name="total_adds_up"),
        CheckConstraint("discount_minor >= 0 AND ticket_discount_minor >= 0 AND total_minor >= 0", name="in_range"),
        Index(None, "variant_id"),
    )

    sale_id: Mapped[UUID] = mapped_column(ForeignKey("pos_sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[UUID]
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_variant.id"))
    name: Mapped[str] = mapped_column(Text)
    sku: Mapped[str | None] = mapped_column(Text)
    barcode: Mapped[str | None] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    unit: Mapped[str] = mapped_column(Text)
    unit_price: Mapped[Decimal] = mapped_column(PRICE)
    cost: Mapped[Decimal | None] = mapped_column(PRICE)
    tax_rate: Mapped[Decimal] = mapped_column(RATE)
    list_minor: Mapped[int] = mapped_column(BigInteger)
    discount_minor: Mapped[int] = mapped_column(BigInteger)
    ticket_discount_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)


class SaleTax(Base):
    """The tax of a sale for one rate."""

    __tablename__ = "pos_sale_tax"
    __table_args__ = (CheckConstraint("gross_minor = net_minor + tax_minor", name="gross_adds_up"),)

    sale_id: Mapped[UUID] = mapped_column(ForeignKey("pos_sale.id"), primary_key=True)
    rate: Mapped[Decimal] = mapped_column(RATE, primary_key=True)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    gross_minor: Mapped[int] = mapped_column(BigInteger)


class SaleApproval(Base):
    """Who approved what a cashier could not do alone on a sale: `permission` is the right that it needed."""

    __tablename__ = "pos_sale_approval"

    sale_id: Mapped[UUID] = mapped_column(ForeignKey("pos_sale.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(Text)
    approver_id: Mapped[UUID]
    approver_name: Mapped[str] = mapped_column(Text)


class Payment(Base):
    """What was tendered: cash as handed over, or a card with brand, last four and terminal reference (rule 42)."""

    __tablename__ = "pos_payment"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("sale_id", "reference"),
        CheckConstraint("kind IN ('cash', 'card')", name="kind_known"),
        # A cash tender of nothing says that a remainder which rounds to nothing was settled in cash.
        CheckConstraint("amount_minor > 0 OR amount_minor = 0 AND kind = 'cash'", name="amount_in_range"),
        CheckConstraint("card_last4 ~ '^[0-9]{4}$'", name="last_four_only"),
    )

    sale_id: Mapped[UUID] = mapped_column(ForeignKey("pos_sale.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str | None] = mapped_column(Text)
    card_brand: Mapped[str | None] = mapped_column(Text)
    card_last4: Mapped[str | None] = mapped_column(Text)


class Refund(Base):
    """Money given back for goods of a sale; immutable, and counted in the shift and on the day it was given back.

    Triggers see to it that all refunds of a sale give back no more than was sold and paid (rule 14).
    """

    __tablename__ = "pos_refund"
    __table_args__ = (
        UniqueConstraint("receipt_number"),
        UniqueConstraint("register_id", "number"),
        UniqueConstraint("id", "sale_id"),
        CheckConstraint("payable_minor = total_minor + cash_rounding_minor", name="payable_adds_up"),
        CheckConstraint("total_minor = net_minor + tax_minor", name="total_adds_up"),
        CheckConstraint("cash_minor + card_minor = payable_minor", name="paid_out"),
        CheckConstraint(
            "lines_count > 0 AND net_minor >= 0 AND tax_minor >= 0 AND cash_minor >= 0 AND card_minor >= 0",
            name="figures_in_range",
        ),
        Index(None, "sale_id"),
        Index(None, "shift_id", "refunded_at"),
        Index(None, "store_id", "business_day", "refunded_at"),
        Index(None, "refunded_at", "id"),
        Index(None, "cashier_id", "refunded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    sale_id: Mapped[UUID] = mapped_column(ForeignKey("pos_sale.id"))
    register_id: Mapped[UUID] = mapped_column(ForeignKey("pos_register.id"))
    shift_id: Mapped[UUID] = mapped_column(ForeignKey("pos_shift.id"))
    store_id: Mapped[UUID] = mapped_column(ForeignKey("shop_store.id"))
    number: Mapped[int] = mapped_column(BigInteger)
    receipt_number: Mapped[str] = mapped_column(Text(collation="C"))
    content_hash: Mapped[str] = mapped_column(Text)
    cashier_id: Mapped[UUID]
    cashier_name: Mapped[str] = mapped_column(Text)
    register_name: Mapped[str] = mapped_column(Text)
    refunded_at: Mapped[datetime]
    device_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    business_day: Mapped[date]
    currency: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    lines_count: Mapped[int] = mapped_column(Integer)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    cash_rounding_minor: Mapped[int] = mapped_column(BigInteger)
    payable_minor: Mapped[int] = mapped_column(BigInteger)
    cash_minor: Mapped[int] = mapped_column(BigInteger)
    card_minor: Mapped[int] = mapped_column(BigInteger)


class RefundLine(Base):
    """What of a sold line came back: `goods` says whether it went to stock; `total_minor` counts as the sold line's."""

    __tablename__ = "pos_refund_line"
    __table_args__ = (
        ForeignKeyConstraint(["refund_id", "sale_id"], ["pos_refund.id", "pos_refund.sale_id"]),
        ForeignKeyConstraint(["sale_id", "sale_position"], ["pos_sale_line.sale_id", "pos_sale_line.position"]),
        UniqueConstraint("refund_id", "sale_position"),
        CheckConstraint("goods IN ('to_stock', 'damaged')", name="goods_known"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "net_minor >= 0 AND tax_minor >= 0 AND total_minor IN (net_minor, net_minor + tax_minor)", name="in_range"
        ),
        Index(None, "sale_id", "sale_position"),
        Index(None, "variant_id"),
    )

    refund_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    sale_id: Mapped[UUID]
    sale_position: Mapped[int] = mapped_column(Integer)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_variant.id"))
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    goods: Mapped[str] = mapped_column(Text)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)


class RefundTax(Base):
    """The tax given back for one rate of the sale."""

    __tablename__ = "pos_refund_tax"
    __table_args__ = (CheckConstraint("gross_minor = net_minor + tax_minor", name="gross_adds_up"),)

    refund_id: Mapped[UUID] = mapped_column(ForeignKey("pos_refund.id"), primary_key=True)
    rate: Mapped[Decimal] = mapped_column(RATE, primary_key=True)
    net_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    gross_minor: Mapped[int] = mapped_column(BigInteger)


class RefundPayment(Base):
    """How money was given back: cash out of the drawer, or on the card terminal by hand (rule 42)."""

    __tablename__ = "pos_refund_payment"
    __table_args__ = (
        UniqueConstraint("id"),
        UniqueConstraint("refund_id", "reference"),
        CheckConstraint("kind IN ('cash', 'card')", name="kind_known"),
        CheckConstraint("amount_minor > 0 OR amount_minor = 0 AND kind = 'cash'", name="amount_in_range"),
        CheckConstraint("card_last4 ~ '^[0-9]{4}$'", name="last_four_only"),
    )

    refund_id: Mapped[UUID] = mapped_column(ForeignKey("pos_refund.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str | None] = mapped_column(Text)
    card_brand: Mapped[str | None] = mapped_column(Text)
    card_last4: Mapped[str | None] = mapped_column(Text)


class RefundApproval(Base):
    """Who approved a refund that the cashier could not give alone."""

    __tablename__ = "pos_refund_approval"

    refund_id: Mapped[UUID] = mapped_column(ForeignKey("pos_refund.id"), primary_key=True)
    permission: Mapped[str] = mapped_column(Text)
    approver_id: Mapped[UUID]
    approver_name: Mapped[str] = mapped_column(Text)


class JournalEntry(Base):
    """A link of a register's hash chain (rule 40)."""

    __tablename__ = "pos_journal"
    __table_args__ = (
        CheckConstraint("kind IN ('shift_opened', 'sale', 'shift_closed', 'refund')", name="kind_listed"),
        CheckConstraint("length(hash) = 64", name="hash_form"),
        Index(None, "document_id"),
    )

    register_id: Mapped[UUID] = mapped_column(ForeignKey("pos_register.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    document_id: Mapped[UUID]
    happened_at: Mapped[datetime]
    payload: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(Text)
