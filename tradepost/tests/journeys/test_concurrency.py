"""Many at once, through the running program: scarce goods sell once, numbers have no gap, and nobody sees a 500."""

import asyncio
from collections import Counter
from collections.abc import Iterable

import httpx2
import pytest
from shopfloor import (
    Product,
    Till,
    back_in,
    line_in,
    refund_in,
    sale_in,
    sell,
    tender_in,
)
from shopfloor.busy import LEVELS_DIFFERING, BusyShop

from mainstay import ids
from mainstay.testing.client import Client

TILLS = 20
SALES = "/api/v1/pos/sales"
REFUNDS = "/api/v1/pos/refunds"
REGISTERS = "/api/v1/pos/registers"


def outcomes_of(answers: Iterable[httpx2.Response]) -> Counter[tuple[int, str | None]]:
    """Count answers by status and code."""
    return Counter((answer.status_code, answer.json().get("code")) for answer in answers)


async def sell_out(client: Client, till: Till, product: Product) -> list[httpx2.Response]:
    """Sell single pieces until one is refused, and return all answers."""
    answers: list[httpx2.Response] = []
    while not answers or answers[-1].status_code == 201:
        answers.append(await client.post(SALES, json=sale_in(till, [line_in(product)], 249)))
    return answers


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_twenty_tills_sell_the_last_fifty_pieces(busy_shop: BusyShop) -> None:
    """Rules 11 and 17: exactly fifty leave, nobody sees a 500, and each till's numbers follow one another."""
    tills = [await busy_shop.till() for _ in range(TILLS)]
    browsers = [await busy_shop.browser() for _ in range(TILLS)]
    product = await busy_shop.product(tills[0], stock="50")

    answers = await asyncio.gather(
        *(sell_out(browser, till, product) for browser, till in zip(browsers, tills, strict=True))
    )

    assert outcomes_of([answer for given in answers for answer in given]) == {
        (201, None): 50,
        (409, "pos.not_enough_stock"): TILLS,
    }
    variant = product.variant_id
    assert busy_shop.value("SELECT on_hand FROM stock_level WHERE variant_id = %s", variant) == 0
    sold = busy_shop.value("SELECT sum(quantity) FROM stock_movement WHERE kind = 'sale' AND variant_id = %s", variant)
    assert sold == -50
    assert busy_shop.value(LEVELS_DIFFERING) == 0
    for till, given in zip(tills, answers, strict=True):
        numbers = [int(answer.json()["receipt_number"].rpartition("-")[2]) for answer in given[:-1]]
        assert numbers == list(range(1, len(given)))
        check = (await busy_shop.owner.get(f"{REGISTERS}/{till.register_id}/journal/check")).json()
        assert check == {"entries": len(given), "is_intact": True, "broken_at": None}
    assert busy_shop.crashes() == []


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_the_same_sale_posted_five_times_at_once_is_one_sale_with_five_equal_answers(busy_shop: BusyShop) -> None:
    """Rules 18 and 19: five rounds, each with a ticket of its own."""
    till = await busy_shop.till()
    product = await busy_shop.product(till, stock="10")
    browsers = [await busy_shop.browser() for _ in range(5)]

    for _ in range(5):
        sale = sale_in(till, [line_in(product)], 249)
        answers = await asyncio.gather(*(browser.post(SALES, json=sale) for browser in browsers))

        assert {(answer.status_code, answer.text) for answer in answers} == {(201, answers[0].text)}
        assert Counter(answer.headers.get("Idempotent-Replayed") for answer in answers) == {None: 1, "true": 4}
    assert busy_shop.value("SELECT count(*) FROM pos_sale WHERE register_id = %s", till.register_id) == 5
    assert busy_shop.value("SELECT on_hand FROM stock_level WHERE variant_id = %s", product.variant_id) == 5


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_closing_a_shift_in_the_rush_counts_exactly_the_sales_that_made_it(busy_shop: BusyShop) -> None:
    """Rule 21: what is expected is the float and the cash of the sales before the close, and none comes after it."""
    till = await busy_shop.till()
    product = await busy_shop.product(till)
    browsers = [await busy_shop.browser() for _ in range(8)]
    rush = Rush(till, product)
    tasks = [asyncio.create_task(rush.sell(browser)) for browser in browsers]
    await rush.is_on.wait()

    close = await busy_shop.owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 0})

    await asyncio.gather(*tasks)
    outcomes = outcomes_of(rush.answers)
    sold = outcomes[201, None]
    assert outcomes == {(201, None): sold, (409, "pos.shift_closed"): len(browsers)}
    shift = close.json()
    assert (close.status_code, shift["expected_minor"]) == (200, 10000 + sold * 249)
    assert (shift["sales_count"], shift["cash_minor"], shift["difference_minor"]) == (
        sold,
        sold * 249,
        -shift["expected_minor"],
    )
    last = "SELECT kind FROM pos_journal WHERE register_id = %s ORDER BY sequence DESC LIMIT 1"
    assert busy_shop.value(last, till.register_id) == "shift_closed"
    assert busy_shop.value("SELECT count(*) FROM pos_sale WHERE shift_id = %s", till.shift_id) == sold


