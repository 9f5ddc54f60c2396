"""A bucket and a scanner as partners: files fail at once while one is left alone, and come back by themselves."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from bucket_server import KEY, KEY_ID, BucketServer, bucket_in
from fastapi import FastAPI
from file_calls import FILES_URL, filer, send

from mainstay.bootstrap.program import Program
from mainstay.modules.files.service import quarantine
from mainstay.modules.files.service.calling import CalledStorage, judged
from mainstay.modules.files.service.quarantine import Looked
from mainstay.modules.files.service.scanning import Verdict
from mainstay.modules.files.settings import FileSettings
from mainstay.net.breakers import FIGURES, STATE, Breakers
from mainstay.net.calls import CALLS
from mainstay.net.clamd import ScannerFailed
from mainstay.net.partners import Manner, Partners
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from mainstay.storage.bucket import BucketStorage
from mainstay.storage.folder import FolderStorage
from mainstay.storage.settings import Bucket
from mainstay.storage.storage import NotStored, StorageFailed, StorageRefused
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener

PDF = b"%PDF-1.7 words"


@dataclass
class Seconds:
    present: float = 5.0

    def __call__(self) -> float:
        return self.present


class Silent:
    """Takes connections where a partner was and ends them; `seen` counts them."""

    def __init__(self) -> None:
        self.seen = 0

    async def __call__(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen += 1
        writer.close()


@pytest.fixture(scope="session")
def own_bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BucketServer]:
    """An S3 server that tests may stop."""
    with bucket_in(tmp_path_factory.mktemp("stopped")) as server:
        yield server


@pytest.fixture(scope="session")
def program(own_bucket: BucketServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A program whose files lie in that server's bucket."""
    folder = tmp_path_factory.mktemp("called")
    settings = {"STORAGE_URL": own_bucket.url(), "STORAGE_KEY_ID": KEY_ID, "STORAGE_KEY": KEY, "NET_FAILURES": "2"}
    with pytest.MonkeyPatch.context() as environment:
        yield filer(environment, "calledfiler", folder, **settings)


@dataclass
class Told:
    """What the program tells of one partner."""

    partners: Partners
    name: str

    @property
    def state(self) -> float:
        return self.partners.counters.value(STATE, destination=self.name)

    def count(self, outcome: str) -> float:
        return self.partners.counters.value(CALLS, destination=self.name, outcome=outcome)


@pytest.fixture
async def seconds(app: FastAPI, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch) -> Seconds:
    """The clock of all breakers, which stands still until it is moved."""
    made = Seconds()
    for opener in (open_work, app.state.edge.open_work):
        breakers = (await partners_of(opener)).breakers
        monkeypatch.setattr(breakers, "_now", made)
        breakers._own.clear()
    return made


async def partners_of(open_work: WorkOpener) -> Partners:
    async with open_work(SYSTEM) as uow:
        return await uow.resource(Partners)


@asynccontextmanager
async def silent_at(endpoint: str) -> AsyncIterator[Silent]:
    """Take connections at the address of a server that was stopped."""
    parts, made = urlsplit(endpoint), Silent()
    async with await asyncio.start_server(made, parts.hostname, parts.port):
        yield made


@pytest.mark.practice(85)
async def test_a_bucket_that_is_away_is_left_alone_and_found_again_by_itself(
    owner: Client, app: FastAPI, own_bucket: BucketServer, seconds: Seconds
) -> None:
    made = await send(owner, PDF, "list.pdf")
    content = f"{FILES_URL}/{made['id']}/content"
    told = Told(await partners_of(app.state.edge.open_work), f"s3://{urlsplit(own_bucket.endpoint).netloc}")
    assert (told.state, told.count("ok") > 0) == (FIGURES["closed"], True)

    own_bucket.kill()
    async with silent_at(own_bucket.endpoint) as silent:
        answers = [await owner.get(content) for _ in range(2)]
        seen = silent.seen
        answers += [await owner.get(content) for _ in range(3)]
        assert silent.seen == seen > 0, "while it is left alone, nobody connects to it"
    assert {(each.status_code, each.json()["code"]) for each in answers} == {(503, "files.storage_away")}
    assert (told.state, told.count("failed"), told.count("left_alone")) == (FIGURES["open"], 2, 3)

    own_bucket.start()
    assert (await owner.get(content)).status_code == 503
    seconds.present += 30
    assert (await owner.get(content)).content == PDF
    assert told.state == FIGURES["closed"]


