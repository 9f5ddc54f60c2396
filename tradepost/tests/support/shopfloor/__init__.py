"""What tests of the shop need: a business, products and an open till, all made through the front door."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

DEVICE_AT = "2026-11-21T10:00:00Z"


@dataclass(frozen=True, slots=True)
class Till:
    """An open register of a store."""

    store_id: UUID
    register_id: UUID
    shift_id: UUID


@dataclass(frozen=True, slots=True)
class Product:
    """A product of one variant."""

    id: UUID
    variant_id: UUID
    name: str
    price: str


class ProductFactory(Protocol):
    """Makes a product through the front door."""

    async def __call__(
        self,
        *,
        price: str = "2.49",
        tax_rate: str = "20",
        unit: str = "piece",
        stock: str | None = None,
        barcode: str | None = None,
        name: str | None = None,
    ) -> Product:
        """Make a product of one variant, with `stock` in the till's store when given."""
        ...


def store_in(**changed: object) -> dict[str, Any]:
    """Return a store as its route takes it: inclusive prices, document rounding, no going below zero."""
    return {
        "id": str(ids.new_id()),
        "code": "HS",
        "name": "Harbour Street",
        "time_zone": "Europe/Paris",
        "day_cutoff": "04:00",
        "prices_include_tax": True,
        "rounding_level": "document",
        "rounding_mode": "half_up",
        "cash_rounding": None,
        "negative_stock": "refuse",
        "receipt_header": ["12 Harbour Street"],
        "receipt_footer": ["Thank you"],
    } | changed


def business_in(store: dict[str, Any], currency: str = "EUR") -> dict[str, Any]:
    """Return a business with its first store as the route takes it."""
    return {
        "name": "Harbour Trading",
        "currency": currency,
        "country": "FR",
        "time_zone": "Europe/Paris",
        "tax_rates": [{"rate": rate, "name": f"VAT {rate} %"} for rate in ("20", "10", "5.5")],
        "store": store,
    }


def product_in(**variant: object) -> dict[str, Any]:
    """Return a product of one variant as its route takes it."""
    key = ids.new_id()
    one = {"id": str(ids.new_id()), "sku": f"SKU-{key.hex[-8:]}", "price": "2.49", "tax_rate": "20"} | variant
    return {"id": str(key), "name": f"Product {key.hex[-6:]}", "variants": [one]}


class TillFactory(Protocol):
    """Sets up a business with one store and opens a register there; keywords change the store."""

    async def __call__(self, currency: str = "EUR", **changed: object) -> Till:
        """Return the open till."""
        ...


def till_factory(owner: Client) -> TillFactory:
    """Return what opens a till for an owner."""

    async def open_till(currency: str = "EUR", **changed: object) -> Till:
        store = store_in(**changed)
        await created(owner, "/api/v1/shop", business_in(store, currency))
        return await add_till(owner, UUID(store["id"]), "HS1")

    return open_till


async def add_till(owner: Client, store_id: UUID, code: str) -> Till:
    """Set up one more register in a store and open it with a float of 100.00."""
    till = Till(store_id, ids.new_id(), ids.new_id())
    register = {"id": str(till.register_id), "store_id": str(store_id), "code": code, "name": f"Till {code}"}
    await created(owner, "/api/v1/pos/registers", register)
    shift = {"id": str(till.shift_id), "register_id": str(till.register_id), "float_minor": 10000}
    await created(owner, "/api/v1/pos/shifts", shift)
    return till


def product_factory(owner: Client, till: Till) -> ProductFactory:
    """Return what makes products for an owner, with stock in the till's store when given."""

    async def make(
        *,
        price: str = "2.49",
        tax_rate: str = "20",
        unit: str = "piece",
        stock: str | None = None,
        barcode: str | None = None,
        name: str | None = None,
    ) -> Product:
        body = product_in(price=price, tax_rate=tax_rate, unit=unit, barcodes=[barcode] if barcode else [])
        body |= {"name": name} if name else {}
        await created(owner, "/api/v1/catalog/products", body)
        product = Product(UUID(body["id"]), UUID(body["variants"][0]["id"]), body["name"], price)
        if stock is not None:
            await adjust(owner, till.store_id, product.variant_id, stock)
        return product

    return make


