"""Products, their variants and barcodes, and imported files with what became of their rows."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSON
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

# Up to four digits more than the totals of a currency with two (rule 2).
PRICE = Numeric(18, 6)
QUANTITY = Numeric(14, 3)
RATE = Numeric(7, 4)
# Compared byte by byte, so that order and prefixes do not depend on the server's locale.
PLAIN = Text(collation="C")

ODD_DIGITS = " + ".join(f"substr(gtin, {place}, 1)::int" for place in range(1, 14, 2))
EVEN_DIGITS = " + ".join(f"substr(gtin, {place}, 1)::int" for place in range(2, 15, 2))
SHOWN = (
    "catalog_shown(id, product_id, name, options, sku, barcode, price, tax_rate, unit, is_active, version, updated_at)"
)
CHECK_DIGIT_FITS = f"(3 * ({ODD_DIGITS}) + {EVEN_DIGITS}) % 10 = 0"


class Product(Base):
    """What is sold in one or more variants; `content_hash` is that of the request which created it (rule 18)."""

    __tablename__ = "catalog_product"
    __table_args__ = (
        UniqueConstraint("handle"),
        CheckConstraint("name <> '' AND char_length(name) <= 500", name="name_in_range"),
        CheckConstraint("char_length(description) <= 65536", name="description_in_range"),
        Index(None, "tags", postgresql_using="gin"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, server_default=text("''"))
    vendor: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    handle: Mapped[str | None] = mapped_column(Text)
    content_hash: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Variant(Base):
    """What is sold: the product in one choice of options, at a price.

    `name` is the product's with the options; `name_key`, `sku_key` and `search` are folded for comparison (case and
    diacritics gone), `options_key` is a digest of the options. An empty `sku_key` means that there is no SKU.
    `barcode` repeats the first of the barcodes, so that no list has to look for it; `shown` is what lists show, as the
    beginning of a JSON object, kept by the database itself.
    """

    __tablename__ = "catalog_variant"
    __table_args__ = (
        UniqueConstraint("product_id", "options_key"),
        # PostgreSQL's NaN is above every number: only an upper bound keeps it out.
        CheckConstraint("price >= 0 AND price < 1000000000000", name="price_in_range"),
        CheckConstraint("cost >= 0 AND cost < 1000000000000", name="cost_in_range"),
        CheckConstraint("unit IN ('piece', 'kg', 'l', 'm')", name="unit_known"),
        CheckConstraint("quantity_step > 0 AND quantity_step <= 1000000", name="quantity_step_in_range"),
        CheckConstraint("unit <> 'piece' OR quantity_step = trunc(quantity_step)", name="pieces_are_whole"),
        CheckConstraint("(sku IS NULL) = (sku_key = '')", name="sku_key_fits"),
        Index("uq_catalog_variant_sku_key", "sku_key", unique=True, postgresql_where=text("sku_key <> ''")),
        Index(None, "name_key", "id"),
        Index(None, "price", "id"),
        Index("ix_catalog_variant_inactive", "name_key", "id", postgresql_where=text("NOT is_active")),
        Index(None, "updated_at", "id"),
        # Those without an SKU come last.
        Index("ix_catalog_variant_sku_order", text("(sku_key = '')"), "sku_key", "id"),
        Index(None, "search", postgresql_using="gin", postgresql_ops={"search": "gin_trgm_ops"}),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_product.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(Text)
    name_key: Mapped[str] = mapped_column(PLAIN)
    search: Mapped[str] = mapped_column(Text)
    sku: Mapped[str | None] = mapped_column(Text)
    sku_key: Mapped[str] = mapped_column(PLAIN, server_default=text("''"))
    barcode: Mapped[str | None] = mapped_column(Text)
    # Not jsonb, which forgets the order in which the options are named.
    options: Mapped[dict[str, Any]] = mapped_column(JSON)
    options_key: Mapped[str] = mapped_column(Text, server_default=text("''"))
    price: Mapped[Decimal] = mapped_column(PRICE)
    cost: Mapped[Decimal | None] = mapped_column(PRICE)
    tax_rate: Mapped[Decimal] = mapped_column(RATE, ForeignKey("shop_tax_rate.rate"))
    unit: Mapped[str] = mapped_column(Text, server_default=text("'piece'"))
    quantity_step: Mapped[Decimal] = mapped_column(QUANTITY, server_default=text("1"))
    is_active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())
    shown: Mapped[str | None] = mapped_column(Text, Computed(SHOWN, persisted=True))


class VariantCount(Base):
    """By how much the number of variants changed; the sum is that number, so that no list has to count."""

    __tablename__ = "catalog_variant_count"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    change: Mapped[int] = mapped_column(BigInteger)


class Word(Base):
    """A word that stands in names of products: what a mistyped one may have meant. Words are only ever added."""

    __tablename__ = "catalog_word"
    __table_args__ = (Index(None, "word", postgresql_using="gin", postgresql_ops={"word": "gin_trgm_ops"}),)

    word: Mapped[str] = mapped_column(PLAIN, primary_key=True)


class Barcode(Base):
    """A code that scans as one variant and no other (rule 28).

    `code` is as printed; `gtin` has 14 digits when the check digit is right (rule 26), otherwise the code is internal
    and scans exactly as printed. `key` is what a scan is looked up by.
    """

    __tablename__ = "catalog_barcode"
    __table_args__ = (
        CheckConstraint("kind IN ('gtin', 'internal')", name="kind_known"),
        CheckConstraint("(kind = 'gtin') = (gtin IS NOT NULL)", name="gtin_when_right"),
        CheckConstraint("gtin ~ '^[0-9]{14}$'", name="gtin_form"),
        CheckConstraint(CHECK_DIGIT_FITS, name="gtin_check_digit"),
        CheckConstraint("key = coalesce(gtin, code)", name="key_fits"),
        CheckConstraint("code <> '' AND char_length(code) <= 64", name="code_in_range"),
        UniqueConstraint("variant_id", "position"),
        Index(None, "code"),
    )

    key: Mapped[str] = mapped_column(PLAIN, primary_key=True)
    code: Mapped[str] = mapped_column(PLAIN)
    gtin: Mapped[str | None] = mapped_column(PLAIN)
    kind: Mapped[str] = mapped_column(Text)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_variant.id"))
    position: Mapped[int] = mapped_column(Integer)


class Import(Base):
    """A file of products and what became of it; the same file for the same store is read once (rule 35).

    `scan` says what the virus scanner found, `none` where nobody looked; while it is `waiting` nothing is read.
    """

    __tablename__ = "catalog_import"
    __table_args__ = (
        CheckConstraint("status IN ('waiting', 'running', 'done', 'failed')", name="status_known"),
        CheckConstraint("format IN ('plain', 'shopify')", name="format_known"),
        CheckConstraint("scan IN ('none', 'waiting', 'clean', 'infected')", name="scan_known"),
        CheckConstraint("rows_accepted + rows_rejected = rows_read", name="every_row_reported"),
        CheckConstraint("created + updated + unchanged <= rows_accepted", name="counts_fit"),
        Index(
            "uq_catalog_import_content", "sha256", "store_id", unique=True, postgresql_where=text("status <> 'failed'")
        ),
        Index(None, "created_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    store_id: Mapped[UUID] = mapped_column(ForeignKey("shop_store.id"))
    filename: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[str] = mapped_column(Text, server_default=text("'waiting'"))
    format: Mapped[str | None] = mapped_column(Text)
    encoding: Mapped[str | None] = mapped_column(Text)
    separator: Mapped[str | None] = mapped_column(Text)
    columns: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    rows_total: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_read: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_accepted: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_rejected: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    rows_warned: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    updated: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    unchanged: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    problem: Mapped[str | None] = mapped_column(Text)
    scan: Mapped[str] = mapped_column(Text, server_default=text("'none'"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]


class ImportChunk(Base):
    """A piece of an uploaded file, kept until the file has been read."""

    __tablename__ = "catalog_import_chunk"

    import_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_import.id"), primary_key=True)
    position: Mapped[int] = mapped_column(Integer, primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportRow(Base):
    """A row that was rejected, or accepted with a warning; `raw` are its cells as they were."""

    __tablename__ = "catalog_import_row"
    __table_args__ = (
        CheckConstraint("outcome IN ('rejected', 'warned')", name="outcome_known"),
        Index(None, "import_id", "outcome", "row_number"),
    )

    import_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_import.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    outcome: Mapped[str] = mapped_column(Text)
    reason_code: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    raw: Mapped[list[str]] = mapped_column(JSON)


class ImportItem(Base):
    """Which variant a row of a file is, and the quantity on hand that the file gives for it."""

    __tablename__ = "catalog_import_item"
    __table_args__ = (CheckConstraint("quantity >= 0 AND quantity <= 1000000000", name="quantity_in_range"),)

    import_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_import.id"), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_variant.id"), primary_key=True)
    row_number: Mapped[int] = mapped_column(Integer)
    quantity: Mapped[Decimal | None] = mapped_column(QUANTITY)
