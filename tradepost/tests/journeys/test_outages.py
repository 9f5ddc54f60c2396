"""The database goes away while the shop sells: each sale is answered rightly or refused, and all recovers unaided."""

import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from outages import SALES, Elsewhere, Rush, Shop, open_shop, until
from shopfloor import product_factory
from shopfloor.busy import LEVELS_DIFFERING

from mainstay import crypto
from mainstay.testing.process import ProgramProcess, make_folder

TOKEN = "a token for the scraper"  # pragma: allowlist secret
# An answer takes six seconds at most: three for a connection, or those for a statement and its answer.
SETTINGS = {
    "DATABASE_POOL_SIZE": "3",
    "DATABASE_POOL_OVERFLOW": "2",
    "DATABASE_POOL_WAIT": "1",
    "DATABASE_POOL_RECYCLE": "700",
    "DATABASE_CONNECT_TIMEOUT": "2",
    "DATABASE_STATEMENT_TIMEOUT": "2",
    "DATABASE_NETWORK_TIMEOUT": "2",
    "WORKER_ANSWER_TIMEOUT": "2",
    "METRICS_TOKEN": TOKEN,
}
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE status IN ('todo', 'doing')"
SOLD = "SELECT count(*) FROM pos_sale WHERE id = any(%s::uuid[])"


@pytest.fixture(scope="module")
async def shop() -> AsyncIterator[Shop]:
    """One shop for all tests of this file: each leaves it well."""
    async with AsyncExitStack() as stack:
        folder = make_folder()
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        elsewhere = Elsewhere(folder / "elsewhere")
        stack.enter_context(elsewhere.wire)
        elsewhere.start()
        stack.callback(elsewhere.stop)
        own = {"DATABASE_URL": elsewhere.url, "SECRET_KEY": crypto.new_token()}
        settings = {f"TRADEPOST_{name}": value for name, value in (SETTINGS | own).items()}
        program = ProgramProcess("tradepost", folder, **settings)
        program.start()
        stack.callback(program.stop)
        yield await stack.enter_async_context(open_shop(elsewhere, program))


@pytest.mark.journey
@pytest.mark.practice(39)
async def test_the_pool_is_live_as_the_settings_say(shop: Shop) -> None:
    """Three, two more, a second and 700 of them: what the pool itself says of itself while it serves."""
    async with shop.program.client() as scraper:
        page = (await scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text

    told = dict(line.rsplit(" ", 1) for line in page.splitlines() if line.startswith("mainstay_pool_"))
    wanted = {"size": 3, "overflow": 2, "wait_seconds": 1, "recycle_seconds": 700}
    found = {name: float(told[f'mainstay_pool_setting{{process="api-1",setting="{name}"}}']) for name in wanted}
    assert found == wanted
    assert float(told['mainstay_pool_limit{process="api-1"}']) == 5


@pytest.mark.journey
@pytest.mark.practice(39)
@pytest.mark.parametrize("end", [pytest.param(signal.SIGINT, marks=pytest.mark.long), signal.SIGKILL])
async def test_a_restart_of_the_database_under_load_loses_and_doubles_no_sale(shop: Shop, end: signal.Signals) -> None:
    """As an operator restarts it, and as the system kills it."""
    rush, listened = Rush(shop), shop.listeners()

    async with rush.on():
        shop.elsewhere.end(end)
        await until(lambda: rush.statuses[503] > 0)

    await all_is_well(shop, rush)
    assert set(rush.statuses) == {200, 201, 503}
    await until(lambda: len(shop.listeners() - listened) == 2)
    # A blink takes the program out of its balancer once at most, and not again and again.
    assert rush.readiness in ([200], [200, 503, 200])


@pytest.mark.journey
@pytest.mark.parametrize("fault", ["hold", pytest.param("swallow", marks=pytest.mark.long)])
async def test_a_network_that_falls_silent_hangs_nobody_for_ever(shop: Shop, fault: str) -> None:
    """Everybody is answered while it lasts: each of the four twice."""
    rush = Rush(shop)

    async with rush.on():
        getattr(shop.elsewhere.wire, fault)()
        await until(lambda: rush.statuses[503] >= 8)
        shop.elsewhere.wire.mend()

    await all_is_well(shop, rush)
    assert set(rush.statuses) == {200, 201, 503}


@pytest.mark.journey
@pytest.mark.parametrize("is_acknowledged", [True, pytest.param(False, marks=pytest.mark.long)])
async def test_connections_that_were_lost_in_silence_are_found_and_replaced(
    shop: Shop, *, is_acknowledged: bool
) -> None:
    """Nothing is mended: what is between the program and its database has forgotten them, and takes new ones."""
    rush, listened = Rush(shop), shop.listeners()

    async with rush.on():
        shop.elsewhere.wire.forget(is_acknowledged=is_acknowledged)
        await until(lambda: rush.statuses[503] > 0)

    await all_is_well(shop, rush)
    assert set(rush.statuses) == {200, 201, 503}
    # Of the API and the worker; the server does not know that nobody is at the other end of the old ones.
    await until(lambda: len(shop.listeners() - listened) == 2)


async def all_is_well(shop: Shop, rush: Rush) -> None:
    """Everything was answered as documented, every sale is there once, and the worker works."""
    assert rush.strange == []
    assert shop.elsewhere.ask(SOLD, list(rush.sold)) == [(len(rush.sold),)]
    assert shop.elsewhere.ask("SELECT count(*) FROM pos_sale JOIN stock_movement ON source_id = pos_sale.id") == (
        shop.elsewhere.ask("SELECT count(*) FROM pos_sale")
    )
    assert shop.elsewhere.ask(LEVELS_DIFFERING) == [(0,)]
    for key, text in list(rush.sold.items())[:: max(len(rush.sold) // 10, 1)]:
        assert (await shop.owner.get(f"{SALES}/{key}")).text == text
    check = (await shop.owner.get(f"/api/v1/pos/registers/{shop.till.register_id}/journal/check")).json()
    assert check["is_intact"]
    # Its words are learnt by a job.
    await product_factory(shop.owner, shop.till)()
    await until(lambda: shop.elsewhere.ask(WAITING) == [(0,)])
    assert [line for line in shop.program.log() if line["level"] == "error"] == []
