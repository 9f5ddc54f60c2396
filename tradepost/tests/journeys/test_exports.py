"""Lists of 100,000 rows as files, from the running program: sent while they are read, however slow the reader is."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import psycopg
import pytest
from shopfloor.rows import FREE, rows_of

from mainstay import clock, crypto, ids
from mainstay.bootstrap.program import Program
from mainstay.testing import database
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess, make_folder

FEW = 2_000
ALL = 100_000
CONTACTS = "/api/v1/crm/contacts"
SHEET = f"{CONTACTS}.csv"
# By file: the list whose rows it has, a row's mark, and how many of them stand before the rows.
FILES = {
    SHEET: (f"GET {CONTACTS}", b"\r\n", 1),
    f"{CONTACTS}.vcf": (f"GET {CONTACTS}", b"BEGIN:VCARD", 0),
    "/api/v1/catalog/variants.csv": ("GET /api/v1/catalog/variants", b"\r\n", 1),
    "/api/v1/pos/sales.csv": ("GET /api/v1/pos/sales", b"\r\n", 1),
    "/api/v1/pos/shifts.csv": ("GET /api/v1/pos/shifts", b"\r\n", 1),
}
# Connections to the database, and more readers than those.
CONNECTIONS = 4
READERS = 5
ROUNDS = 20
PATIENCE = 60.0
# One that stays connected and reads nothing has the system hold little for it.
LITTLE = [(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)]
ASKED = "datname = current_database() AND pid <> pg_backend_pid() AND query ~ 'crm_'"
LATEST = f"SELECT max(query_start) FROM pg_stat_activity WHERE {ASKED}"
BUSY = f"SELECT query FROM pg_stat_activity WHERE {ASKED} AND state <> 'idle'"


@dataclass
class Taken:
    """A file: its rows and bytes, when its first row and its end came, and the most that was held for it."""

    rows: int = 0
    size: int = 0
    first: float = 0.0
    end: float = 0.0
    most: int = 0
    # Over what was held before.
    rise: int = 0


@dataclass
class Shop:
    """A running program with lists of rows, its owner's browser, the process that answers, and files of `FEW` rows."""

    program: ProgramProcess
    owner: Client
    pid: int
    few: dict[str, Taken] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)

    def fill(self, title: str, last: int) -> None:
        """Have a list be of so many rows."""
        first, self.lengths[title] = self.lengths.get(title, 0) + 1, last
        if first <= last:
            run(self.program.database_url, *rows_of(first, last, title, 2 * ALL), "ANALYZE")

    def held(self, what: str = "VmRSS") -> int:
        """Return how many bytes of memory the process holds, or has held at most (VmHWM)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return 1024 * int(status.partition(f"{what}:")[2].split()[0])

    def begin_anew(self) -> int:
        """Have the most that was held be what is held now (proc(5), clear_refs), and return that."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")
        return self.held()

    def callers(self) -> int:
        """Return how many connections of callers are open (proc(5), net/tcp: established or half closed)."""
        port = f":{int(self.program.address.rpartition(':')[2]):04X}"
        lines = [
            line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()
        ]
        return sum(line[1].endswith(port) and line[3] in {"01", "08"} for line in lines)

    async def take(self, path: str) -> Taken:
        """Read a file as fast as it comes."""
        _, mark, head = FILES[path]
        taken, before = Taken(), self.begin_anew()
        began = clock.monotonic()
        async with self.owner.stream("GET", path) as answer:
            assert answer.status_code == 200
            async for piece in answer.aiter_bytes():
                taken.rows += piece.count(mark)
                taken.size += len(piece)
                if not taken.first and taken.rows > head:
                    taken.first = clock.monotonic() - began
        taken.rows -= head
        taken.end, taken.most = clock.monotonic() - began, self.held("VmHWM")
        taken.rise = taken.most - before
        return taken

    async def stalled(self) -> None:
        """Return when no more is read of contacts, though the process has come round again and again."""
        rounds = 0
        latest: list[tuple[object, ...]] = []
        deadline = clock.monotonic() + PATIENCE
        while rounds < ROUNDS:
            assert clock.monotonic() < deadline, "it reads on and on"
            assert (await self.owner.get("/health/live")).status_code == 200
            before, latest = latest, self.program.ask(LATEST)
            rounds = rounds + 1 if latest == before else 0

    async def at_rest(self) -> None:
        """Return when no connection to the database is held; what looks for work there every few seconds passes by."""
        deadline = clock.monotonic() + PATIENCE
        while busy := self.program.ask(BUSY):
            assert clock.monotonic() < deadline, busy
            await asyncio.sleep(0.05)

    @asynccontextmanager
    async def slow_readers(self, number: int) -> AsyncIterator[Sequence[AsyncIterator[bytes]]]:
        """Have a file asked for by many who have read no more than its first piece; yields what is left for each."""
        async with AsyncExitStack() as stack:
            left = []
            for _ in range(number):
                transport = httpx2.AsyncHTTPTransport(socket_options=LITTLE)
                browser = Client(self.program.address, transport=transport, timeout=PATIENCE)
                for cookie in self.owner.cookies.jar:
                    browser.cookies.jar.set_cookie(cookie)
                await stack.enter_async_context(browser)
                answer = await stack.enter_async_context(browser.stream("GET", SHEET))
                assert answer.status_code == 200
                left.append(answer.aiter_raw())
                await anext(left[-1])
            yield left


