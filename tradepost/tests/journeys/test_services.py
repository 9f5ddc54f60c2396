"""The parts together, through the running program: what one request waits for, others do not."""

import asyncio

import psycopg
import pytest
from shopfloor import adjust, line_in, sale_in, sell
from shopfloor.busy import BusyShop

from mainstay import clock

WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def until_somebody_waits(busy_shop: BusyShop) -> None:
    """Wait until a statement of the program waits for a lock; raises AssertionError after ten seconds."""
    deadline = clock.monotonic() + 10
    while not busy_shop.value(WAITING):
        assert clock.monotonic() < deadline, "No statement waits."
        await asyncio.sleep(0.02)


@pytest.mark.journey
@pytest.mark.practice(47)
async def test_requests_that_wait_for_the_database_hold_up_nobody_else(busy_shop: BusyShop) -> None:
    """Four lists wait for a locked table; fifty unrelated requests are answered before any of them."""
    slow = [await busy_shop.browser() for _ in range(4)]
    with psycopg.connect(busy_shop.program.database_url) as other:
        other.execute("LOCK TABLE catalog_variant IN ACCESS EXCLUSIVE MODE")
        waiting = [asyncio.create_task(one.get("/api/v1/catalog/variants")) for one in slow]
        await until_somebody_waits(busy_shop)

        answers = [await busy_shop.owner.get("/api/v1/identity/session") for _ in range(50)]

        assert {answer.status_code for answer in answers} == {200}
        assert not any(task.done() for task in waiting)
        other.rollback()
    assert {answer.status_code for answer in await asyncio.gather(*waiting)} == {200}


@pytest.mark.journey
@pytest.mark.practice(102)
async def test_a_person_who_joined_signs_in_creates_and_sells_and_every_row_is_there(busy_shop: BusyShop) -> None:
    """On the production database: each step through the front door, each looked up beside the program."""
    person = str(busy_shop.owner.person_id)
    till = await busy_shop.till()
    product = await busy_shop.product(till)
    await adjust(busy_shop.owner, till.store_id, product.variant_id, "7")
    sold = await sell(busy_shop.owner, sale_in(till, [line_in(product, "2")], 498))

    hashed = busy_shop.value("SELECT password_hash FROM identity_person WHERE id = %s", person)
    assert hashed.startswith("$argon2id$")
    assert busy_shop.value("SELECT count(*) > 0 FROM identity_session WHERE person_id = %s", person)
    variant = product.variant_id
    assert busy_shop.value("SELECT name FROM catalog_variant WHERE id = %s", variant) == product.name
    assert busy_shop.value("SELECT on_hand FROM stock_level WHERE variant_id = %s", variant) == 5
    assert busy_shop.value("SELECT cashier_id::text FROM pos_sale WHERE id = %s", sold["id"]) == person
    published = "SELECT count(*) FROM mainstay_event WHERE name = %s AND payload ->> 'sale_id' = %s"
    assert busy_shop.value(published, "pos.sale_completed", sold["id"]) == 1
