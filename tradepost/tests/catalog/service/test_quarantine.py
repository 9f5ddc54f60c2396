"""Price lists in quarantine: read when a real clamd finds nothing, forgotten when it does, waiting while it is away."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from scanner_server import MARKER, MARKER_NAME, ScannerServer, ask_scanner, running_scanner

from mainstay import ids
from mainstay.modules.files.api import Verdict
from mainstay.net.clamd import ScannerFailed
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.catalog import jobs
from tradepost.catalog.service import quarantine, reading

RunJobs = Callable[[], Awaitable[int]]
IMPORTS = "/api/v1/catalog/imports"
TEXT = b"name,price\nBread,1.00\n"
CHUNKS = "SELECT count(*) FROM catalog_import_chunk"


@pytest.fixture(scope="module")
def clamd() -> Iterator[ScannerServer]:
    """A scanner for the tests of this file."""
    with running_scanner() as server:
        yield server


@pytest.fixture
def scanner(
    clamd: ScannerServer, open_work: WorkOpener, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> ScannerServer:
    """The program asks it in this test, and has no patience with it."""
    ask_scanner(clamd.url, app, open_work, monkeypatch, 0.5)
    return clamd


async def send(owner: Client, store_id: UUID, content: bytes = TEXT) -> dict[str, Any]:
    """Send a file and return what is answered."""
    params = {"id": str(ids.new_id()), "store_id": str(store_id), "filename": "prices.csv"}
    answer = await owner.post(IMPORTS, params=params, content=content, headers={"Content-Type": "text/csv"})
    assert answer.status_code in {200, 202}, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def shown(owner: Client, sent: dict[str, Any]) -> tuple[str, str, str | None]:
    """Return how an import stands."""
    found = (await owner.get(f"{IMPORTS}/{sent['id']}")).json()
    return found["status"], found["scan"], found["problem"]


@pytest.mark.usefixtures("scanner")
async def test_an_infected_file_is_forgotten_and_says_so_to_whoever_may_import(
    owner: Client, store_id: UUID, run_jobs: RunJobs, uow: UnitOfWork
) -> None:
    sent = await send(owner, store_id, TEXT + MARKER)
    await run_jobs()

    sentence = quarantine.INFECTED.format(found=MARKER_NAME)
    assert await shown(owner, sent) == ("failed", "infected", sentence)
    assert await uow.read_value(CHUNKS) == 0
    told = (await owner.get("/api/v1/notifications")).json()["items"]
    assert [each["kind"] for each in told] == ["catalog.import_failed"]
    entry = (await owner.get("/api/v1/audit/entries", params={"act": "files.upload_refused"})).json()["items"][0]
    assert (entry["object_id"], entry["new"]["found"]) == (sent["id"], MARKER_NAME)


async def test_a_file_waits_while_the_scanner_hangs_and_the_night_has_it_asked_again(
    owner: Client, store_id: UUID, open_work: WorkOpener, run_jobs: RunJobs, scanner: ScannerServer, uow: UnitOfWork
) -> None:
    sent = await send(owner, store_id)
    with scanner.standing_still():
        async with open_work(SYSTEM) as work:
            with pytest.raises(ScannerFailed):
                await quarantine.look(work, UUID(sent["id"]))
    # Its job has ended without a word, as the last of its tries does.
    await uow.write("DELETE FROM procrastinate_jobs")
    assert await shown(owner, sent) == ("waiting", "waiting", None)
    assert await uow.read_value(CHUNKS) == 1

    async with open_work(SYSTEM) as work:
        await jobs.tidy(work)
    await run_jobs()

    assert await shown(owner, sent) == ("done", "clean", None)


@pytest.mark.usefixtures("scanner")
async def test_sending_a_file_again_that_waits_has_the_scanner_asked_again(
    owner: Client, store_id: UUID, run_jobs: RunJobs, uow: UnitOfWork
) -> None:
    sent = await send(owner, store_id)
    await uow.write("DELETE FROM procrastinate_jobs")
    again = await send(owner, store_id)
    assert (again["id"], again["is_repeat"]) == (sent["id"], True)
    await run_jobs()
    assert await shown(owner, sent) == ("done", "clean", None)


@pytest.mark.usefixtures("scanner")
async def test_a_file_in_quarantine_is_not_read_whoever_asks_for_it(
    owner: Client, store_id: UUID, open_work: WorkOpener
) -> None:
    sent = await send(owner, store_id)
    async with open_work(SYSTEM) as work:
        await reading.read_import(work, UUID(sent["id"]))
    assert await shown(owner, sent) == ("waiting", "waiting", None)


async def test_where_there_is_no_scanner_any_more_a_file_is_read_and_told_to_be_unscanned(
    owner: Client, store_id: UUID, open_work: WorkOpener, app: FastAPI, run_jobs: RunJobs, clamd: ScannerServer
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        ask_scanner(clamd.url, app, open_work, patch)
        sent = await send(owner, store_id)
    await run_jobs()
    assert await shown(owner, sent) == ("done", "none", None)


async def test_what_does_not_wait_is_not_looked_at(owner: Client, store_id: UUID, open_work: WorkOpener) -> None:
    sent = await send(owner, store_id)
    async with open_work(SYSTEM) as work:
        assert await quarantine.look(work, UUID(sent["id"])) is None
        await quarantine.decide(work, UUID(sent["id"]), None)
        await quarantine.decide(work, UUID(sent["id"]), Verdict("Eicar"))
    assert (await shown(owner, sent))[:2] == ("waiting", "none")
