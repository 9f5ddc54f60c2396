"""Every way into the program for a file is guarded by the virus scanner, a real clamd, or it is said why not."""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import httpx2
import pytest
from cards_read import packed, picture
from contact_files import ZOE
from fastapi import APIRouter, FastAPI, Request
from fastapi.routing import APIRoute
from interface import operations
from scanner_server import MARKER, VIRUS, VIRUS_NAME, ScannerServer, ask_scanner, running_scanner
from shopfloor import business_in, created, product_in, store_in

from mainstay import ids
from mainstay.modules.files.service import scanning
from mainstay.modules.files.service.scanning import Upload, Verdict
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork, WorkOpener

RunJobs = Callable[[], Awaitable[int]]
FILES, CARDS = "/api/v1/files", "/api/v1/crm/card-photos"
PRICES, CONTACTS, LOOK = "/api/v1/catalog/imports", "/api/v1/crm/imports", "/api/v1/crm/imports/preview"
# Kinds of bodies that are records, not files.
RECORDS = ("application/json",)


@dataclass(frozen=True)
class Way:
    """How a file comes in: `send` sends one, which is good unless `more` is put behind its end.

    `is_kept`: while the scanner is away it waits here, and is not refused.
    """

    send: Callable[[Client, bytes], Awaitable[httpx2.Response]]
    is_kept: bool = False


async def send_prices(owner: Client, more: bytes) -> httpx2.Response:
    store = store_in()
    await created(owner, "/api/v1/shop", business_in(store))
    params = {"id": str(ids.new_id()), "store_id": store["id"], "filename": "prices.csv"}
    content = b"name,price\nBread,1.00\n" + more
    return await owner.post(PRICES, params=params, content=content, headers={"Content-Type": "text/csv"})


async def send_contacts(owner: Client, more: bytes) -> httpx2.Response:
    params = {"id": str(ids.new_id()), "filename": "a.vcf"}
    return await owner.post(CONTACTS, params=params, content=ZOE.encode() + more)


async def look_at_contacts(owner: Client, more: bytes) -> httpx2.Response:
    return await owner.post(LOOK, content=ZOE.encode() + more)


