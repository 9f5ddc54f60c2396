"""Quarantine: nobody gets a file, and nothing of it is read, before a real clamd has looked at it."""

import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from uuid import UUID

import pytest
from fastapi import FastAPI
from file_calls import FILES_URL, picture, send, sweep
from scanner_server import MARKER, VIRUS, VIRUS_NAME, ScannerServer, ask_scanner, running_scanner

from mainstay import ids
from mainstay.modules.files.events import FileReceived
from mainstay.modules.files.service import finishing, quarantine, scanning
from mainstay.modules.files.service.placing import FOLDERS
from mainstay.modules.files.service.quarantine import Looked
from mainstay.modules.files.service.scanning import SCANNED, Upload, Verdict
from mainstay.net.clamd import ScannerFailed
from mainstay.picture.looking import Looked as LookedAt
from mainstay.storage.opening import Place
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

RunJobs = Callable[[], Awaitable[int]]
PDF = b"%PDF-1.7 "


@pytest.fixture(scope="module")
def clamd() -> Iterator[ScannerServer]:
    """A scanner for the tests of this file."""
    with running_scanner() as server:
        yield server


@pytest.fixture
def scanner(
    clamd: ScannerServer, open_work: WorkOpener, app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> ScannerServer:
    """The program asks it in this test."""
    ask_scanner(clamd.url, app, open_work, monkeypatch)
    return clamd


async def state_of(owner: Client, file_id: str) -> tuple[str, str, str | None]:
    """Return how a file is shown."""
    shown = (await owner.get(f"{FILES_URL}/{file_id}")).json()
    return shown["state"], shown["scan"], shown["reason"]


async def stored_of(open_work: WorkOpener, file_id: str) -> list[str]:
    """Return where anything lies of a file."""
    async with open_work(SYSTEM) as uow:
        storage = (await uow.resource(Place)).storage
    return [each.key for folder in FOLDERS async for each in storage.listed(folder) if file_id in each.key]


@pytest.mark.usefixtures("scanner")
async def test_nobody_gets_a_file_before_the_scanner_has_looked_at_it(owner: Client, run_jobs: RunJobs) -> None:
    made = await send(owner, picture())
    assert (made["state"], made["scan"], made["width"]) == ("quarantined", "waiting", None)
    for address in ("content", "forms/thumbnail"):
        refused = await owner.get(f"{FILES_URL}/{made['id']}/{address}")
        assert (refused.status_code, refused.json()["code"]) == (409, "files.not_ready")
    assert (await owner.post(f"{FILES_URL}/{made['id']}/link")).status_code == 409

    await run_jobs()

    shown = (await owner.get(f"{FILES_URL}/{made['id']}")).json()
    assert (shown["state"], shown["scan"], shown["width"], len(shown["forms"])) == ("ready", "clean", 640, 2)


@pytest.mark.usefixtures("scanner")
async def test_a_picture_is_not_even_opened_before_it_is_known_to_be_clean(
    owner: Client, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[bytes] = []
    clean = finishing._cleaned

    def watched(content: bytes, media_type: str, megapixels: int) -> tuple[bytes, LookedAt]:
        opened.append(content)
        return clean(content, media_type, megapixels)

    monkeypatch.setattr(finishing, "_cleaned", watched)
    made = await send(owner, picture("JPEG") + VIRUS, "dawn.jpg")
    await run_jobs()
    assert (await state_of(owner, made["id"]), opened) == (("refused", "infected", "infected"), [])
    await send(owner, picture("JPEG"), "dawn.jpg")
    assert opened == []
    await run_jobs()
    assert len(opened) == 1


@pytest.mark.usefixtures("scanner")
async def test_of_a_clean_picture_only_the_picture_is_kept(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    sent = picture("JPEG", comment=b"taken at home")
    made = await send(owner, sent, "dawn.jpg")
    await run_jobs()
    kept = (await owner.get(f"{FILES_URL}/{made['id']}/content")).content
    assert b"taken at home" in sent
    assert b"taken at home" not in kept
    # What lay in quarantine is gone: the picture is left, and its forms.
    left = await stored_of(open_work, made["id"])
    assert [key.partition("/")[0] for key in left if not key.startswith("forms/")] == ["content"]


@pytest.mark.usefixtures("scanner")
async def test_a_clean_picture_that_is_none_is_refused_by_what_it_is(owner: Client, run_jobs: RunJobs) -> None:
    made = await send(owner, picture("JPEG")[:300], "dawn.jpg")
    assert made["state"] == "quarantined"
    await run_jobs()
    assert await state_of(owner, made["id"]) == ("refused", "clean", "picture_damaged")


@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize("virus", [VIRUS, MARKER], ids=["eicar", "marker"])
async def test_a_virus_is_refused_and_its_bytes_are_gone(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs, virus: bytes
) -> None:
    made = await send(owner, PDF + virus, "list.pdf")
    assert await stored_of(open_work, made["id"])
    await run_jobs()
    assert await stored_of(open_work, made["id"]) == []
    assert await state_of(owner, made["id"]) == ("refused", "infected", "infected")
    assert (await owner.get(f"{FILES_URL}/{made['id']}/content")).status_code == 409


@pytest.mark.usefixtures("scanner")
async def test_whoever_sent_a_virus_is_told_once_and_nobody_of_what_is_clean(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    """The scanner may have been away for an hour, and they with other things since."""
    made = await send(owner, PDF + VIRUS, "list.pdf")
    await send(owner, picture("JPEG")[:300], "dawn.jpg")
    await run_jobs()
    async with open_work(SYSTEM) as uow:
        await quarantine.decide(uow, UUID(made["id"]), Looked(Verdict(VIRUS_NAME)))
        (told,) = await uow.read("SELECT person_id, kind, told::text, path FROM notifications_item")
    assert (told["person_id"], told["kind"]) == (owner.person_id, "files.infected")
    values = json.loads(told["told"])
    assert (values["file"], values["found"]) == ("list.pdf", VIRUS_NAME)
    assert told["path"] == f"/books?book={made['owner_id']}"


@pytest.mark.usefixtures("scanner")
async def test_without_its_question_a_virus_would_be_given_out(
    owner: Client, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: what the test above proves hangs on the question alone."""

    async def unasked(_uow: UnitOfWork, _upload: Upload, _pieces: AsyncGenerator[bytes, None]) -> Verdict:
        return Verdict()

    monkeypatch.setattr(scanning, "ask", unasked)
    made = await send(owner, PDF + VIRUS, "list.pdf")
    await run_jobs()
    assert VIRUS in (await owner.get(f"{FILES_URL}/{made['id']}/content")).content


async def test_while_the_scanner_hangs_a_file_waits_and_afterwards_it_is_given_out(
    owner: Client,
    app: FastAPI,
    open_work: WorkOpener,
    run_jobs: RunJobs,
    clamd: ScannerServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_scanner(clamd.url, app, open_work, monkeypatch, 0.5)
    counters = open_work.setup.counters
    made = await send(owner, PDF + b"words", "list.pdf")
    with clamd.standing_still():
        async with open_work(SYSTEM) as uow:
            with pytest.raises(ScannerFailed):
                await quarantine.look(uow, UUID(made["id"]))
        assert counters.value(SCANNED, kind="files.file", outcome="away") == 1
        assert await state_of(owner, made["id"]) == ("quarantined", "waiting", None)
    ask_scanner(clamd.url, app, open_work, monkeypatch)
    await sweep(open_work)

    await run_jobs()

    assert await state_of(owner, made["id"]) == ("ready", "clean", None)
    assert (await owner.get(f"{FILES_URL}/{made['id']}/content")).content == PDF + b"words"


async def test_where_there_is_no_scanner_any_more_a_file_is_told_to_be_unscanned(
    owner: Client, open_work: WorkOpener
) -> None:
    made = await send(owner, PDF + b"words", "list.pdf")
    file_id = UUID(made["id"])
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE files_file SET state = 'quarantined', scan = 'waiting' WHERE id = $1", file_id)
    async with open_work(SYSTEM) as uow:
        looked = await quarantine.look(uow, file_id)
        assert looked == Looked(Verdict(was_asked=False))
        await quarantine.decide(uow, file_id, looked)
    assert await state_of(owner, made["id"]) == ("ready", "none", None)


async def test_what_is_gone_is_not_looked_at(open_work: WorkOpener) -> None:
    absent = ids.new_id()
    async with open_work(SYSTEM) as uow:
        assert await quarantine.look(uow, absent) is None
        await quarantine.decide(uow, absent, None)
        await quarantine.decide(uow, absent, Looked(Verdict(VIRUS_NAME)))


@pytest.mark.usefixtures("scanner")
async def test_a_picture_that_was_deleted_while_it_was_looked_at_leaves_nothing(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    made = await send(owner, picture())
    async with open_work(SYSTEM) as uow:
        looked = await quarantine.look(uow, UUID(made["id"]))
        assert (await owner.delete(f"{FILES_URL}/{made['id']}")).status_code == 204
        await quarantine.decide(uow, UUID(made["id"]), looked)
    await run_jobs()
    assert await stored_of(open_work, made["id"]) == []


def test_a_received_file_is_what_the_scanner_is_asked_about() -> None:
    assert FileReceived.object_field() == "file_id"
