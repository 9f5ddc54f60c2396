"""The catalogue in the running program: sample data, imports by its worker, and two at the same moment."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from shopfloor import business_in, created, product_in, store_in

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]

PRODUCTS = "/api/v1/catalog/products"
VARIANTS = "/api/v1/catalog/variants"
IMPORTS = "/api/v1/catalog/imports"


async def until(ask: Callable[[], Awaitable[bool]]) -> None:
    """Ask again and again until the answer is yes, for a minute at most."""
    deadline = clock.monotonic() + 60
    while not await ask():
        assert clock.monotonic() < deadline, "It did not happen in time."
        await asyncio.sleep(0.02)


async def is_done(owner: Client, import_id: str) -> bool:
    """Whether an import has ended."""
    return bool((await owner.get(f"{IMPORTS}/{import_id}")).json()["status"] in {"done", "failed"})


@pytest.mark.journey
async def test_the_program_starts_with_3000_products_once(start_program: StartProgram) -> None:
    """Rules 26 and 35: a second start finds everything there."""
    program = start_program("--sample")
    async with program.owner() as owner:
        (imported,) = (await owner.get(IMPORTS)).json()["items"]
        await until(lambda: is_done(owner, imported["id"]))
        shop = (await owner.get("/api/v1/shop")).json()
        found = (await owner.get(VARIANTS, params={"q": "choclat"})).json()

        program.restart()

        again = (await owner.get(IMPORTS)).json()
        assert (again["total"], again["items"][0]["rows_accepted"]) == (1, 3000)
        assert (await owner.get(VARIANTS)).json()["total"] == 3000
        assert (await owner.get("/api/v1/shop")).json()["stores"] == shop["stores"]
        assert "chocolat" in found["items"][0]["name"].lower()
        assert (await owner.get(f"{VARIANTS}/by-code/26015638")).status_code == 200


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_two_simultaneous_creates_have_one_winner_and_a_conflict(program_process: ProgramProcess) -> None:
    """Rule 28: of ten who want the SKU or the barcode at once one gets it, the others 409, and nobody a 500."""
    async with program_process.owner() as owner:
        if not (await owner.get("/api/v1/shop")).json()["stores"]:
            await created(owner, "/api/v1/shop", business_in(store_in()))
        sku, barcode = f"SAME-{ids.new_id().hex[-8:]}", f"SHELF-{ids.new_id().hex[-8:]}"
        wanted: list[dict[str, Any]] = [product_in(sku=sku) for _ in range(10)]
        wanted += [product_in(barcodes=[barcode]) for _ in range(10)]

        answers = await asyncio.gather(*(owner.post(PRODUCTS, json=body) for body in wanted))

        outcomes = Counter((answer.status_code, answer.json().get("code")) for answer in answers)
        assert outcomes == {
            (201, None): 2,
            (409, "catalog.sku_taken"): 9,
            (409, "catalog.barcode_taken"): 9,
        }
        for code in (sku, barcode):
            assert (await owner.get(VARIANTS, params={"q": code, "sort": "name"})).json()["total"] == 1
