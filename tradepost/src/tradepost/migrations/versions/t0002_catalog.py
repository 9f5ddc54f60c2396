"""Products, variants, barcodes and imports, with what searches and other modules need."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from mainstay.db.migrate import run_script

revision: str = "t0002"
down_revision: str | None = "t0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PRICE = sa.Numeric(18, 6)
QUANTITY = sa.Numeric(14, 3)
PLAIN = sa.Text(collation="C")
ODD_DIGITS = " + ".join(f"substr(gtin, {place}, 1)::int" for place in range(1, 14, 2))
EVEN_DIGITS = " + ".join(f"substr(gtin, {place}, 1)::int" for place in range(2, 15, 2))
TABLES = (
    "catalog_import_item",
    "catalog_import_row",
    "catalog_import_chunk",
    "catalog_import",
    "catalog_barcode",
    "catalog_word",
    "catalog_variant_count",
    "catalog_variant",
    "catalog_product",
)


def upgrade() -> None:
    """Create tables, the counter and the view."""
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    _create_product()
    _create_variant()
    _create_barcode()
    _create_import()
    _create_import_parts()
    run_script(("tradepost.migrations.sql", "catalog_count_1.sql"))
    run_script(("tradepost.migrations.sql", "catalog_sellable_1.sql"))
    run_script(("tradepost.migrations.sql", "catalog_alike_1.sql"))


def downgrade() -> None:
    """Drop them; the extension stays, somebody else may use it."""
    op.execute("DROP FUNCTION catalog_alike, catalog_alike_query")
    op.execute("DROP VIEW catalog_sellable")
    for table in TABLES:
        op.drop_table(table)
    op.execute("DROP FUNCTION catalog_count_variants")


def _text(name: str, default: str | None = None) -> sa.Column[object]:
    return sa.Column(name, sa.Text(), server_default=default and sa.text(default), nullable=False)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False)


def _number(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), server_default=sa.text(default), nullable=False)


def _create_product() -> None:
    op.create_table(
        "catalog_product",
        sa.Column("id", sa.Uuid(), nullable=False),
        _text("name"),
        _text("description", "''"),
        sa.Column("vendor", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("handle", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.Text(), nullable=True),
        _number("version", "1"),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("name <> '' AND char_length(name) <= 500", name=op.f("ck_catalog_product_name_in_range")),
        sa.CheckConstraint("char_length(description) <= 65536", name=op.f("ck_catalog_product_description_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_product")),
        sa.UniqueConstraint("handle", name=op.f("uq_catalog_product_handle")),
    )
    op.create_index(op.f("ix_catalog_product_tags"), "catalog_product", ["tags"], postgresql_using="gin")


def _create_variant() -> None:
    op.create_table(
        "catalog_variant",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        _text("name"),
        sa.Column("name_key", PLAIN, nullable=False),
        _text("search"),
        sa.Column("sku", sa.Text(), nullable=True),
        sa.Column("sku_key", PLAIN, server_default=sa.text("''"), nullable=False),
        sa.Column("barcode", sa.Text(), nullable=True),
        sa.Column("options", postgresql.JSON(), nullable=False),
        _text("options_key", "''"),
        sa.Column("price", PRICE, nullable=False),
        sa.Column("cost", PRICE, nullable=True),
        sa.Column("tax_rate", sa.Numeric(7, 4), nullable=False),
        _text("unit", "'piece'"),
        sa.Column("quantity_step", QUANTITY, server_default=sa.text("1"), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        _number("version", "1"),
        _moment("created_at"),
        _moment("updated_at"),
        sa.CheckConstraint("price >= 0 AND price < 1000000000000", name=op.f("ck_catalog_variant_price_in_range")),
        sa.CheckConstraint("cost >= 0 AND cost < 1000000000000", name=op.f("ck_catalog_variant_cost_in_range")),
        sa.CheckConstraint("unit IN ('piece', 'kg', 'l', 'm')", name=op.f("ck_catalog_variant_unit_known")),
        sa.CheckConstraint(
            "quantity_step > 0 AND quantity_step <= 1000000", name=op.f("ck_catalog_variant_quantity_step_in_range")
        ),
        sa.CheckConstraint(
            "unit <> 'piece' OR quantity_step = trunc(quantity_step)", name=op.f("ck_catalog_variant_pieces_are_whole")
        ),
        sa.CheckConstraint("(sku IS NULL) = (sku_key = '')", name=op.f("ck_catalog_variant_sku_key_fits")),
        sa.ForeignKeyConstraint(["product_id"], ["catalog_product.id"], name=op.f("fk_catalog_variant_product_id")),
        sa.ForeignKeyConstraint(["tax_rate"], ["shop_tax_rate.rate"], name=op.f("fk_catalog_variant_tax_rate")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_variant")),
        sa.UniqueConstraint("product_id", "options_key", name=op.f("uq_catalog_variant_product_id_options_key")),
    )
    for column in ("name_key", "price", "updated_at"):
        op.create_index(op.f(f"ix_catalog_variant_{column}_id"), "catalog_variant", [column, "id"])
    op.create_index("ix_catalog_variant_sku_order", "catalog_variant", [sa.text("(sku_key = '')"), "sku_key", "id"])
    op.create_index(
        "uq_catalog_variant_sku_key",
        "catalog_variant",
        ["sku_key"],
        unique=True,
        postgresql_where=sa.text("sku_key <> ''"),
    )
    op.create_index(
        op.f("ix_catalog_variant_search"),
        "catalog_variant",
        ["search"],
        postgresql_using="gin",
        postgresql_ops={"search": "gin_trgm_ops"},
    )


def _create_barcode() -> None:
    op.create_table(
        "catalog_barcode",
        sa.Column("key", PLAIN, nullable=False),
        sa.Column("code", PLAIN, nullable=False),
        sa.Column("gtin", PLAIN, nullable=True),
        _text("kind"),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('gtin', 'internal')", name=op.f("ck_catalog_barcode_kind_known")),
        sa.CheckConstraint("(kind = 'gtin') = (gtin IS NOT NULL)", name=op.f("ck_catalog_barcode_gtin_when_right")),
        sa.CheckConstraint("gtin ~ '^[0-9]{14}$'", name=op.f("ck_catalog_barcode_gtin_form")),
        sa.CheckConstraint(
            f"(3 * ({ODD_DIGITS}) + {EVEN_DIGITS}) % 10 = 0", name=op.f("ck_catalog_barcode_gtin_check_digit")
        ),
        sa.CheckConstraint("key = coalesce(gtin, code)", name=op.f("ck_catalog_barcode_key_fits")),
        sa.CheckConstraint("code <> '' AND char_length(code) <= 64", name=op.f("ck_catalog_barcode_code_in_range")),
        sa.ForeignKeyConstraint(["variant_id"], ["catalog_variant.id"], name=op.f("fk_catalog_barcode_variant_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_catalog_barcode")),
        sa.UniqueConstraint("variant_id", "position", name=op.f("uq_catalog_barcode_variant_id_position")),
    )
    op.create_index(op.f("ix_catalog_barcode_code"), "catalog_barcode", ["code"])
    op.create_table(
        "catalog_variant_count",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("change", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_variant_count")),
    )
    op.create_table(
        "catalog_word",
        sa.Column("word", PLAIN, nullable=False),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_catalog_word")),
    )
    op.create_index(
        op.f("ix_catalog_word_word"),
        "catalog_word",
        ["word"],
        postgresql_using="gin",
        postgresql_ops={"word": "gin_trgm_ops"},
    )


def _create_import() -> None:
    op.create_table(
        "catalog_import",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=False),
        _text("filename"),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        _text("status", "'waiting'"),
        sa.Column("format", sa.Text(), nullable=True),
        sa.Column("encoding", sa.Text(), nullable=True),
        sa.Column("separator", sa.Text(), nullable=True),
        sa.Column("columns", postgresql.ARRAY(sa.Text()), nullable=True),
        *(
            _number(name, "0")
            for name in (
                "rows_total",
                "rows_read",
                "rows_accepted",
                "rows_rejected",
                "rows_warned",
                "created",
                "updated",
                "unchanged",
            )
        ),
        sa.Column("problem", sa.Text(), nullable=True),
        _moment("created_at"),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_catalog_import_status_known")
        ),
        sa.CheckConstraint("format IN ('plain', 'shopify')", name=op.f("ck_catalog_import_format_known")),
        sa.CheckConstraint(
            "rows_accepted + rows_rejected = rows_read", name=op.f("ck_catalog_import_every_row_reported")
        ),
        sa.CheckConstraint("created + updated + unchanged <= rows_accepted", name=op.f("ck_catalog_import_counts_fit")),
        sa.ForeignKeyConstraint(["store_id"], ["shop_store.id"], name=op.f("fk_catalog_import_store_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_import")),
    )
    op.create_index(op.f("ix_catalog_import_created_at_id"), "catalog_import", ["created_at", "id"])
    op.create_index(
        "uq_catalog_import_content",
        "catalog_import",
        ["sha256", "store_id"],
        unique=True,
        postgresql_where=sa.text("status <> 'failed'"),
    )


def _create_import_parts() -> None:
    op.create_table(
        "catalog_import_chunk",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["import_id"], ["catalog_import.id"], name=op.f("fk_catalog_import_chunk_import_id")),
        sa.PrimaryKeyConstraint("import_id", "position", name=op.f("pk_catalog_import_chunk")),
    )
    op.create_table(
        "catalog_import_row",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        _text("outcome"),
        _text("reason_code"),
        _text("reason"),
        sa.Column("raw", postgresql.JSON(), nullable=False),
        sa.CheckConstraint("outcome IN ('rejected', 'warned')", name=op.f("ck_catalog_import_row_outcome_known")),
        sa.ForeignKeyConstraint(["import_id"], ["catalog_import.id"], name=op.f("fk_catalog_import_row_import_id")),
        sa.PrimaryKeyConstraint("import_id", "row_number", name=op.f("pk_catalog_import_row")),
    )
    op.create_index(
        op.f("ix_catalog_import_row_import_id_outcome_row_number"),
        "catalog_import_row",
        ["import_id", "outcome", "row_number"],
    )
    op.create_table(
        "catalog_import_item",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("variant_id", sa.Uuid(), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=False),
        sa.Column("quantity", QUANTITY, nullable=True),
        sa.CheckConstraint(
            "quantity >= 0 AND quantity <= 1000000000", name=op.f("ck_catalog_import_item_quantity_in_range")
        ),
        sa.ForeignKeyConstraint(["import_id"], ["catalog_import.id"], name=op.f("fk_catalog_import_item_import_id")),
        sa.ForeignKeyConstraint(["variant_id"], ["catalog_variant.id"], name=op.f("fk_catalog_import_item_variant_id")),
        sa.PrimaryKeyConstraint("import_id", "variant_id", name=op.f("pk_catalog_import_item")),
    )
