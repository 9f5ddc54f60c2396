"""Mistakes that a running program is made to make, and what it then keeps of them."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psutil
from browsing import Screen
from browsing.walk import open_page
from playwright.async_api import Browser, expect
from shopfloor.busy import BusyShop

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

PATH = "/api/v1/operations/errors"
PATIENCE = 60.0
# What nobody may find where errors are kept.
PRIVATE = ("ada@shop.example", "+49 30 1234567", "key-0a1b2c3d4e5f6a7b8c9d0e1f2a3b")
SAID = " ".join(PRIVATE)
TABLES = ("operations_error", "operations_error_occurrence", "operations_error_writer")
FAILING = (
    "CREATE FUNCTION fail_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{said}'; END $$",
    "CREATE TRIGGER fail BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION fail_{table}()",
)
MENDED = "DROP FUNCTION fail_{table} CASCADE"
BROKEN_SCRIPT = f"function tear() {{ throw new TypeError('no receipt for {SAID}') }} setTimeout(tear)"


@contextmanager
def failing(program: ProgramProcess, table: str) -> Iterator[None]:
    """Have whatever is added to a table fail inside the block, saying what is private."""
    for statement in FAILING:
        program.ask(statement.format(table=table, said=SAID))
    try:
        yield
    finally:
        program.ask(MENDED.format(table=table))


async def fail_in_a_browser(program: ProgramProcess, browser: Browser, script: str, name: str) -> None:
    """Have a page fail."""
    page = await browser.new_page()
    await page.route(f"**/assets/{name}", lambda route: route.fulfill(body=script, content_type="text/javascript"))
    await page.goto(program.address)
    await page.get_by_role("heading").first.wait_for()
    async with page.expect_response("**/api/v1/client-errors") as answer:
        await page.add_script_tag(url=f"/assets/{name}")
    assert (await answer.value).status == 204
    await page.close()


def kill_the_worker(program: ProgramProcess) -> None:
    """End the worker by force, as a lack of memory does."""
    children = psutil.Process(program.pid).children()
    (worker,) = [child for child in children if child.cmdline()[-1:] == ["worker"]]
    worker.kill()


async def kept(
    owner: Client, is_it: Callable[[dict[str, Any]], bool], hurry: Callable[[], None] = lambda: None
) -> dict[str, Any]:
    """Return an error, with its occurrences, as soon as the program has kept it; `hurry` is done before each look."""
    deadline = clock.monotonic() + PATIENCE
    while True:
        hurry()
        items = (await owner.get(f"{PATH}?limit=200")).json()["items"]
        if found := [item for item in items if is_it(item)]:
            (one,) = found
            detail: dict[str, Any] = (await owner.get(f"{PATH}/{one['id']}")).json()
            return detail
        assert clock.monotonic() < deadline, f"It was not kept: {items}"
        await asyncio.sleep(0.1)


async def resolve_on_screen(window: Screen, error_id: str) -> str:
    """Resolve an error on its screen, and return all that the screen said before."""
    page = await window.context.new_page()
    await open_page(page, f"/settings/errors?error={error_id}")
    resolve = page.get_by_role("button", name="Resolve", exact=True)
    await expect(resolve).to_be_visible()
    said = str(await page.content())
    await resolve.click()
    await expect(page.get_by_role("button", name="Open again")).to_be_visible()
    return said


def all_that_is_kept(program: ProgramProcess) -> str:
    """Return every value of every row in which errors are kept."""
    return str([program.ask(f"SELECT each::text FROM {table} AS each") for table in TABLES])


def is_refused(one: dict[str, Any]) -> bool:
    """Whether an error is one that the database refused."""
    return str(one["kind"]) == "asyncpg.exceptions.RaiseError"


async def fail_to_tag(shop: BusyShop, name: str) -> None:
    """Have a tag with this name not be made, in a request of this name."""
    answer = await shop.owner.post(
        "/api/v1/tagging/tags", json={"id": str(ids.new_id()), "name": name}, headers={"X-Request-ID": name}
    )
    assert answer.status_code == 500


async def fail_resolve_and_fail_again(shop: BusyShop, names: list[str], release: str) -> dict[str, Any]:
    """Return an error of the API that came twice, was resolved, and came once more."""
    with failing(shop.program, "tagging_tag"):
        await fail_to_tag(shop, names[0])
        await fail_to_tag(shop, names[1])
        api = await kept(shop.owner, lambda one: one["role"] == "api" and is_refused(one) and one["count"] == 2)
        seen = {"version": api["version"]}
        resolved = await shop.owner.post(f"{PATH}/{api['id']}/resolve", json=seen)
        assert resolved.json()["resolved_release"] == release
        await fail_to_tag(shop, names[2])
    return await kept(shop.owner, lambda one: one["id"] == api["id"] and one["count"] == 3)
