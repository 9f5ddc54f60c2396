"""The product is stopped in the middle of business, and started again: no sale is lost, and nobody is left behind."""

import asyncio
from collections import Counter
from collections.abc import Callable

import httpx2
import psutil
import pytest
from callers import KINDS, call
from shopfloor import Product, Till, line_in, sale_in, tender_in
from shopfloor.busy import BusyShop, open_busy_shop
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess
from tradepost.main import make_program

StartProgram = Callable[..., ProgramProcess]
TILLS = 6
PATH = "/api/v1/pos/sales"
# Others look at what anybody may see, on new connections and on those they keep.
PAGE = {"busy": "/api/v1/identity/setup"}
VISITORS = 10
PRICE_MINOR = 249


async def sell_until_closed(browser: Client, till: Till, product: Product, outcomes: Counter[str]) -> None:
    """Sell one piece after the other, never a second time; a sale that was sent and not answered is "lost"."""
    while True:
        sale = sale_in(till, [line_in(product, "1")], PRICE_MINOR, tenders=[tender_in(PRICE_MINOR)])
        try:
            answer = await browser.post(PATH, json=sale)
        except httpx2.ConnectError:
            return
        except httpx2.TransportError:
            outcomes["lost"] += 1
            return
        outcomes[str(answer.status_code)] += 1


async def watch_today(browser: Client, shop: BusyShop) -> str:
    """Follow the live numbers; say how the stream ended."""
    try:
        path = f"/api/v1/insight/today/stream?store_id={shop.store_id}"
        async with browser.stream("GET", path, timeout=60) as answer:
            events = [line async for line in answer.aiter_lines() if line.startswith("event:")]
    except httpx2.TransportError as failure:
        return f"cut off: {failure!r}"
    return f"ended after {'some' if events else 'no'} events"


@pytest.mark.journey
@pytest.mark.practice(86)
async def test_a_stop_in_the_rush_loses_no_sale_and_the_next_start_knows_them_all(start_program: StartProgram) -> None:
    program = start_program()
    outcomes: Counter[str] = Counter()
    async with open_busy_shop(program) as shop:
        tills = [await shop.till() for _ in range(TILLS)]
        product = await shop.product(tills[0], stock="100000")
        browsers = [await shop.browser() for _ in tills]
        selling = [
            asyncio.create_task(sell_until_closed(browser, till, product, outcomes))
            for browser, till in zip(browsers, tills, strict=True)
        ]
        port, visits = int(program.address.rpartition(":")[2]), Counter[str]()
        visiting = [asyncio.create_task(call(port, PAGE, kind, visits)) for kind in KINDS for _ in range(VISITORS)]
        watching = asyncio.create_task(watch_today(await shop.browser(), shop))
        async with asyncio.timeout(60):
            while outcomes["201"] < 5 * TILLS:  # noqa: ASYNC110  the counter has no event
                await asyncio.sleep(0.02)
        family = psutil.Process(program.pid).children(recursive=True)

        code = await asyncio.to_thread(program.stop)
        await asyncio.gather(*selling, *visiting)

        assert code == 0
        assert set(outcomes) == {"201"}, f"a sale was not answered, or not well: {outcomes}"
        assert set(visits) == {"200", "refused"}, f"a visitor was not answered: {visits}"
        assert await watching == "ended after some events"
        assert not psutil.wait_procs(family, timeout=5)[1]

    await asyncio.to_thread(program.start)

    assert program.ask("SELECT count(*) FROM pos_sale") == [(outcomes["201"],)]
    assert await asyncio.to_thread(owner_link, program) == (1, "There is an owner already.\n")


def owner_link(program: ProgramProcess) -> tuple[int, str]:
    """Ask for a new link on the command line, beside the running program."""
    place = {"TRADEPOST_DATA_DIR": str(program.data_dir)}
    done = CliRunner().invoke(create_cli(make_program()), ["owner-link"], env=place)
    return done.exit_code, done.output
