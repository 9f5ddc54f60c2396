"""What happens to a file by itself: quarantine until the scanner has looked, and forms that fit the picture."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import UUID

import pytest
from fastapi import FastAPI
from file_calls import FILES_URL, picture, send

from mainstay import ids
from mainstay.modules.files.events import FileReceived
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.service import looking, upkeep
from mainstay.modules.files.service.looking import Forms, Verdict
from mainstay.modules.files.service.placing import FOLDERS
from mainstay.modules.files.settings import FileSettings
from mainstay.net.clamd import ScannerFailed
from mainstay.settings import Configuration
from mainstay.storage.opening import Place
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener

RunJobs = Callable[[], Awaitable[int]]
# What every scanner takes for a virus (eicar.org), put together so that none takes this file for it.
VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner:
    """A clamd that finds one virus, counts what it is asked, and can be away."""

    def __init__(self) -> None:
        self.asked = 0
        self.is_away = False

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one question."""
        self.asked += 1
        if not self.is_away:
            await reader.readuntil(b"\0")
            heard = b""
            while size := int.from_bytes(await reader.readexactly(4), "big"):
                heard += await reader.readexactly(size)
            writer.write(b"stream: Eicar FOUND\0" if VIRUS in heard else b"stream: OK\0")
        writer.close()


@pytest.fixture
async def scanner(
    tmp_path: Path, open_work: WorkOpener, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Scanner]:
    """The program has a scanner for this test."""
    found = Scanner()
    server = await asyncio.start_unix_server(found, tmp_path / "clamd.sock")
    settings = FileSettings(scanner=f"unix://{tmp_path}/clamd.sock", scan_timeout=5)
    for setup in (open_work.setup, app.state.edge.open_work.setup):
        others = [each for each in setup.settings if not isinstance(each, FileSettings)]
        changed = Configuration([*others, settings])
        monkeypatch.setattr(setup.settings, "_by_class", dict(changed._by_class))
    async with server:
        yield found


async def test_nobody_gets_a_file_before_the_scanner_has_looked_at_it(
    owner: Client, run_jobs: RunJobs, scanner: Scanner
) -> None:
    made = await send(owner, picture())
    assert (made["state"], made["scan"]) == ("quarantined", "waiting")
    for address in ("content", "forms/thumbnail"):
        refused = await owner.get(f"{FILES_URL}/{made['id']}/{address}")
        assert (refused.status_code, refused.json()["code"]) == (409, "files.not_ready")
    assert (await owner.post(f"{FILES_URL}/{made['id']}/link")).status_code == 409

    await run_jobs()

    shown = (await owner.get(f"{FILES_URL}/{made['id']}")).json()
    assert (shown["state"], shown["scan"], scanner.asked) == ("ready", "clean", 1)
    assert len(shown["forms"]) == 2


async def stored_of(open_work: WorkOpener, file_id: str) -> list[str]:
    """Return where anything lies of a file."""
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
    return [each.key for folder in FOLDERS async for each in storage.listed(folder) if file_id in each.key]


async def test_a_virus_is_refused_and_its_bytes_are_gone(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs, scanner: Scanner
) -> None:
    made = await send(owner, b"%PDF-1.7 " + VIRUS, "list.pdf")
    assert await stored_of(open_work, made["id"])
    await run_jobs()
    assert await stored_of(open_work, made["id"]) == []
    shown = (await owner.get(f"{FILES_URL}/{made['id']}")).json()
    assert (shown["state"], shown["reason"], shown["scan"]) == ("refused", "infected", "infected")
    assert (await owner.get(f"{FILES_URL}/{made['id']}/content")).status_code == 409


async def test_a_scanner_that_is_away_lets_nothing_through_and_the_sweep_has_it_asked_again(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs, scanner: Scanner
) -> None:
    made = await send(owner, b"%PDF-1.7 words", "list.pdf")
    scanner.is_away = True
    async with open_work(SYSTEM) as uow:
        with pytest.raises(ScannerFailed):
            await looking.scan(uow, UUID(made["id"]))
    assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["state"] == "quarantined"
    scanner.is_away = False
    async with open_work(SYSTEM) as uow:
        await upkeep.sweep(uow)
    await run_jobs()
    assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["scan"] == "clean"


async def test_where_there_is_no_scanner_any_more_a_file_is_told_to_be_unscanned(
    owner: Client, open_work: WorkOpener
) -> None:
    made = await send(owner, b"%PDF-1.7 words", "list.pdf")
    file_id = UUID(made["id"])
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE files_file SET state = 'quarantined', scan = 'waiting' WHERE id = $1", file_id)
    async with open_work(SYSTEM) as uow:
        verdict = await looking.scan(uow, file_id)
        assert verdict == Verdict(was_asked=False)
        await looking.decide(uow, file_id, verdict)
    assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["scan"] == "none"


async def test_what_is_gone_is_not_looked_at(open_work: WorkOpener) -> None:
    absent = ids.new_id()
    async with open_work(SYSTEM) as uow:
        assert await looking.scan(uow, absent) is None
        assert await looking.make_forms(uow, absent) is None
        await looking.decide(uow, absent, Verdict("Eicar"))
        await looking.keep_forms(uow, absent, Forms())


async def test_forms_of_a_picture_that_was_turned_meanwhile_are_dropped(owner: Client, open_work: WorkOpener) -> None:
    made = await send(owner, picture())
    file_id = UUID(made["id"])
    async with open_work(SYSTEM) as uow:
        forms = await looking.make_forms(uow, file_id)
        assert forms is not None
        await repository.turn(uow, file_id, 90)
        await looking.keep_forms(uow, file_id, forms)
    assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["forms"] == []


async def test_a_picture_whose_pixels_are_broken_can_be_saved_and_has_no_forms(
    owner: Client, open_work: WorkOpener
) -> None:
    content = bytearray(picture("JPEG", (2000, 2000)))
    content[700:-2] = bytes(len(content) - 702)
    made = await send(owner, bytes(content), "dawn.jpg")
    assert made["state"] == "ready"
    async with open_work(SYSTEM) as uow:
        await looking.make_forms(uow, UUID(made["id"]))


def test_a_received_file_is_what_the_scanner_is_asked_about() -> None:
    assert FileReceived.object_field() == "file_id"
