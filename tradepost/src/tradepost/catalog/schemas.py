"""What the catalogue's routes take and give; prices, rates and quantities are exact decimal text."""

import unicodedata
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import WithJsonSchema as JsonSchema

from mainstay.bulk.schemas import BulkIn, SeenItemIn

LONGEST_NAME = 500
LONGEST_DESCRIPTION = 65_536
LONGEST_SKU = 64
MOST_VARIANTS = 100
MOST_OPTIONS = 3
MOST_BARCODES = 20
MOST_TAGS = 50
PRICE_PLACES = 6
# What the column holds.
PRICE_LIMIT = Decimal(10) ** 12

Unit = Literal["piece", "kg", "l", "m"]
Status = Literal["waiting", "running", "done", "failed"]
SheetFormat = Literal["plain", "shopify"]
RowOutcome = Literal["rejected", "warned"]
Scan = Literal["none", "waiting", "clean", "infected"]


def _no_float(value: object) -> object:
    """Refuse JSON numbers with a point: they are binary floats on the way (rule 1)."""
    if isinstance(value, float):
        raise ValueError('send the number as text, such as "2.49"')  # noqa: TRY004  pydantic wants a ValueError
    return value


def plain_decimal(value: Decimal) -> Decimal:
    """Write 20.00 and 2E+1 as 20, so that equal numbers have equal text."""
    return Decimal(f"{value.normalize():f}")


def has_control(text: str, allowed: str = "") -> bool:
    """Say whether `text` holds control characters, or halves of characters; joiners that scripts need are none."""
    return any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in text if sign not in allowed)


def _line(value: str) -> str:
    if has_control(value):
        raise ValueError("control characters and line breaks are not allowed")
    return unicodedata.normalize("NFC", value)


def _lines(value: str) -> str:
    if has_control(value, allowed="\n\r\t"):
        raise ValueError("control characters are not allowed")
    return unicodedata.normalize("NFC", value)


def _text(longest: int, shortest: int = 1) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


def _no_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _left_out() -> Any:  # noqa: ANN401  what a field is declared with has any type
    """Return a field of a patch whose absence, told by `model_fields_set`, means no change."""
    return Field(default=None, json_schema_extra=_no_default)


def _decimal_text(places: int) -> JsonSchema:
    return JsonSchema({"type": "string", "pattern": rf"^[0-9]{{1,12}}(\.[0-9]{{1,{places}}})?$", "examples": ["2.49"]})


Price = Annotated[
    Decimal,
    BeforeValidator(_no_float),
    Field(ge=0, lt=PRICE_LIMIT, decimal_places=PRICE_PLACES, allow_inf_nan=False),
    AfterValidator(plain_decimal),
    _decimal_text(PRICE_PLACES),
]
Rate = Annotated[
    Decimal,
    BeforeValidator(_no_float),
    Field(ge=0, le=100, decimal_places=4, allow_inf_nan=False),
    AfterValidator(plain_decimal),
    JsonSchema({"type": "string", "pattern": r"^(100|[0-9]{1,2}(\.[0-9]{1,4})?)$", "examples": ["5.5"]}),
]
Step = Annotated[
    Decimal,
    BeforeValidator(_no_float),
    Field(gt=0, le=1_000_000, decimal_places=3, allow_inf_nan=False),
    AfterValidator(plain_decimal),
    JsonSchema({"type": "string", "pattern": r"^[0-9]{1,7}(\.[0-9]{1,3})?$", "examples": ["1"]}),
]
ProductName = Annotated[str, _text(LONGEST_NAME), AfterValidator(_line)]
Description = Annotated[str, _text(LONGEST_DESCRIPTION, shortest=0), AfterValidator(_lines)]
Vendor = Annotated[str, _text(200), AfterValidator(_line)]
Tag = Annotated[str, _text(100), AfterValidator(_line)]
Tags = Annotated[list[Tag], Field(max_length=MOST_TAGS)]
Sku = Annotated[str, _text(LONGEST_SKU), AfterValidator(_line), Field(examples=["TEE-RED-L"])]
OptionName = Annotated[str, _text(40), AfterValidator(_line)]
OptionValue = Annotated[str, _text(100), AfterValidator(_line)]
Options = Annotated[dict[OptionName, OptionValue], Field(max_length=MOST_OPTIONS, examples=[{"Size": "L"}])]
BarcodeText = Annotated[str, Field(min_length=1, max_length=64, examples=["6291041500213"])]
Barcodes = Annotated[list[BarcodeText], Field(max_length=MOST_BARCODES)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1, strict=True)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class VariantIn(_In):
    """A variant to create; `price` and `cost` are per unit."""

    id: UUID
    sku: Sku | None = None
    options: Options = {}
    price: Price
    cost: Price | None = None
    tax_rate: Rate
    unit: Unit = "piece"
    quantity_step: Step = Decimal(1)
    is_active: bool = True
    barcodes: Barcodes = []


