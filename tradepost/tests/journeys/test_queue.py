"""A job that fails for good is seen with its reason, tried again by its owner once the cause is gone, and done.

So by the API, and by the screen: what is pressed there is done.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from belongings import a_picture_and_a_contact
from browsing import open_window
from browsing.walk import open_page
from playwright.async_api import Browser, Page, expect
from shopfloor import product_factory
from shopfloor.busy import BusyShop

from mainstay import clock
from mainstay.testing.client import Client

JOB = "catalog.learn_words"
# As if all tries but the last one were used up, and it were due: waiting for them would take a minute.
LAST_TRY = "UPDATE procrastinate_jobs SET attempts = 5, scheduled_at = NULL WHERE task_name = %s AND status = 'todo'"

# The job of this word takes as long as a statement may, so that there is time to look at it while it runs.
SLOWLY = """
CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(25); RETURN NEW; END $$;
CREATE TRIGGER dawdle BEFORE INSERT ON catalog_word FOR EACH ROW WHEN (NEW.word = 'quendelissimo')
    EXECUTE FUNCTION dawdle()
"""
AT_ONCE = "DROP TRIGGER dawdle ON catalog_word; DROP FUNCTION dawdle()"
KNOWN = "SELECT 1 FROM catalog_word WHERE word = %s"


async def until(ask: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401  whatever is asked for
    deadline = clock.monotonic() + 60
    while not (answer := await ask()):
        assert clock.monotonic() < deadline, "It did not happen in time."
        await asyncio.sleep(0.05)
    return answer


async def jobs(owner: Client, state: str) -> list[dict[str, Any]]:
    answer = await owner.get("/api/v1/jobs", params={"state": state, "name": JOB})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


@pytest.mark.journey
@pytest.mark.practice(82)
async def test_a_job_that_failed_for_good_is_seen_tried_again_and_done(busy_shop: BusyShop) -> None:
    program, owner = busy_shop.program, busy_shop.owner
    make_product = product_factory(owner, await busy_shop.till())
    program.ask("ALTER TABLE catalog_word RENAME TO catalog_word_elsewhere")
    try:
        await make_product(name="Zwieback Quendelino")
        await until(lambda: jobs(owner, "retrying"))
        program.ask(LAST_TRY, JOB)
        (failed,) = await until(lambda: jobs(owner, "failed"))
    finally:
        program.ask("ALTER TABLE catalog_word_elsewhere RENAME TO catalog_word")

    seen = (await owner.get(f"/api/v1/jobs/{failed['id']}")).json()
    assert seen["failures"][0]["error"] == "asyncpg.exceptions.UndefinedTableError"
    assert "tradepost/catalog/" in seen["failures"][0]["stack"]
    assert seen["can"] == ["retry", "discard"]
    assert (await owner.get("/api/v1/jobs/standing")).json()["failed"] == 1

    assert (await owner.post(f"/api/v1/jobs/{failed['id']}/retry")).status_code == 204

    async def knows_the_word() -> bool:
        return bool(program.ask("SELECT 1 FROM catalog_word WHERE word = 'quendelino'"))

    await until(knows_the_word)

    async def is_gone() -> bool:
        return (await owner.get(f"/api/v1/jobs/{failed['id']}")).status_code == 404

    await until(is_gone)  # what is done is not kept


@pytest.mark.journey
async def test_every_schedule_of_the_running_program_is_carried_out(busy_shop: BusyShop) -> None:
    """By the worker, whose transaction has begun before: what runs alone in a test may not run there.

    Red for the former sweep of files: it gave its connection back in the middle of that transaction.
    """
    program, owner = busy_shop.program, busy_shop.owner
    await a_picture_and_a_contact(program, busy_shop)
    schedules = [each["name"] for each in (await owner.get("/api/v1/schedules")).json()["items"]]
    assert len(schedules) >= 17
    program.ask("DELETE FROM mainstay_schedule_run")
    for name in schedules:
        assert (await owner.post(f"/api/v1/schedules/{name}/run")).status_code == 202

    async def outcomes() -> dict[str, tuple[str, str | None]]:
        rows = program.ask("SELECT name, outcome, error FROM mainstay_schedule_run")
        found = {name: (outcome, error) for name, outcome, error in rows}
        return found if set(schedules) <= found.keys() else {}

    told = await until(outcomes)
    assert {name: how for name, how in told.items() if how != ("done", None)} == {}


@contextmanager
def elsewhere(busy_shop: BusyShop) -> Iterator[None]:
    """Have the job fail inside the block."""
    busy_shop.program.ask("ALTER TABLE catalog_word RENAME TO catalog_word_elsewhere")
    try:
        yield
    finally:
        busy_shop.program.ask("ALTER TABLE catalog_word_elsewhere RENAME TO catalog_word")


@pytest.fixture
async def page(browser: Browser, busy_shop: BusyShop) -> AsyncIterator[Page]:
    """A window in which the owner is signed in."""
    async with open_window(browser, str(busy_shop.owner.base_url)) as screen:
        await screen.adopt(busy_shop.owner)
        yield await screen.context.new_page()


async def press(page: Page, job: int, state: str, act: str, said: str) -> None:
    """Press a button on a job's page, and see that it is said to be done."""
    await open_page(page, f"/settings/queue?state={state}&job={job}")
    await page.get_by_role("complementary").get_by_role("button", name=act, exact=True).click()
    await expect(page.get_by_text(said)).to_be_visible()


