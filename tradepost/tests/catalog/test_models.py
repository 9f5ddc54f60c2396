"""What the database itself refuses of a catalogue, and the number that it keeps."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from shopfloor import created, product_in

from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

ImportFile = Callable[..., Awaitable[dict[str, Any]]]

PRODUCTS = "/api/v1/catalog/products"
COUNT = "SELECT coalesce(sum(change), 0) FROM catalog_variant_count"


@pytest.mark.usefixtures("store_id")
@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        ("UPDATE catalog_variant SET price = -0.01", "ck_catalog_variant_price_in_range"),
        ("UPDATE catalog_variant SET price = 'NaN'", "ck_catalog_variant_price_in_range"),
        ("UPDATE catalog_variant SET price = 'Infinity'", None),
        ("UPDATE catalog_variant SET cost = 'NaN'", "ck_catalog_variant_cost_in_range"),
        ("UPDATE catalog_variant SET quantity_step = 'NaN'", "ck_catalog_variant_quantity_step_in_range"),
        ("UPDATE catalog_variant SET cost = -1", "ck_catalog_variant_cost_in_range"),
        ("UPDATE catalog_variant SET unit = 'dozen'", "ck_catalog_variant_unit_known"),
        ("UPDATE catalog_variant SET quantity_step = 0", "ck_catalog_variant_quantity_step_in_range"),
        ("UPDATE catalog_variant SET quantity_step = 0.5", "ck_catalog_variant_pieces_are_whole"),
        ("UPDATE catalog_variant SET sku = NULL", "ck_catalog_variant_sku_key_fits"),
        ("UPDATE catalog_variant SET tax_rate = 7", "fk_catalog_variant_tax_rate"),
        ("UPDATE catalog_product SET name = ''", "ck_catalog_product_name_in_range"),
        ("UPDATE catalog_product SET name = repeat('x', 501)", "ck_catalog_product_name_in_range"),
        (
            "UPDATE catalog_barcode SET gtin = '00036000291453', key = '00036000291453'",
            "ck_catalog_barcode_gtin_check_digit",
        ),
        ("UPDATE catalog_barcode SET gtin = NULL", "ck_catalog_barcode_gtin_when_right"),
        ("UPDATE catalog_barcode SET key = 'other'", "ck_catalog_barcode_key_fits"),
        ("UPDATE catalog_barcode SET code = ''", "ck_catalog_barcode_code_in_range"),
        ("DELETE FROM catalog_variant", "fk_catalog_barcode_variant_id"),
    ],
)
async def test_what_breaks_a_rule_is_refused(
    owner: Client, open_work: WorkOpener, statement: str, constraint: str | None
) -> None:
    """Rules 1, 26 and 28, whoever writes."""
    await created(owner, PRODUCTS, product_in(barcodes=["036000291452"]))

    with pytest.raises(asyncpg.PostgresError) as refused:
        async with open_work(SYSTEM) as uow:
            await uow.write(statement)

    assert refused.value.constraint_name == constraint


async def test_every_row_of_an_import_is_accounted_for(import_file: ImportFile, open_work: WorkOpener) -> None:
    """Rule 35: the table itself refuses a report that does not add up."""
    await import_file("name,price\nBread,1\n")
    with pytest.raises(asyncpg.CheckViolationError) as refused:
        async with open_work(SYSTEM) as uow:
            await uow.write("UPDATE catalog_import SET rows_read = 2")
    assert refused.value.constraint_name == "ck_catalog_import_every_row_reported"


async def test_the_number_of_variants_is_kept_without_counting(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    assert await uow.read_value(COUNT) == 0
    await created(owner, PRODUCTS, product_in())
    await import_file("name,price\nBread,1\nMilk,2\n")
    assert await uow.read_value(COUNT) == 3
    await uow.write("DELETE FROM catalog_import_item")
    await uow.write("DELETE FROM catalog_variant WHERE name = 'Bread'")
    await uow.write("UPDATE catalog_variant SET price = 5")
    assert await uow.read_value(COUNT) == await uow.read_value("SELECT count(*) FROM catalog_variant") == 2


async def test_the_first_barcode_is_repeated_in_the_variant(
    owner: Client, import_file: ImportFile, uow: UnitOfWork
) -> None:
    await created(owner, PRODUCTS, product_in(sku="A", barcodes=["036000291452", "SHELF"]))
    await import_file("name,price,sku,barcode\nB,1,B,96385074\nC,1,C,\n")
    await import_file("name,price,sku,barcode\nProduct,1,A,4006381333931\nC,1,C,26015638\n")
    differing = """
        SELECT count(*) FROM catalog_variant AS variant WHERE barcode IS DISTINCT FROM (
            SELECT code FROM catalog_barcode WHERE variant_id = variant.id ORDER BY position LIMIT 1
        )
    """
    assert await uow.read_value(differing) == 0
    assert await uow.read_value("SELECT count(*) FROM catalog_barcode") == 5


async def test_what_other_statements_may_join_is_a_row_a_variant(
    owner: Client, store_id: object, uow: UnitOfWork
) -> None:
    await created(owner, PRODUCTS, product_in(sku="A", price="2.50", cost="1", barcodes=["036000291452"]))
    (row,) = await uow.read("SELECT * FROM catalog_sellable")
    assert [str(row[name]) for name in ("sku", "barcode", "price", "cost", "tax_rate", "unit", "is_active")] == [
        "A", "036000291452", "2.500000", "1.000000", "20.0000", "piece", "True",
    ]  # fmt: skip