class ProductIn(_In):
    """A product to create, with its variants in the order they are shown in."""

    id: UUID
    name: ProductName = Field(examples=["Tonic water"])
    description: Description = ""
    vendor: Vendor | None = None
    tags: Tags = []
    variants: Annotated[list[VariantIn], Field(min_length=1, max_length=MOST_VARIANTS)]


class ProductPatch(_In):
    """What to change of a product; `version` is the one that was read (rule 36)."""

    version: Version
    name: ProductName = _left_out()
    description: Description = _left_out()
    vendor: Vendor | None = _left_out()
    tags: Tags = _left_out()


class VariantPatch(_In):
    """What to change of a variant; `version` is the one that was read (rule 36), `barcodes` replaces them all."""

    version: Version
    sku: Sku | None = _left_out()
    options: Options = _left_out()
    price: Price = _left_out()
    cost: Price | None = _left_out()
    tax_rate: Rate = _left_out()
    unit: Unit = _left_out()
    quantity_step: Step = _left_out()
    is_active: bool = _left_out()
    barcodes: Barcodes = _left_out()


class SetActive(_In):
    """Sell a variant, or do not sell it any more."""

    kind: Literal["set_active"]
    is_active: bool


class SetTaxRate(_In):
    """Tax a variant at one of the business's rates."""

    kind: Literal["set_tax_rate"]
    tax_rate: Rate


class AddTag(_In):
    """Give a variant's product a tag."""

    kind: Literal["add_tag"]
    tag: Tag


class RemoveTag(_In):
    """Take a tag from a variant's product."""

    kind: Literal["remove_tag"]
    tag: Tag


VariantChange = SetActive | SetTaxRate | AddTag | RemoveTag


class VariantsBulkIn(BulkIn[Annotated[VariantChange, Field(discriminator="kind")], SeenItemIn]):
    """One change to many variants, each in the version that was read (rule 36)."""


class VariantRowOut(BaseModel):
    """A variant in a list: `name` includes the options, `barcode` is the first one as printed.

    `cost` is null for those who may not see it.
    """

    id: UUID
    product_id: UUID
    name: str
    options: dict[str, str]
    sku: str | None
    barcode: str | None
    price: Decimal
    cost: Decimal | None
    currency: str
    tax_rate: Decimal
    unit: Unit
    is_active: bool
    version: int
    updated_at: datetime


class VariantsOut(BaseModel):
    """A page of variants; `total` is the number of all that fit."""

    items: list[VariantRowOut]
    next_cursor: str | None
    total: int


class BarcodeOut(BaseModel):
    """A barcode as printed; `gtin` has 14 digits, and is null for a code that is no GTIN."""

    code: str
    gtin: str | None
    kind: Literal["gtin", "internal"]


class VariantOut(VariantRowOut):
    """A variant with all of its barcodes."""

    quantity_step: Decimal
    barcodes: list[BarcodeOut]


class ProductOut(BaseModel):
    """A product with its variants."""

    id: UUID
    name: str
    description: str
    vendor: str | None
    tags: list[str]
    version: int
    created_at: datetime
    updated_at: datetime
    variants: list[VariantOut]


class ImportOut(BaseModel):
    """An imported file; `progress` goes from 0 to 1, `is_repeat` says that the same file was here before.

    `scan` is what the virus scanner said, `none` where there is no scanner; nothing is read while it is `waiting`.
    """

    id: UUID
    store_id: UUID
    filename: str
    size_bytes: int
    status: Status
    format: SheetFormat | None
    encoding: str | None
    separator: str | None
    rows_read: int
    rows_accepted: int
    rows_rejected: int
    rows_warned: int
    progress: float
    created: int
    updated: int
    unchanged: int
    problem: str | None
    scan: Scan
    created_at: datetime
    finished_at: datetime | None
    is_repeat: bool = False


class ImportsOut(BaseModel):
    """A page of imports, newest first."""

    items: list[ImportOut]
    next_cursor: str | None
    total: int


class ImportRowOut(BaseModel):
    """A row that was rejected, or accepted with a warning; `row_number` counts as a spreadsheet does."""

    row_number: int
    outcome: RowOutcome
    reason_code: str
    reason: str
    raw: list[str]


class ImportRowsOut(BaseModel):
    """A page of rows, in the file's order."""

    items: list[ImportRowOut]
    next_cursor: str | None
    total: int