@pytest.mark.journey
async def test_dead_letters_are_tried_again_and_discarded_on_the_screen(busy_shop: BusyShop, page: Page) -> None:
    program, owner = busy_shop.program, busy_shop.owner
    make_product = product_factory(owner, await busy_shop.till())

    async def failed(count: int) -> list[dict[str, Any]]:
        program.ask(LAST_TRY, JOB)
        found = await jobs(owner, "failed")
        return found if len(found) == count else []

    with elsewhere(busy_shop):
        await make_product(name="Zwieback Quendelano")
        (again,) = await until(lambda: failed(1))
        await make_product(name="Zwieback Quendelone")
        gone = next(job for job in await until(lambda: failed(2)) if job["id"] != again["id"])

    await press(page, again["id"], "failed", "Try again", "It is tried again")
    await press(page, gone["id"], "failed", "Discard", "It is discarded")

    async def knows(word: str) -> bool:
        return bool(program.ask(KNOWN, word))

    await until(lambda: knows("quendelano"))
    assert await jobs(owner, "failed") == []
    assert (await owner.get(f"/api/v1/jobs/{gone['id']}")).status_code == 404
    assert not await knows("quendelone"), "what was discarded is not done"


@pytest.mark.journey
async def test_a_running_job_is_broken_off_and_a_schedule_is_run_on_the_screen(busy_shop: BusyShop, page: Page) -> None:
    program, owner = busy_shop.program, busy_shop.owner
    make_product = product_factory(owner, await busy_shop.till())
    program.ask(SLOWLY)
    try:
        await make_product(name="Zwieback Quendelissimo")
        (running,) = await until(lambda: jobs(owner, "running"))
        await press(page, running["id"], "running", "Cancel", "It is cancelled")
        (cancelled,) = await until(lambda: jobs(owner, "cancelled"))
    finally:
        program.ask(AT_ONCE)
    assert cancelled["id"] == running["id"]
    assert program.ask(KNOWN, "quendelissimo") == []

    ran = "SELECT outcome FROM mainstay_schedule_run WHERE name = 'catalog.tidy'"
    program.ask("DELETE FROM mainstay_schedule_run WHERE name = 'catalog.tidy'")
    await open_page(page, "/settings/queue?state=schedules")
    row = page.get_by_role("listitem").filter(has_text="catalog.tidy")
    await row.get_by_role("button", name="Run now", exact=True).click()
    await expect(page.get_by_text("It runs in a moment")).to_be_visible()

    async def outcome() -> list[tuple[Any, ...]]:
        return program.ask(ran)

    assert await until(outcome) == [("done",)]
    await open_page(page, "/settings/queue?state=schedules")
    await expect(row.get_by_text("done", exact=True)).to_be_visible()
