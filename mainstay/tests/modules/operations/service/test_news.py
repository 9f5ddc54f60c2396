"""Whoever sees errors is told of new ones and of those that came back: of each once, of many at a time in one."""

from datetime import timedelta
from typing import Any

import orjson
import pytest

from mainstay.modules.operations import jobs
from mainstay.modules.operations.schemas import ErrorState
from mainstay.modules.operations.service import errors, news
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import Gatherer, Origin
from mainstay.observe.tracker import BROWSER
from mainstay.observe.troubles import Frame, Trouble
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

TOLD = "SELECT kind, told::text AS told, path FROM notifications_item ORDER BY created_at, id"


@pytest.fixture(autouse=True)
def people(owner: Client, cashier: Client) -> None:
    """The owner sees errors, the cashier does not."""
    assert owner is not cashier


async def make(open_work: WorkOpener, *functions: str, logger: str = "shop", release: str = "1.0.0") -> None:
    """Have the program make mistakes."""
    gatherer = Gatherer(Origin.of("api", release, "till-1"), Counters(), 100)
    for function in functions:
        frames = (Frame("shop/till.py", 12, function),)
        gatherer.take(Trouble("error", logger, "unhandled error", "ValueError", "", frames, {}))
    batch = gatherer.batch()
    assert batch is not None
    async with open_work(SYSTEM) as uow:
        await errors.keep(uow, batch)


async def told(open_work: WorkOpener, clock: FrozenClock) -> list[tuple[str, dict[str, Any]]]:
    """Tell, and return what has been told up to now."""
    clock.move(timedelta(minutes=1))
    async with open_work(SYSTEM) as uow:
        await jobs.TELL_ERRORS.run(uow)
    async with open_work(SYSTEM) as uow:
        return [(row["kind"], orjson.loads(row["told"])) for row in await uow.read(TOLD)]


async def set_states(open_work: WorkOpener, state: ErrorState) -> None:
    async with open_work(SYSTEM) as uow:
        for each in await errors.listed(uow, None, None, None, 100):
            await errors.set_state(uow, each.id, each.version, state)


async def test_a_new_error_is_told_of_once_and_again_when_it_comes_back_after_it_was_resolved(
    open_work: WorkOpener, clock: FrozenClock
) -> None:
    await make(open_work, "pay")
    first = await told(open_work, clock)
    await make(open_work, "pay")
    assert await told(open_work, clock) == first
    ((kind, values),) = first
    assert (kind, values["place"], values["part"], values["release"]) == (
        "operations.error_new",
        "shop/till.py:pay",
        "api",
        "1.0.0",
    )

    await set_states(open_work, "resolved")
    assert await told(open_work, clock) == first
    clock.move(timedelta(minutes=1))
    await make(open_work, "pay", release="1.1.0")
    after = await told(open_work, clock)
    assert after[:-1] == first
    assert (after[-1][0], after[-1][1]["release"]) == ("operations.error_back", "1.1.0")
    assert await told(open_work, clock) == after


async def test_the_notice_leads_to_the_error(open_work: WorkOpener, clock: FrozenClock) -> None:
    await make(open_work, "pay")
    await told(open_work, clock)
    async with open_work(SYSTEM) as uow:
        (row,) = await uow.read(TOLD)
        (error,) = await errors.listed(uow, None, None, None, 2)
    assert row["path"] == f"/settings/errors?error={error.id}"


async def test_many_at_once_and_those_of_browsers_are_one_notice_an_hour(
    open_work: WorkOpener, clock: FrozenClock
) -> None:
    """Anybody may make up errors of browsers: nobody's inbox is theirs to fill."""
    await make(open_work, *(f"step_{number}" for number in range(news.MOST_TOLD + 1)))
    first = await told(open_work, clock)
    assert first == [("operations.errors_many", {"count": "4"})]
    for number in range(10):
        await make(open_work, f"forged_{number}", logger=BROWSER)
        assert await told(open_work, clock) == first

    await make(open_work, "own")
    assert [kind for kind, _ in await told(open_work, clock)] == ["operations.errors_many", "operations.error_new"]
    clock.move(timedelta(hours=1))
    await make(open_work, "forged", logger=BROWSER)
    assert (await told(open_work, clock))[-1] == ("operations.errors_many", {"count": "1"})


async def test_nobody_is_told_of_what_is_ignored(open_work: WorkOpener, clock: FrozenClock) -> None:
    await make(open_work, "pay")
    await set_states(open_work, "ignored")
    await make(open_work, "pay")

    assert await told(open_work, clock) == []