async def created(client: Client, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post and return what was created; raises AssertionError with the answer otherwise."""
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def adjust(client: Client, store_id: UUID, variant_id: UUID, quantity: str) -> None:
    """Correct the stock through the front door."""
    correction = {
        "id": str(ids.new_id()),
        "store_id": str(store_id),
        "variant_id": str(variant_id),
        "quantity": quantity,
        "note": "Counted",
    }
    await created(client, "/api/v1/stock/adjustments", correction)


def line_in(product: Product, quantity: str = "1", **more: object) -> dict[str, Any]:
    """Return a line of a ticket."""
    return {"id": str(ids.new_id()), "variant_id": str(product.variant_id), "quantity": quantity, **more}


def tender_in(amount_minor: int, kind: str = "cash", **more: object) -> dict[str, Any]:
    """Return a tender."""
    return {"id": str(ids.new_id()), "kind": kind, "amount_minor": amount_minor, **more}


def sale_in(till: Till, lines: list[dict[str, Any]], total_minor: int, **changed: object) -> dict[str, Any]:
    """Return a ticket paid exactly in cash, but for what is changed."""
    return {
        "id": str(ids.new_id()),
        "register_id": str(till.register_id),
        "shift_id": str(till.shift_id),
        "device_at": DEVICE_AT,
        "lines": lines,
        "discount": None,
        "tenders": [tender_in(total_minor)],
        "expected_total_minor": total_minor,
    } | changed


async def sell(client: Client, sale: dict[str, Any]) -> dict[str, Any]:
    """Sell a ticket and return the sale."""
    return await created(client, "/api/v1/pos/sales", sale)


def refund_in(
    till: Till, sale: dict[str, Any], lines: list[dict[str, Any]], total_minor: int, **changed: object
) -> dict[str, Any]:
    """Return a refund of lines of a sale, given back exactly in cash, but for what is changed."""
    return {
        "id": str(ids.new_id()),
        "sale_id": sale["id"],
        "register_id": str(till.register_id),
        "shift_id": str(till.shift_id),
        "device_at": DEVICE_AT,
        "lines": lines,
        "reason": "Does not fit",
        "tenders": [tender_in(total_minor)],
        "expected_total_minor": total_minor,
    } | changed


def back_in(sale: dict[str, Any], place: int = 0, quantity: str = "1", **more: object) -> dict[str, Any]:
    """Return what comes back of a line of a sale."""
    return {"line_id": sale["lines"][place]["id"], "quantity": quantity, **more}


async def give_back(client: Client, refund: dict[str, Any]) -> dict[str, Any]:
    """Give money back and return the refund."""
    return await created(client, "/api/v1/pos/refunds", refund)


def minor(price: str, quantity: int = 1) -> int:
    """Return a price in euros, times a quantity, in cents."""
    return int(Decimal(price) * 100 * quantity)


async def assert_refused(client: Client, sale: dict[str, Any], status: int, code: str) -> dict[str, Any]:
    """Post a ticket, expect a refusal, and return the problem."""
    answer = await client.post("/api/v1/pos/sales", json=sale)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), answer.text
    return problem


async def nothing_sold(uow: UnitOfWork) -> bool:
    """Say whether there is no trace of a sale: no document, no stock row, no journal entry, no event."""
    return not await uow.read_value(
        """
        SELECT (SELECT count(*) FROM pos_sale) + (SELECT count(*) FROM pos_payment)
            + (SELECT count(*) FROM stock_movement WHERE kind = 'sale')
            + (SELECT count(*) FROM pos_journal WHERE kind = 'sale')
            + (SELECT count(*) FROM mainstay_event WHERE name = 'pos.sale_completed')
        """
    )
