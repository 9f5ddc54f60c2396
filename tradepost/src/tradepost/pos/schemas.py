"""What the till's routes take and give; money in minor units, quantities and prices as exact decimal text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    model_validator,
)
from pydantic import WithJsonSchema as JsonSchema

from tradepost.money.exact import refuse_float

MOST_LINES = 1000
MOST_TENDERS = 20
# Far above any till, far below what bigint sums could not hold.
MOST_MINOR = 10**12

Minor = Annotated[int, Field(ge=0, le=MOST_MINOR, strict=True, examples=[249])]


def _plain(value: Decimal) -> Decimal:
    """Write 1.0 as 1, so that equal quantities have equal text."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


Quantity = Annotated[
    Decimal,
    BeforeValidator(refuse_float),
    Field(gt=0, le=1_000_000, decimal_places=3, allow_inf_nan=False),
    AfterValidator(_plain),
    JsonSchema({"type": "string", "pattern": r"^[0-9]{1,7}(\.[0-9]{1,3})?$", "examples": ["1"]}),
]
Percent = Annotated[
    Decimal,
    BeforeValidator(refuse_float),
    Field(gt=0, le=100, decimal_places=4, allow_inf_nan=False),
    JsonSchema({"type": "string", "pattern": r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)$", "examples": ["10"]}),
]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class RegisterIn(_In):
    """A till to set up; `code` heads its receipt numbers."""

    id: UUID
    store_id: UUID
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,8}$", examples=["HS1"])]
    name: Annotated[str, Field(min_length=1, max_length=60, examples=["Till 1"])]


class OpenShiftOut(BaseModel):
    """The open shift of a register."""

    id: UUID
    opened_at: datetime
    opened_by_name: str
    float_minor: int


class RegisterOut(BaseModel):
    """A till and its open shift."""

    id: UUID
    code: str
    name: str
    store_id: UUID
    store_name: str
    open_shift: OpenShiftOut | None


class RegistersOut(BaseModel):
    """All registers."""

    items: list[RegisterOut]


class JournalCheckOut(BaseModel):
    """The check of a register's journal: `broken_at` is the sequence of the first entry that does not fit."""

    entries: int
    is_intact: bool
    broken_at: int | None


class ShiftIn(_In):
    """Opening a register: the money in the drawer."""

    id: UUID
    register_id: UUID
    float_minor: Minor


class ShiftCloseIn(_In):
    """Closing a register: the money counted."""

    counted_minor: Minor


class ShiftOut(BaseModel):
    """A shift; what was expected is told only after the count."""

    id: UUID
    register_id: UUID
    register_name: str
    store_id: UUID
    store_name: str
    currency: str
    opened_at: datetime
    opened_by_name: str
    float_minor: int
    closed_at: datetime | None
    closed_by_name: str | None
    counted_minor: int | None
    expected_minor: int | None
    difference_minor: int | None
    sales_count: int
    takings_minor: int
    cash_minor: int
    card_minor: int


class ShiftsOut(BaseModel):
    """A page of shifts, newest first."""

    items: list[ShiftOut]
    next_cursor: str | None
    total: int


class TileOut(BaseModel):
    """A product as the till shows it; `on_hand` is null where no stock is kept."""

    variant_id: UUID
    name: str
    sku: str | None
    barcode: str | None
    price: Decimal
    currency: str
    tax_rate: Decimal
    unit: str
    on_hand: Decimal | None


class TilesOut(BaseModel):
    """Products found."""

    items: list[TileOut]


class DiscountIn(_In):
    """A discount: a percentage, or an amount in minor units."""

    kind: Literal["percent", "amount"]
    value: Percent | None = None
    value_minor: Annotated[int, Field(gt=0, le=MOST_MINOR, strict=True)] | None = None

    @model_validator(mode="after")
    def _has_its_value(self) -> "DiscountIn":
        if (self.value is None) == (self.kind == "percent") or (self.value_minor is None) == (self.kind == "amount"):
            raise ValueError("give value for a percentage, value_minor for an amount, and not both")
        return self


class SaleLineIn(_In):
    """A line of the ticket."""

    id: UUID
    variant_id: UUID
    quantity: Quantity
    discount: DiscountIn | None = None


class TenderIn(_In):
    """What was handed over or charged; never a card number (rule 42)."""

    id: UUID
    kind: Literal["cash", "card"]
    amount_minor: Minor
    reference: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    card_brand: Annotated[str, Field(pattern=r"^[A-Za-z ]{1,20}$")] | None = None
    card_last4: Annotated[str, Field(pattern=r"^[0-9]{4}$")] | None = None


