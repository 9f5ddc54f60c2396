"""A job that fails for good is seen with its reason, tried again by its owner once the cause is gone, and done."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from shopfloor import product_factory
from shopfloor.busy import BusyShop

from mainstay import clock
from mainstay.testing.client import Client

JOB = "catalog.learn_words"
# As if all tries but the last one were used up, and it were due: waiting for them would take a minute.
LAST_TRY = "UPDATE procrastinate_jobs SET attempts = 5, scheduled_at = NULL WHERE task_name = %s AND status = 'todo'"


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
    assert (await owner.get(f"/api/v1/jobs/{failed['id']}")).status_code == 404, "what is done is not kept"