def run(url: str, *statements: str) -> None:
    """Run statements on a database as its owner."""
    with psycopg.connect(database.plain(url), autocommit=True) as connection:
        for sql in statements:
            connection.execute(sql.encode())


def answering(program: ProgramProcess) -> int:
    """Return the id of the one process that answers requests."""
    tasks = Path(f"/proc/{program.pid}/task").glob("*/children")
    children = [int(pid) for task in tasks for pid in task.read_text().split()]
    [found] = [pid for pid in children if b"child\0api" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return found


@pytest.fixture(scope="module")
async def shop(program: Program, database_server: str) -> AsyncIterator[Shop]:
    """A shop with `FEW` rows in each list, each of which was taken as a file."""
    folder = make_folder()
    with database.clone(database_server, database.template(database_server, program.migrations)) as url:
        run(url, FREE)
        process = ProgramProcess(
            program.name,
            folder,
            TRADEPOST_DATABASE_URL=url,
            TRADEPOST_DATABASE_POOL_SIZE=str(CONNECTIONS),
            TRADEPOST_DATABASE_POOL_OVERFLOW="0",
            TRADEPOST_SECRET_KEY=crypto.new_token(),
        )
        try:
            process.start()
            async with process.owner() as owner:
                shop = Shop(process, owner, answering(process))
                for path, (title, _, _) in FILES.items():
                    shop.fill(title, FEW)
                    shop.few[path] = await shop.take(path)
                yield shop
        finally:
            process.stop()
            shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
@pytest.mark.practice(51)
@pytest.mark.parametrize("path", FILES)
async def test_of_a_hundred_thousand_rows_a_page_is_held_and_the_first_comes_at_once(shop: Shop, path: str) -> None:
    """The same process sent few of them before; the wait for the first row is compared with that for all."""
    shop.fill(FILES[path][0], ALL)

    taken = await shop.take(path)

    assert shop.few[path].rows >= 0.99 * FEW
    assert taken.rows >= 0.99 * ALL
    assert taken.most < 1.05 * shop.few[path].most
    # Not even the file is held, and it is the least of what a row takes.
    assert taken.rise < taken.size / 2
    assert taken.first < taken.end / 10


@pytest.mark.long
async def test_who_reads_slowly_has_nothing_read_ahead_and_holds_up_nobody(shop: Shop) -> None:
    """More of them than there are connections to the database; whoever comes back gets what is there by then."""
    shop.fill(f"GET {CONTACTS}", ALL)
    before = shop.begin_anew()

    async with shop.slow_readers(READERS) as left:
        await shop.stalled()

        await shop.at_rest()
        # Less than one file, for all of them together.
        assert shop.held("VmHWM") - before < ALL // FEW * shop.few[SHEET].size
        assert (await shop.owner.get(CONTACTS)).status_code == 200
        added = await shop.owner.post(CONTACTS, json={"id": str(ids.new_id()), "name": "Zz, the last of all"})
        assert added.status_code == 201
        rest = b"".join([piece async for piece in left[0]])

    assert b"Zz, the last of all" in rest


@pytest.mark.long
async def test_who_goes_away_leaves_no_connection_behind(shop: Shop) -> None:
    shop.fill(f"GET {CONTACTS}", ALL)
    async with shop.slow_readers(READERS):
        assert shop.callers() >= READERS

    deadline = clock.monotonic() + PATIENCE
    # The owner's own connection may be left.
    while shop.callers() > 1 or shop.program.ask(BUSY):
        assert clock.monotonic() < deadline
        await asyncio.sleep(0.05)
    await shop.stalled()
    assert {line["event"] for line in shop.program.log() if line["level"] == "error"} == set()
