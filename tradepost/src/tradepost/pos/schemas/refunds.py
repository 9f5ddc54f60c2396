"""What the routes of refunds take and give; money in minor units, quantities as exact decimal text."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, model_validator

from tradepost.pos.schemas.sales import (
    MOST_LINES,
    MOST_TENDERS,
    JournalOut,
    Minor,
    Quantity,
    SaleStoreOut,
    SaleTaxOut,
    TenderIn,
    TenderOut,
)

Goods = Literal["to_stock", "damaged"]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RefundLineIn(_In):
    """What comes back of a sold line; `damaged` goods do not go back to stock."""

    line_id: UUID
    quantity: Quantity
    goods: Goods = "to_stock"


class RefundIn(_In):
    """Goods brought back against a receipt, at a register with an open shift.

    `expected_total_minor` is what the till showed the goods to be worth, before cash is rounded; the tenders are
    exactly what goes back, and never a card number (rule 42).
    """

    id: UUID
    sale_id: UUID
    register_id: UUID
    shift_id: UUID
    device_at: AwareDatetime
    lines: Annotated[list[RefundLineIn], Field(min_length=1, max_length=MOST_LINES)]
    reason: Annotated[str, Field(min_length=1, max_length=200, examples=["Does not fit"])]
    tenders: Annotated[list[TenderIn], Field(max_length=MOST_TENDERS)]
    expected_total_minor: Minor

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "RefundIn":
        if len({line.line_id for line in self.lines}) < len(self.lines):
            raise ValueError("a line of the sale is named twice")
        if len({tender.id for tender in self.tenders}) < len(self.tenders):
            raise ValueError("two tenders have the same id")
        return self


class RefundApprovalIn(_In):
    """The refund as it will be given, and the PIN of who approves what the cashier may not do alone."""

    refund: RefundIn
    approver_id: UUID
    pin: Annotated[SecretStr, Field(min_length=4, max_length=8, examples=["4711"])]


class RefundLineOut(BaseModel):
    """A line that came back."""

    line_id: UUID
    variant_id: UUID
    name: str
    sku: str | None
    quantity: Decimal
    unit: str
    tax_rate: Decimal
    goods: Goods
    total_minor: int
    net_minor: int
    tax_minor: int


class RefundOut(BaseModel):
    """A refund with everything its receipt shows."""

    id: UUID
    receipt_number: str
    sale_id: UUID
    sale_receipt_number: str
    store: SaleStoreOut
    register_id: UUID
    register_name: str
    shift_id: UUID
    cashier_name: str
    refunded_at: datetime
    business_day: date
    currency: str
    prices_include_tax: bool
    reason: str
    lines: list[RefundLineOut]
    taxes: list[SaleTaxOut]
    net_minor: int
    tax_minor: int
    total_minor: int
    cash_rounding_minor: int
    payable_minor: int
    tenders: list[TenderOut]
    journal: JournalOut
    approved_by_name: str | None


class RefundSummaryOut(BaseModel):
    """A refund in a list; `payable_minor` is the money that left."""

    id: UUID
    receipt_number: str
    sale_id: UUID
    sale_receipt_number: str
    refunded_at: datetime
    register_name: str
    cashier_name: str
    reason: str
    payable_minor: int
    currency: str
    lines_count: int


class RefundsOut(BaseModel):
    """A page of refunds, newest first."""

    items: list[RefundSummaryOut]
    next_cursor: str | None
    total: int


class LineLeftOut(BaseModel):
    """What was sold on a line (what it cost after all discounts), and how much of it was brought back so far."""

    line_id: UUID
    name: str
    unit: str
    quantity: Decimal
    refunded_quantity: Decimal
    net_minor: int
    tax_minor: int


class SaleLeftOut(BaseModel):
    """What of a sale has not been given back: goods by line, the money in all, and what was paid by card of it.

    The amount for a part of a line is the difference of two shares of `net_minor` + `tax_minor`, each rounded by
    `rounding_mode`: that of what has come back with this part, and that of what had come back before.
    """

    sale_id: UUID
    currency: str
    rounding_mode: str
    lines: list[LineLeftOut]
    payable_minor: int
    card_minor: int
    refunds: list[RefundSummaryOut]
