"""Having an upload looked at in a request: what becomes of a clean one, of a virus, and while the scanner is away."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import AbstractAsyncContextManager

import pytest
from fastapi import FastAPI
from scanner_server import MARKER, MARKER_NAME, ScannerServer, ask_scanner, running_scanner

from mainstay import ids
from mainstay.modules.files import api
from mainstay.modules.files.api import Upload
from mainstay.modules.files.errors import Infected, NotScannable, ScannerAway
from mainstay.modules.files.service.scanning import SCANNED
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

KIND = "books.sheet"
OpenWork = Callable[[], AbstractAsyncContextManager[UnitOfWork]]


@pytest.fixture(scope="module")
def clamd() -> Iterator[ScannerServer]:
    """A scanner that takes a megabyte at most."""
    with running_scanner(largest_mb=1) as server:
        yield server


@pytest.fixture
def open_own(open_work: WorkOpener) -> OpenWork:
    """Opens work of the program itself."""
    return lambda: open_work(SYSTEM)


def counted(open_work: WorkOpener, outcome: str) -> float:
    """Return how many uploads ended so."""
    return open_work.setup.counters.value(SCANNED, kind=KIND, outcome=outcome)


async def test_without_a_scanner_an_upload_is_told_to_be_unscanned(open_work: WorkOpener, open_own: OpenWork) -> None:
    assert await api.demand_clean(open_own, Upload(KIND, "a.csv"), api.at_once(MARKER)) == "none"
    assert counted(open_work, "none") == 1


async def test_a_clean_upload_is_told_so(
    app: FastAPI, open_work: WorkOpener, open_own: OpenWork, clamd: ScannerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_scanner(clamd.url, app, open_work, monkeypatch)
    assert await api.demand_clean(open_own, Upload(KIND, "a.csv"), api.at_once(b"a,b")) == "clean"
    assert counted(open_work, "clean") == 1


async def test_a_virus_is_refused_by_its_name_counted_and_remembered(
    owner: Client,
    app: FastAPI,
    open_work: WorkOpener,
    open_own: OpenWork,
    clamd: ScannerServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask_scanner(clamd.url, app, open_work, monkeypatch)
    upload = Upload(KIND, "prices.csv", ids.new_id())

    with pytest.raises(Infected, match=MARKER_NAME):
        await api.demand_clean(open_own, upload, api.at_once(b"a,b\n" + MARKER))

    assert counted(open_work, "infected") == 1
    entries = (await owner.get("/api/v1/audit/entries", params={"act": "files.upload_refused"})).json()["items"]
    assert [(each["object_type"], each["object_id"]) for each in entries] == [(KIND, str(upload.id))]
    assert entries[0]["new"] == {"filename": "prices.csv", "found": MARKER_NAME}


async def test_what_is_too_large_for_the_scanner_is_refused_and_not_taken_for_clean(
    app: FastAPI, open_work: WorkOpener, open_own: OpenWork, clamd: ScannerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_scanner(clamd.url, app, open_work, monkeypatch)

    async def pieces() -> AsyncGenerator[bytes, None]:
        for _ in range(40):
            yield bytes(256 * 1024)

    with pytest.raises(NotScannable):
        await api.demand_clean(open_own, Upload(KIND, "a.csv"), pieces())
    assert counted(open_work, "not_taken") == 1


async def test_while_the_scanner_is_away_nothing_is_taken_and_the_sender_is_told_when_to_come_back(
    app: FastAPI, open_work: WorkOpener, open_own: OpenWork, clamd: ScannerServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_scanner(clamd.url, app, open_work, monkeypatch, 0.5)
    with clamd.standing_still(), pytest.raises(ScannerAway) as raised:
        await api.demand_clean(open_own, Upload(KIND, "a.csv"), api.at_once(b"a,b"))
    assert raised.value.headers == {"Retry-After": "30"}
    assert counted(open_work, "away") == 1