class Rush:
    """Browsers that sell with change until a sale is refused; it is on when thirty sales were answered."""

    def __init__(self, till: Till, product: Product) -> None:
        self.answers: list[httpx2.Response] = []
        self.is_on = asyncio.Event()
        self._till, self._product = till, product

    async def sell(self, client: Client) -> None:
        """Sell until a sale is refused."""
        is_open = True
        while is_open:
            sale = sale_in(self._till, [line_in(self._product)], 249, tenders=[tender_in(300)])
            answer = await client.post(SALES, json=sale)
            is_open = answer.status_code == 201
            self.answers.append(answer)
            if len(self.answers) >= 30:
                self.is_on.set()


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_of_two_registers_with_one_code_exactly_one_is_added(busy_shop: BusyShop) -> None:
    """Rule 17: no two series are the same."""
    browsers = [await busy_shop.browser() for _ in range(2)]

    for _ in range(5):
        code = ids.new_id().hex[-8:].upper()
        register = {"store_id": str(busy_shop.store_id), "code": code, "name": "Till"}
        bodies = [{"id": str(ids.new_id())} | register for _ in browsers]
        answers = await asyncio.gather(
            *(browser.post(REGISTERS, json=body) for browser, body in zip(browsers, bodies, strict=True))
        )

        outcomes = sorted((answer.status_code, answer.json().get("code")) for answer in answers)
        assert [status for status, _ in outcomes] == [201, 409]
        assert outcomes[1] == (409, "pos.register_code_taken")


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_a_register_is_opened_by_one_of_those_who_open_it_at_once(busy_shop: BusyShop) -> None:
    """Rule 23."""
    till = await busy_shop.till()
    await busy_shop.owner.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10000})
    browsers = [await busy_shop.browser() for _ in range(4)]
    bodies = [
        {"id": str(ids.new_id()), "register_id": str(till.register_id), "float_minor": 100 * number}
        for number in range(4)
    ]

    answers = await asyncio.gather(
        *(browser.post("/api/v1/pos/shifts", json=body) for browser, body in zip(browsers, bodies, strict=True))
    )

    assert outcomes_of(answers) == {(201, None): 1, (409, "pos.shift_already_open"): 3}
    assert busy_shop.value("SELECT count(*) FROM pos_shift WHERE register_id = %s", till.register_id) == 2


@pytest.mark.journey
@pytest.mark.practice(45)
async def test_of_refunds_of_the_same_goods_at_four_tills_exactly_one_wins(busy_shop: BusyShop) -> None:
    """Rules 14 and 18: three are told that nothing is left; the winner's call again is answered as before."""
    shop = busy_shop
    tills = [await shop.till() for _ in range(4)]
    sale = await sell(shop.owner, sale_in(tills[0], [line_in(await shop.product(tills[0], stock="1"))], 249))
    wanted = [refund_in(till, sale, [back_in(sale)], 249) for till in tills]

    answers = await asyncio.gather(*(shop.owner.post(REFUNDS, json=one) for one in wanted for _ in range(2)))

    assert outcomes_of(answers) == {(201, None): 2, (409, "pos.refund_too_much"): 6}
    assert len({answer.text for answer in answers if answer.status_code == 201}) == 1
    paid = "SELECT sum(payable_minor)::int FROM pos_refund WHERE sale_id = %s"
    assert shop.value(paid, sale["id"]) == sale["payable_minor"]
    assert shop.value(LEVELS_DIFFERING) == 0
    assert shop.crashes() == []