async def send_card(owner: Client, more: bytes) -> httpx2.Response:
    params = {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": "card.png"}
    return await owner.post(CARDS, params=params, content=picture() + more)


async def send_file(owner: Client, more: bytes) -> httpx2.Response:
    await created(owner, "/api/v1/shop", business_in(store_in()))
    product = await created(owner, "/api/v1/catalog/products", product_in())
    content = b"%PDF-1.7 words " + more
    new = {"id": str(ids.new_id()), "owner_kind": "catalog.product", "owner_id": product["id"], "filename": "a.pdf"}
    await created(owner, FILES, new | {"size": len(content)})
    octets = {"Content-Type": "application/octet-stream"}
    await owner.put(f"{FILES}/{new['id']}/pieces?offset=0", content=content, headers=octets)
    return await owner.post(f"{FILES}/{new['id']}/finish", json={})


WAYS = {
    f"PUT {FILES}/{{file_id}}/pieces": Way(send_file, is_kept=True),
    f"POST {PRICES}": Way(send_prices, is_kept=True),
    f"POST {CONTACTS}": Way(send_contacts),
    f"POST {LOOK}": Way(look_at_contacts),
    f"POST {CARDS}": Way(send_card, is_kept=True),
}
# Why what comes in here is given to no scanner.
UNSCANNED = {
    "POST /api/v1/mail/bounces": "the report of a mail server, signed by its return path: one status of it is kept",
    "POST /api/v1/webhooks/in/{source}": "a record of another program, signed by it, which is kept as it is",
}


def takes_files(operation: APIRoute) -> bool:
    """Whether a call brings bytes: its code reads them as they come, or it declares something else than a record."""
    code = inspect.getsource(operation.endpoint)
    declared = (operation.openapi_extra or {}).get("requestBody", {}).get("content", {})
    return "request.stream()" in code or "request.body()" in code or any(kind not in RECORDS for kind in declared)


def test_every_operation_that_takes_files_is_guarded_or_says_why_not() -> None:
    found = {each.title for each in operations() if takes_files(each)}
    assert found == {*WAYS, *UNSCANNED}


def test_an_operation_is_found_whichever_way_it_takes_files() -> None:
    router = APIRouter()

    @router.post("/raw")
    async def take_raw(request: Request) -> int:
        return len(await request.body())

    @router.post("/declared", openapi_extra={"requestBody": {"content": {"text/csv": {}}}})
    async def take_declared(given: str) -> str:
        return given

    @router.post("/record")
    async def take_record(record: dict[str, int]) -> int:
        return len(record)

    routes = [each for each in router.routes if isinstance(each, APIRoute)]
    assert [takes_files(each) for each in routes] == [True, True, False]
    # Nobody can declare a form: what would take it apart is not installed.
    assert find_spec("python_multipart") is None


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


async def became_of(owner: Client, answer: httpx2.Response) -> dict[str, Any]:
    """Return how a file that was taken is shown after its jobs."""
    found = answer.json()
    path = answer.headers.get("Location") or f"{FILES}/{found['id']}"
    shown: dict[str, Any] = (await owner.get(path)).json()
    return shown


async def is_refused(owner: Client, answer: httpx2.Response, run_jobs: RunJobs) -> bool:
    """Whether a virus was found in what was sent, at once or by its job."""
    if answer.status_code == 422:
        return bool(answer.json()["code"] == "files.infected")
    await run_jobs()
    if answer.url.path in {CARDS, LOOK}:
        return False
    shown = await became_of(owner, answer)
    return shown.get("scan") == "infected" and (shown.get("state") or shown["status"]) in {"refused", "failed"}


@pytest.mark.practice(14)
@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize("virus", [VIRUS, MARKER], ids=["eicar", "marker"])
@pytest.mark.parametrize("name", WAYS)
async def test_a_virus_is_refused_on_every_way_in_remembered_and_counted(
    owner: Client, open_work: WorkOpener, app: FastAPI, run_jobs: RunJobs, uow: UnitOfWork, name: str, virus: bytes
) -> None:
    answer = await WAYS[name].send(owner, virus)

    assert await is_refused(owner, answer, run_jobs)
    for table in ("catalog_import_chunk", "catalog_import_row", "crm_import", "crm_contact", "crm_card_photo"):
        assert await uow.read_value(f"SELECT count(*) FROM {table}") == 0
    acts = {each["act"] for each in (await owner.get("/api/v1/audit/entries")).json()["items"]}
    assert acts & {"files.upload_refused", "files.refused"}
    counters = {id(each): each for each in (open_work.setup.counters, app.state.edge.open_work.setup.counters)}
    assert 'outcome="infected"' in "".join(each.text() for each in counters.values())


@pytest.mark.practice(14)
@pytest.mark.usefixtures("scanner")
async def test_a_virus_deep_in_an_archive_of_cards_keeps_all_of_it_out(owner: Client, uow: UnitOfWork) -> None:
    archive = packed({"good.png": picture(), "more.zip": packed({"card.png": picture() + VIRUS})})
    params = {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": "../../cards.zip"}

    answer = await owner.post(CARDS, params=params, content=archive)

    assert (answer.status_code, answer.json()["code"]) == (422, "files.infected")
    assert await uow.read_value("SELECT count(*) FROM crm_card_photo") == 0
    entry = (await owner.get("/api/v1/audit/entries", params={"act": "files.upload_refused"})).json()["items"][0]
    assert entry["new"] == {"filename": "cards.zip", "found": VIRUS_NAME}


@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize("name", WAYS)
async def test_without_the_question_every_way_lets_a_virus_in(
    owner: Client, run_jobs: RunJobs, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The mutant: the test above hangs on the one question, which is asked nowhere but there."""

    async def unasked(_uow: UnitOfWork, _upload: Upload, pieces: AsyncGenerator[bytes, None]) -> Verdict:
        await pieces.aclose()
        return Verdict()

    monkeypatch.setattr(scanning, "ask", unasked)
    assert not await is_refused(owner, await WAYS[name].send(owner, VIRUS), run_jobs)


@pytest.mark.usefixtures("scanner")
@pytest.mark.parametrize("name", WAYS)
async def test_what_is_clean_comes_in_on_every_way_and_says_that_it_was_looked_at(
    owner: Client, run_jobs: RunJobs, name: str
) -> None:
    answer = await WAYS[name].send(owner, b"")
    assert answer.status_code in {200, 201, 202}, answer.text
    await run_jobs()
    if not name.endswith(LOOK):
        shown = answer.json()["photos"][0] if name.endswith(CARDS) else await became_of(owner, answer)
        assert shown["scan"] == "clean"


@pytest.mark.parametrize("name", WAYS)
async def test_while_the_scanner_hangs_nothing_comes_in_unseen_and_nothing_is_lost(
    owner: Client,
    app: FastAPI,
    open_work: WorkOpener,
    clamd: ScannerServer,
    run_jobs: RunJobs,
    uow: UnitOfWork,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    ask_scanner(clamd.url, app, open_work, monkeypatch, 0.5)
    with clamd.standing_still():
        answer = await WAYS[name].send(owner, b"")
    if not WAYS[name].is_kept:
        assert (answer.status_code, answer.json()["code"]) == (503, "files.scanner_away")
        assert answer.headers["Retry-After"] == "30"
        assert await uow.read_value("SELECT count(*) FROM crm_import") == 0
        return
    assert answer.json().get("scan") == "waiting" or answer.json()["held"]["scan"] == "waiting"
    assert await uow.read_value("SELECT count(*) FROM crm_card_photo") == 0
    assert (await became_of(owner, answer))["scan"] == "waiting"
    await run_jobs()
    assert (await became_of(owner, answer))["scan"] == "clean"
