"""What other modules get of the catalogue."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from shopfloor import created, product_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.catalog import api as catalog

ImportFile = Callable[..., Awaitable[dict[str, Any]]]

pytestmark = pytest.mark.usefixtures("store_id")


async def test_facts_come_frozen_and_in_the_order_asked_for(owner: Client, uow: UnitOfWork) -> None:
    first = product_in(sku="A", price="2.50", cost="1.25", unit="kg", quantity_step="0.005", barcodes=["96385074"])
    second = product_in(sku=None, is_active=False) | {"name": "Second"}
    wanted = [
        UUID((await created(owner, "/api/v1/catalog/products", body))["variants"][0]["id"]) for body in (first, second)
    ]

    found = await catalog.facts(uow, [wanted[1], ids.new_id(), wanted[0]])

    assert list(found) == [wanted[1], wanted[0]]
    assert found[wanted[0]] == catalog.VariantFacts(
        variant_id=wanted[0],
        name=first["name"],
        sku="A",
        barcode="96385074",
        price=Decimal("2.5"),
        cost=Decimal("1.25"),
        currency="EUR",
        tax_rate=Decimal(20),
        unit="kg",
        quantity_step=Decimal("0.005"),
        is_active=True,
    )
    assert (found[wanted[1]].name, found[wanted[1]].is_active, found[wanted[1]].sku) == ("Second", False, None)
    assert await catalog.facts(uow, []) == {}


async def test_a_code_finds_its_variant_or_nothing(owner: Client, uow: UnitOfWork) -> None:
    """Rules 26 and 28."""
    await created(owner, "/api/v1/catalog/products", product_in(sku="Tee-1", barcodes=["036000291452"]))
    by_code = await catalog.by_code(uow, "0036000291452")
    assert by_code is not None
    assert by_code == await catalog.by_code(uow, "tee-1")
    assert await catalog.by_code(uow, "nothing") is None
    assert await catalog.by_code(uow, "") is None


async def test_imported_quantities_are_those_above_zero(import_file: ImportFile, uow: UnitOfWork) -> None:
    found = await import_file('name,price,stock,unit\nBread,1,12,\nMilk,1,0,\nTea,1,,\nHam,1,"1,250",kg\nGone,1,-2,\n')
    quantities = await catalog.imported_quantities(uow, UUID(found["id"]))
    names = {facts.name: quantities[key] for key, facts in (await catalog.facts(uow, list(quantities))).items()}
    assert names == {"Bread": Decimal(12), "Ham": Decimal("1.25")}
    assert await catalog.imported_quantities(uow, ids.new_id()) == {}