class SaleIn(_In):
    """A ticket to be sold; `expected_total_minor` is what the till showed, `device_at` its clock."""

    id: UUID
    register_id: UUID
    shift_id: UUID
    device_at: AwareDatetime
    lines: Annotated[list[SaleLineIn], Field(min_length=1, max_length=MOST_LINES)]
    discount: DiscountIn | None = None
    tenders: Annotated[list[TenderIn], Field(max_length=MOST_TENDERS)]
    expected_total_minor: Minor
    rung_up_by: Annotated[str, Field(max_length=200)] | None = Field(
        default=None, description="The mark of the session at the till in which it was rung up, where there is one"
    )

    @model_validator(mode="after")
    def _ids_are_unique(self) -> "SaleIn":
        if len({line.id for line in self.lines}) < len(self.lines):
            raise ValueError("two lines have the same id")
        if len({tender.id for tender in self.tenders}) < len(self.tenders):
            raise ValueError("two tenders have the same id")
        return self


class SaleApprovalIn(_In):
    """The ticket as it will be sold, and the PIN of who approves what the cashier may not do alone."""

    sale: SaleIn
    approver_id: UUID
    pin: Annotated[SecretStr, Field(min_length=4, max_length=8, examples=["4711"])]


class SaleApprovalOut(BaseModel):
    """An approval of this one sale: the header `X-Approval` carries its `token`, once, until `expires_at`."""

    token: str
    approver_name: str
    expires_at: datetime


class SaleStoreOut(BaseModel):
    """The store on the receipt."""

    id: UUID
    name: str
    time_zone: str
    receipt_header: list[str]
    receipt_footer: list[str]


class SaleLineOut(BaseModel):
    """A sold line."""

    id: UUID
    variant_id: UUID
    name: str
    sku: str | None
    barcode: str | None
    quantity: Decimal
    unit: str
    unit_price: Decimal
    tax_rate: Decimal
    list_minor: int
    discount_minor: int
    ticket_discount_minor: int
    total_minor: int
    net_minor: int
    tax_minor: int


class SaleTaxOut(BaseModel):
    """The tax of one rate."""

    rate: Decimal
    net_minor: int
    tax_minor: int
    gross_minor: int


class TenderOut(BaseModel):
    """What was tendered."""

    id: UUID
    kind: Literal["cash", "card"]
    amount_minor: int
    reference: str | None
    card_brand: str | None
    card_last4: str | None


class JournalOut(BaseModel):
    """The sale's link in the register's hash chain."""

    sequence: int
    hash: str


class SaleOut(BaseModel):
    """A completed sale with everything its receipt shows."""

    id: UUID
    receipt_number: str
    store: SaleStoreOut
    register_id: UUID
    register_name: str
    shift_id: UUID
    cashier_name: str
    sold_at: datetime
    business_day: date
    currency: str
    prices_include_tax: bool
    rounding_level: str
    rounding_mode: str
    lines: list[SaleLineOut]
    taxes: list[SaleTaxOut]
    subtotal_minor: int
    discount_minor: int
    net_minor: int
    tax_minor: int
    total_minor: int
    cash_rounding_minor: int
    payable_minor: int
    tenders: list[TenderOut]
    change_minor: int
    journal: JournalOut
    approved_by_name: str | None = None


class SaleSummaryOut(BaseModel):
    """A sale in a list."""

    id: UUID
    receipt_number: str
    sold_at: datetime
    register_name: str
    cashier_name: str
    total_minor: int
    currency: str
    lines_count: int


class CashierOut(BaseModel):
    """Somebody who rang up sales, as their newest one names them."""

    id: UUID
    name: str


class CashiersOut(BaseModel):
    """Who rang up sales, by name."""

    items: list[CashierOut]


class SalesOut(BaseModel):
    """A page of sales, newest first."""

    items: list[SaleSummaryOut]
    next_cursor: str | None
    total: int


@dataclass(frozen=True, slots=True)
class JournalEntryIn:
    """What enters a journal: the kind and id of a document, its moment, and figures without personal data."""

    kind: str
    document_id: UUID
    moment: datetime
    figures: Mapping[str, str | int]


@dataclass(frozen=True, slots=True)
class ApprovalIn:
    """Who approved what on which sale."""

    sale_id: UUID
    permission: str
    approver_id: UUID
    approver_name: str
