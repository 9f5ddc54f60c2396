"""What the shop routes take and give; rates are exact decimal text in percent."""

import unicodedata
from datetime import date, time
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, StringConstraints
from pydantic import WithJsonSchema as JsonSchema

MOST_RATES = 20

RoundingLevel = Literal["line", "document"]
RoundingMode = Literal["half_up", "half_even", "half_down", "up", "down"]
NegativeStock = Literal["refuse", "allow"]


def _plain(value: Decimal) -> Decimal:
    """Write 20.00 as 20, so that equal rates have equal text."""
    return Decimal(f"{value.normalize():f}")


def _no_float(value: object) -> object:
    """Refuse JSON numbers with a point: they are binary floats on the way (rule 1)."""
    if isinstance(value, float):
        raise ValueError('send the number as text, such as "5.5"')  # noqa: TRY004  pydantic wants a ValueError
    return value


def _line(value: str) -> str:
    """Refuse control characters, which have no place on a receipt; joiners that scripts need are none."""
    if any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in value):
        raise ValueError("control characters and line breaks are not allowed")
    return unicodedata.normalize("NFC", value)


Percent = Annotated[
    Decimal,
    BeforeValidator(_no_float),
    Field(ge=0, le=100, max_digits=7, decimal_places=4, allow_inf_nan=False),
    AfterValidator(_plain),
    JsonSchema({"type": "string", "pattern": r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)$", "examples": ["5.5"]}),
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_line)]
ReceiptLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=42), AfterValidator(_line)]
ReceiptLines = Annotated[list[ReceiptLine], Field(max_length=10)]
ZoneName = Annotated[str, Field(min_length=1, max_length=64, examples=["Europe/Paris"])]
TimeOfDay = Annotated[
    time,
    PlainSerializer(lambda value: value.strftime("%H:%M"), return_type=str),
    JsonSchema({"type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$", "examples": ["04:00"]}),
]


def _whole_minute(value: object) -> object:
    """Accept a time of day as HH:MM text alone."""
    if isinstance(value, str) and (len(value) != len("04:00") or not value.isascii()):
        raise ValueError("write the time as HH:MM")
    if not isinstance(value, str | time):
        raise ValueError("write the time as HH:MM")  # noqa: TRY004  pydantic wants a ValueError
    return value


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class TaxRateIn(_In):
    """A tax rate of the business, in percent."""

    rate: Percent
    name: Name = Field(examples=["VAT 5.5 %"])


class CashRoundingIn(_In):
    """How cash is rounded: the smallest coin, and what exact halves become for an amount due and for change."""

    increment_minor: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]
    due_tie: RoundingMode
    change_tie: RoundingMode
    above_minor: Annotated[int, Field(ge=0, le=1_000_000, strict=True)] = 0


class StoreIn(_In):
    """A store to set up; `day_cutoff` is the time at which its business day begins."""

    id: UUID
    code: Annotated[str, Field(pattern=r"^[A-Z0-9]{1,6}$", examples=["HS"])]
    name: Name = Field(examples=["High Street"])
    time_zone: ZoneName
    day_cutoff: Annotated[TimeOfDay, BeforeValidator(_whole_minute)] = time(4)
    prices_include_tax: bool = True
    rounding_level: RoundingLevel = "document"
    rounding_mode: RoundingMode = "half_up"
    cash_rounding: CashRoundingIn | None = None
    negative_stock: NegativeStock = "refuse"
    receipt_header: ReceiptLines = []
    receipt_footer: ReceiptLines = []


class BusinessIn(_In):
    """The business to set up; the first of its tax rates holds where a product names none."""

    name: Name = Field(examples=["Corner Shop"])
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$", examples=["EUR"])]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", examples=["FR"])]
    time_zone: ZoneName
    tax_rates: Annotated[list[TaxRateIn], Field(min_length=1, max_length=MOST_RATES)]
    store: StoreIn


class BusinessOut(BaseModel):
    """The business; `currency_exponent` is the number of decimals of its currency."""

    name: str
    currency: str
    currency_exponent: int
    country: str
    time_zone: str


class TaxRateOut(BaseModel):
    """A tax rate of the business, in percent."""

    rate: Decimal
    name: str


class CashRoundingOut(BaseModel):
    """How cash is rounded."""

    increment_minor: int
    due_tie: RoundingMode
    change_tie: RoundingMode
    above_minor: int


class StoreOut(BaseModel):
    """A store with its present business day."""

    id: UUID
    code: str
    name: str
    time_zone: str
    day_cutoff: TimeOfDay
    prices_include_tax: bool
    rounding_level: RoundingLevel
    rounding_mode: RoundingMode
    cash_rounding: CashRoundingOut | None
    negative_stock: NegativeStock
    receipt_header: list[str]
    receipt_footer: list[str]
    business_day: date


class ShopOut(BaseModel):
    """The business, its stores and its tax rates; `business` is null before the first set-up."""

    business: BusinessOut | None
    stores: list[StoreOut]
    tax_rates: list[TaxRateOut]