async def test_a_scanner_that_is_away_is_left_alone_and_the_file_stays_in_quarantine(
    owner: Client, app: FastAPI, open_work: WorkOpener, seconds: Seconds, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = Silent()
    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        where = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        for setup in (open_work.setup, app.state.edge.open_work.setup):
            others = [each for each in setup.settings if not isinstance(each, FileSettings)]
            changed = Configuration([*others, FileSettings(scanner=f"tcp://{where}", scan_timeout=5)])
            monkeypatch.setattr(setup.settings, "_by_class", dict(changed._by_class))
        made = await send(owner, PDF, "list.pdf")
        for _ in range(4):
            async with open_work(SYSTEM) as uow:
                with pytest.raises(ScannerFailed):
                    await quarantine.look(uow, UUID(made["id"]))
        told = Told(await partners_of(open_work), f"clamd://{where}")
        assert (silent.seen, told.count("left_alone"), told.state) == (2, 2, FIGURES["open"])
        assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["state"] == "quarantined"

    seconds.present += 30
    async with await asyncio.start_server(clean, *where.split(":")), open_work(SYSTEM) as uow:
        assert await quarantine.look(uow, UUID(made["id"])) == Looked(Verdict())
    assert told.state == FIGURES["closed"]


async def clean(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer as a scanner does that finds nothing."""
    await reader.readuntil(bytes(4))
    writer.write(b"stream: OK\0")
    writer.close()


async def test_what_a_bucket_refuses_says_that_it_is_well(own_bucket: BucketServer, open_work: WorkOpener) -> None:
    partners = await partners_of(open_work)
    name = own_bucket.bucket()
    wrong = Bucket(name, "", own_bucket.endpoint, "us-east-1", KEY_ID, KEY[::-1])
    storage = looked_after(wrong, partners, "s3://wrong-key")
    for _ in range(3):
        with pytest.raises(StorageRefused):
            await storage.head("content/one")
    right = looked_after(Bucket(name, "", own_bucket.endpoint, "us-east-1", KEY_ID, KEY), partners, "s3://right-key")
    for _ in range(3):
        with pytest.raises(NotStored):
            await right.head("content/one")
    assert (Told(partners, "s3://wrong-key").state, Told(partners, "s3://right-key").state) == (0, 0)
    assert Told(partners, "s3://wrong-key").count("refused") == 3


def looked_after(bucket: Bucket, partners: Partners, name: str) -> CalledStorage:
    return CalledStorage(BucketStorage(bucket), partners.partner(name, Manner(30, judged)))


class Stalling(FolderStorage):
    """A place whose answers stop coming after the first piece."""

    async def read(self, key: str, start: int = 0, stop: int | None = None) -> AsyncGenerator[bytes, None]:
        """Yield the first piece and nothing more."""
        async for piece in super().read(key, start, stop):
            yield piece
            await asyncio.Event().wait()


async def in_parts(seconds: float) -> AsyncIterator[bytes]:
    """Yield two pieces of which the second takes its time."""
    yield b"one"
    late = asyncio.Event()
    asyncio.get_running_loop().call_later(seconds, late.set)
    await late.wait()
    yield b"two"


async def test_the_time_of_the_bucket_is_bounded_and_that_of_whoever_sends_is_not(tmp_path: Path) -> None:
    counters = Counters()
    partners = Partners(Breakers(counters, failures=1), counters)
    storage = CalledStorage(Stalling(tmp_path), partners.partner("s3://stalls", Manner(0.6, judged)))

    assert await storage.put("content/one", in_parts(0.9)) == 6
    told = Told(partners, "s3://stalls")
    assert (told.count("ok"), told.state) == (1, FIGURES["closed"])
    pieces = storage.read("content/one")
    assert await anext(pieces) == b"onetwo"
    with pytest.raises(StorageFailed, match="stopped coming"):
        await anext(pieces)
    assert (told.count("ok"), told.state) == (2, FIGURES["open"])


async def test_a_sender_that_breaks_off_says_nothing_about_the_bucket(tmp_path: Path) -> None:
    counters = Counters()
    partners = Partners(Breakers(counters, failures=1), counters)
    storage = CalledStorage(FolderStorage(tmp_path), partners.partner("s3://well", Manner(5, judged)))

    async def broken() -> AsyncIterator[bytes]:
        yield b"one"
        raise ConnectionAbortedError

    with pytest.raises(ConnectionAbortedError):
        await storage.put("content/one", broken())
    assert Told(partners, "s3://well").state == FIGURES["closed"]
