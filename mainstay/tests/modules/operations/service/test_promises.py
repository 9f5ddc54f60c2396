"""The budget is of the month, of all processes, and outlives each of them; looked at through the API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from mainstay import clock, crypto, ids
from mainstay.bootstrap import promising
from mainstay.bootstrap.api import create_api
from mainstay.bootstrap.program import Program
from mainstay.keyring import Keyring
from mainstay.modules.operations.jobs import tidy_errors
from mainstay.modules.operations.service import promises
from mainstay.observe.promises import STEP, Counts, Step
from mainstay.testing.client import Client
from mainstay.testing.clients import ADD_PERSON, ADD_SESSION, ADDRESS
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

STATUS = "/api/v1/operations/status"
ROUTE = "/api/v1/audit/entries"
KEYRING = Keyring(b"a key that only these tests use, 32 bytes")
ROWS = "SELECT writer, began_at, requests FROM operations_promise_step ORDER BY began_at, writer"


class Fixed:
    """A clock that stands still."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


class Machine:
    """A process of the program on a machine of its own: nobody but the database knows of both."""

    def __init__(self, program: Program, url: str, token: str) -> None:
        self._program, self._url, self._token = program, url, token

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Client]:
        """Run the API inside the block, and give the owner's browser."""
        app: FastAPI = create_api(self._program, self._program.configuration(), self._url, KEYRING)
        async with (
            app.router.lifespan_context(app),
            Client(ADDRESS, transport=httpx2.ASGITransport(app)) as client,
        ):
            client.cookies.set(app.state.edge.session_cookie, self._token, domain="localhost.local")
            yield client


@pytest.fixture
async def machine(program: Program, committed: WorkOpener, fresh_database_url: str) -> Machine:
    """A machine, and an owner who has signed in."""
    key, token = ids.new_id(), crypto.new_token()
    async with committed(SYSTEM) as uow:
        await uow.write(ADD_PERSON, key, "olga@shop.example", "Olga", "owner")
        await uow.write(ADD_SESSION, ids.new_id(), crypto.digest(token), key, timedelta(days=1))
    return Machine(program, fresh_database_url, token)


async def status_of(client: Client) -> dict[str, Any]:
    answer = await client.get(STATUS)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def requests_of(client: Client) -> int:
    return int((await status_of(client))["objectives"][0]["requests"])


async def test_a_restart_keeps_the_budget_and_counts_nothing_twice(machine: Machine) -> None:
    async with machine.running() as client:
        for _ in range(5):
            await client.get(ROUTE)
        before = await status_of(client)
    async with machine.running() as client:
        after = await status_of(client)
        assert after["routes"] == [], "the numbers of the processes began anew"
    async with machine.running() as client:
        last = await status_of(client)

    assert before["objectives"][0]["requests"] == 5
    # Whoever looks at the status is a request as well.
    assert [each["objectives"][0]["requests"] for each in (after, last)] == [6, 7]
    assert after["objectives_since"] == last["objectives_since"] == before["objectives_since"]
    assert after["since"] > before["since"]


async def test_one_machine_knows_what_another_counted(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(promising, "PAUSE", 0.02)
    async with machine.running() as here, machine.running() as there:
        for _ in range(5):
            await here.get(ROUTE)
        deadline, asked = clock.monotonic() + 20, 0
        while (told := await requests_of(there)) < 5 + asked:
            asked += 1
            assert clock.monotonic() < deadline
    assert told == 5 + asked


async def keep(uow: UnitOfWork, *ages: timedelta, counts: Counts) -> None:
    """Keep as much of each of some times ago, by one process."""
    now = clock.now()
    await promises.keep(uow, ids.new_id(), [Step(now - age, counts) for age in ages])


async def test_the_month_and_the_windows_in_which_it_burns_are_told_apart(uow: UnitOfWork) -> None:
    hour, day = timedelta(hours=1), timedelta(days=1)
    await keep(uow, hour / 2, counts=Counts(1000, 10, 990, 0))
    await keep(uow, 3 * hour, counts=Counts(3000, 2, 3000, 450))
    await keep(uow, 29 * day, counts=Counts(96_000, 0, 96_000, 0))
    await keep(uow, 31 * day, counts=Counts(100_000, 100_000, 100_000, 100_000))

    answered, quick = (await promises.kept(uow)).objectives()

    assert (answered.requests, answered.missed) == (100_000, 12)
    assert answered.budget_left == pytest.approx(1 - 12 / 100)
    assert answered.burn_hour == pytest.approx(10)
    assert answered.burn_six_hours == pytest.approx(3)
    assert (quick.requests, quick.missed) == (99_990, 450)
    assert quick.burn_hour == 0
    assert quick.burn_six_hours == pytest.approx(450 / 3990 / 0.05)


async def test_without_requests_nothing_burns(uow: UnitOfWork) -> None:
    standing = await promises.kept(uow)

    assert (standing.month, standing.hour) == (Counts(), Counts())
    assert [(each.budget_left, each.burn_hour) for each in standing.objectives()] == [(1, None), (1, None)]


async def test_a_step_that_is_written_again_or_late_is_counted_once(uow: UnitOfWork) -> None:
    writer, at = ids.new_id(), clock.now()
    for requests in (5, 8, 8, 5):
        await promises.keep(uow, writer, [Step(at, Counts(requests, 1, requests, 0))])
    await promises.keep(uow, ids.new_id(), [Step(at, Counts(2, 0, 2, 0))])

    assert (await promises.kept(uow)).month == Counts(10, 1, 10, 0)


async def test_what_is_old_is_joined_by_the_hour_and_then_forgotten(uow: UnitOfWork) -> None:
    noon = datetime(2026, 11, 30, 12, tzinfo=UTC)
    for _ in range(2):
        steps = [Step(noon + number * STEP, Counts(1, 1, 1, 1)) for number in range(24)]
        await promises.keep(uow, ids.new_id(), steps)

    async def tidied(after: timedelta) -> list[tuple[int, datetime, int]]:
        with clock.use_clock(Fixed(noon + after)):
            await tidy_errors(uow)
        return [(row["writer"].int, row["began_at"], row["requests"]) for row in await uow.read(ROWS)]

    assert len(await tidied(timedelta(days=2))) == 48, "somebody may add to them still"
    two = timedelta(days=2)
    # In the middle of the second hour: what is there of it is joined, and the rest to it later.
    half = await tidied(two + timedelta(minutes=90))
    assert half[:2] == [(0, noon, 24), (0, noon + timedelta(hours=1), 12)]
    assert await tidied(two + timedelta(hours=2)) == [(0, noon, 24), (0, noon + timedelta(hours=1), 24)]
    assert await tidied(timedelta(days=34)) == [(0, noon, 24), (0, noon + timedelta(hours=1), 24)]
    assert await tidied(timedelta(days=36)) == []
