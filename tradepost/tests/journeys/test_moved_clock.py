"""The machine's clock is moved while the program runs: 40 days forward, then two hours back (libfaketime)."""

import asyncio
import base64
import shlex
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from shopfloor import Product, Till, created, line_in, sale_in, sell
from shopfloor.busy import BusyShop, open_busy_shop

from mainstay import clock, crypto, ids
from mainstay.bootstrap.program import Program
from mainstay.db.embedded import EmbeddedPostgres
from mainstay.db.embedded import server as embedded
from mainstay.db.embedded.programs import server_programs
from mainstay.modules.webhooks.service.signing import signature
from mainstay.testing.client import Client
from mainstay.testing.clusters import lay
from mainstay.testing.process import ProgramProcess, make_folder
from tools.suite import need_moved_clock

DAYS, HOURS = timedelta(days=40), timedelta(hours=2)
# Schedules look at the clock once a minute at least.
PATIENCE = 150.0
TOKEN = "the token of who reads numbers"  # pragma: allowlist secret
SHOP = "/api/v1/shop"
RATE = {"name": "Later", "rate": "7.25"}
REPEATED = {"Idempotency-Key": "a-key-of-later"}
IN = "/api/v1/webhooks/in/web-shop"
Found = TypeVar("Found")


@dataclass
class MovedClock:
    """The clock of a machine, of which only what measures durations goes on as it did."""

    library: str
    file: Path

    def move(self, offset: timedelta) -> None:
        """Have it be so far from the real one, at once for all."""
        fresh = self.file.with_name("next")
        fresh.write_text(f"{offset.total_seconds():+.0f}\n")
        fresh.chmod(0o644)
        fresh.replace(self.file)

    @property
    def variables(self) -> dict[str, str]:
        """What a process needs in its environment to have this clock."""
        return {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "FAKETIME_NO_CACHE": "1",
        }

    def programs(self, folder: Path) -> Path:
        """Return a folder with PostgreSQL's programs, of which the server has this clock.

        Set only here, behind the change of the account: the library shares memory between processes of one account.
        """
        own = self.file.with_name("programs")
        own.mkdir(mode=0o755)
        for program in folder.iterdir():
            variables = self.variables if program.name == "postgres" else {}
            words = " ".join(f"{name}={shlex.quote(value)}" for name, value in variables.items())
            script = own / program.name
            script.write_text(f'#!/bin/sh\nexec env {words} {shlex.quote(str(program))} "$@"\n')
            script.chmod(0o755)
        return own


async def until(ask: Callable[[], Awaitable[Found]]) -> Found:
    """Ask until the answer is true, and return it."""
    deadline = clock.monotonic() + PATIENCE
    while not (found := await ask()):
        assert clock.monotonic() < deadline, "It did not happen in time."
        await asyncio.sleep(0.2)
    return found


@dataclass
class Machine:
    """A machine whose clock can be moved, on which a shop's program and its database run."""

    clock: MovedClock
    shop: BusyShop
    till: Till
    product: Product
    secret: bytes

    @property
    def program(self) -> ProgramProcess:
        """The program."""
        return self.shop.program

    def now(self) -> datetime:
        """Return what the machine takes for now."""
        found: datetime = self.shop.value("SELECT clock_timestamp()")
        return found

    async def sell(self, owner: Client) -> tuple[int, date]:
        """Sell one piece, and return the receipt's number and its business day."""
        sale = await sell(owner, sale_in(self.till, [line_in(self.product)], 249))
        sql = "SELECT number, business_day FROM pos_sale WHERE id = %s"
        [row] = self.program.ask(sql, sale["id"])
        return row[0], row[1]

    def day(self, moment: datetime) -> date:
        """Return the business day of a moment in the store."""
        sql = "SELECT (%s AT TIME ZONE time_zone - day_cutoff::interval)::date FROM shop_store WHERE id = %s"
        found: date = self.shop.value(sql, moment, self.shop.store_id)
        return found

    async def send(self, name: str, moment: datetime, offset: timedelta | None = None) -> httpx2.Response:
        """Send a message from outside that was signed at a moment; with an `offset` the clock is moved half way."""
        body = b'{"type": "order"}'

        async def halves() -> AsyncIterator[bytes]:
            yield body[:5]
            if offset is not None:
                self.clock.move(offset)
            yield body[5:]

        headers = {
            "Content-Length": str(len(body)),
            "webhook-id": name,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signature(self.secret, name, moment, body),
            "Content-Type": "application/json",
        }
        async with self.program.client() as sender:
            return await sender.post(IN, content=halves(), headers=headers)

    async def has_ended_the_session(self) -> bool:
        """Whether the owner of the beginning has to sign in again."""
        return (await self.shop.owner.get(SHOP)).status_code == 401

    async def tells_age(self, least: timedelta, most: timedelta) -> bool:
        """Whether the program tells that nothing newer has been backed up for so long."""
        async with self.program.client() as scraper:
            page = (await scraper.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})).text
        ages = [float(line.split()[-1]) for line in page.splitlines() if line.startswith("mainstay_backup_age_seconds")]
        return bool(ages) and least.total_seconds() <= max(ages) < most.total_seconds()

    def runs(self) -> Counter[tuple[str, datetime]]:
        """Return how often each schedule did its work for each moment."""
        return Counter(
            (line["job"], datetime.fromtimestamp(line["moment"], UTC))
            for line in self.program.log()
            if line["event"] == "job" and line.get("outcome") == "done" and "moment" in line
        )

    async def has_sealed_since(self, moment: datetime) -> bool:
        """Whether what is done each minute was done for a minute at or after a moment, and not for one far from now."""
        minutes = {at for name, at in self.runs() if name == "audit.seal"}
        return any(moment - timedelta(minutes=2) <= at <= self.now() for at in minutes)


