"""The database dies in every way, again and again, under readers and writers: each is told to come back, none of a bug.

A quick form of the run that found what was not told apart (docs/decisions/0006-the-way-of-a-request.md).
"""

import asyncio
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import psutil
from probe.main import make_program
from probe.served import Served, client_of, serving

from mainstay import clock, ids
from mainstay.db import migrate
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.testing.client import Client

CALLERS = 20
TOKEN = "token-of-the-owner"
PATIENCE = 60.0


class Callers:
    """Readers and writers, half of them by the ORM or inside a transaction; they retry whatever they are answered."""

    def __init__(self, served: Served) -> None:
        self.answers: Counter[int] = Counter()
        self._served = served
        self._kinds = (self._read, self._write, self._read_by_orm, self._read_inside_a_transaction)

    async def call(self, number: int) -> None:
        """Call until cancelled."""
        async with client_of(self._served, TOKEN) as client:
            while True:
                self.answers[await self._kinds[number % len(self._kinds)](client)] += 1

    def has_more(self, count: int, *statuses: int) -> Callable[[], Awaitable[None]]:
        """Return what waits until `count` more requests than now have been answered with one of `statuses`."""
        wanted, deadline = self._count(statuses) + count, clock.monotonic() + PATIENCE

        async def wait() -> None:
            while self._count(statuses) < wanted:
                assert clock.monotonic() < deadline, f"no more answers {statuses}: {self.answers}"
                await asyncio.sleep(0.01)

        return wait

    def _count(self, statuses: tuple[int, ...]) -> int:
        return sum(self.answers[status] for status in statuses)

    async def _read(self, client: Client) -> int:
        return (await client.get("/api/v1/probe/notes?limit=3")).status_code

    async def _write(self, client: Client) -> int:
        note = {"id": str(ids.new_id()), "code": ids.new_id().hex, "amount": 1}
        return (await client.post("/api/v1/probe/notes", json=note)).status_code

    async def _read_by_orm(self, client: Client) -> int:
        return (await client.get("/api/v1/trouble/orm?statement=SELECT generate_series(1, 300)")).status_code

    async def _read_inside_a_transaction(self, client: Client) -> int:
        return (await client.get("/api/v1/trouble/sleep?seconds=0.01")).status_code


def stop_fast(first: psutil.Process) -> None:
    first.send_signal(signal.SIGINT)


def stop_at_once(first: psutil.Process) -> None:
    first.send_signal(signal.SIGQUIT)


def kill_all(first: psutil.Process) -> None:
    for process in (first, *first.children()):
        with suppress(psutil.NoSuchProcess):  # it ended in between
            process.kill()


def kill_one_connection(first: psutil.Process) -> None:
    """The server throws out everybody else and recovers: who knows what the dead one left in their shared memory."""
    next(each for each in first.children() if "probe" in " ".join(each.cmdline())).kill()


DEATHS: tuple[Callable[[psutil.Process], None], ...] = (stop_fast, kill_one_connection, stop_at_once, kill_all)


async def test_every_request_that_a_death_of_the_database_meets_is_told_to_come_back(
    tmp_path: Path,
) -> None:
    server = EmbeddedPostgres(tmp_path / "data", database="probe")
    await asyncio.to_thread(server.start)
    try:
        await asyncio.to_thread(migrate.upgrade, server.dsn, make_program().migrations)
        with serving(server.dsn, tmp_path) as served:
            answers = await die_again_and_again(server, tmp_path / "data" / "postgres" / "cluster", served)
            bugs = [line["exception"] for line in served.lines(event="unhandled error")]
    finally:
        await asyncio.to_thread(server.stop)

    assert not bugs, bugs[0]
    assert set(answers) == {200, 201, 503}


async def die_again_and_again(server: EmbeddedPostgres, cluster: Path, served: Served) -> Counter[int]:
    """Have the server die in every way while it is called; return how many requests were answered how."""
    callers = Callers(served)
    tasks = [asyncio.create_task(callers.call(number)) for number in range(CALLERS)]
    try:
        for die in DEATHS:
            await callers.has_more(40, 200)()
            is_noticed = callers.has_more(10, 500, 503)
            die(psutil.Process(int((cluster / "postmaster.pid").read_text().split()[0])))
            await is_noticed()
            if die is not kill_one_connection:  # then the server comes back by itself
                await asyncio.to_thread(server.stop)
                await asyncio.to_thread(server.start)
        await callers.has_more(10, 201)()
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert all(isinstance(end, asyncio.CancelledError) for end in ended), ended
    return callers.answers