@pytest.fixture
async def machine(program: Program, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Machine]:
    """A machine with a shop in which one piece was sold and that takes messages from outside."""
    folder = make_folder()
    # Before the server's programs have another clock: the run's cluster is everybody's.
    lay(program.name, folder / "server")
    moved = MovedClock(need_moved_clock(), folder / "clock")
    moved.move(timedelta())
    monkeypatch.setattr(embedded, "server_programs", lambda account: moved.programs(server_programs(account)))
    server = EmbeddedPostgres(folder / "server", database=program.name)
    own = {"DATABASE_URL": server.dsn, "SECRET_KEY": crypto.new_token(), "METRICS_TOKEN": TOKEN}
    settings = {f"{program.name}_{name}".upper(): value for name, value in own.items()}
    process = ProgramProcess(program.name, folder, **settings, **moved.variables)
    try:
        server.start()
        process.start()
        async with open_busy_shop(process) as shop:
            source = {"id": str(ids.new_id()), "name": "web-shop", "description": "Orders"}
            made = await created(shop.owner, "/api/v1/webhooks/sources", source)
            till = await shop.till()
            product = await shop.product(till, stock="9")
            yield Machine(moved, shop, till, product, base64.b64decode(made["secret"].removeprefix("whsec_")))
    finally:
        process.stop()
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
async def test_a_clock_that_jumps_forward_and_back_stops_doubles_and_loses_nothing(machine: Machine) -> None:
    """Sessions end at their time, schedules go on, numbers follow, and what was signed long ago is refused."""
    started = await begun(machine)
    # A request under way is measured by what no clock moves. (PostgreSQL goes by the clock: a statement that waits in
    # it at that moment is ended, and answered by 503.)
    assert (await machine.send("second", started + DAYS, DAYS)).status_code == 202
    later = machine.now()
    assert DAYS <= later - started < DAYS + timedelta(minutes=10)
    # The session's time is over, as soon as it is looked up again.
    await until(machine.has_ended_the_session)

    async with machine.program.owner() as owner:
        added = await goes_on_later(machine, owner, started, later)
        machine.clock.move(DAYS - HOURS)
        await goes_on_before(machine, owner, later, added)

    runs = machine.runs()
    assert set(runs.values()) == {1}
    # Of 57,600 minutes that were jumped over one is made up for, and of each other schedule its latest moment.
    assert len(runs) < 50
    assert unwanted(machine.program) == []


async def begun(machine: Machine) -> datetime:
    """Have everything happen once, and return when that began."""
    started = machine.now()
    assert await machine.sell(machine.shop.owner) == (1, machine.day(started))
    assert (await machine.send("first", started)).status_code == 202
    await until(lambda: machine.has_sealed_since(started))
    # As the first look at backups does, once an hour.
    sql = "INSERT INTO backup_database (id, known_since) VALUES (gen_random_uuid(), now()) ON CONFLICT DO NOTHING"
    machine.program.ask(sql)
    return started


async def goes_on_later(machine: Machine, owner: Client, started: datetime, later: datetime) -> httpx2.Response:
    """See to it that all goes on 40 days later, and return how a tax rate was added there."""
    assert (await machine.send("third", started)).status_code == 401
    assert (await machine.send("fourth", later)).status_code == 202
    assert await machine.sell(owner) == (2, machine.day(later))
    added = await owner.post(f"{SHOP}/tax-rates", json=RATE, headers=REPEATED)
    assert added.status_code == 201
    await until(lambda: machine.has_sealed_since(later))
    await until(lambda: machine.tells_age(DAYS, DAYS + HOURS))
    return added


async def goes_on_before(machine: Machine, owner: Client, later: datetime, added: httpx2.Response) -> None:
    """See to it that all goes on two hours before that; nothing waits until the clock is there again."""
    back = machine.now()
    assert back < later
    await until(lambda: machine.has_sealed_since(back))
    assert await machine.sell(owner) == (3, machine.day(back))
    assert (await machine.send("fifth", later)).status_code == 401
    assert (await machine.send("sixth", back)).status_code == 202
    again = await owner.post(f"{SHOP}/tax-rates", json=RATE, headers=REPEATED)
    assert again.json() == added.json()
    names = [each["name"] for each in (await owner.get(SHOP)).json()["tax_rates"]]
    assert names.count(RATE["name"]) == 1


def unwanted(program: ProgramProcess) -> list[dict[str, Any]]:
    """Return the log's lines of jobs that were doubled, and of what went wrong."""
    return [
        line
        for line in program.log()
        if (line["event"] == "job" and line.get("outcome") in {"handed back", "repeated", "failed"})
        or (line["event"] == "request" and line["status"] >= 500)
        or line["event"] in {"worker lost its database", "unhandled error"}
    ]
