"""What the tests of contacts need."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Protocol

import pytest
from contact_files import IMPORTS, send
from fastapi import FastAPI
from held_cards import NOWHERE, SetScanner
from scanner_server import ScannerServer, ask_scanner, running_scanner
from shopfloor import business_in, created, store_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import WorkOpener


class ContactFactory(Protocol):
    """Makes contacts through the front door."""

    async def __call__(self, name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
        """Return the contact as its route shows it."""
        ...


@pytest.fixture
async def in_france(owner: Client) -> None:
    """A business in France, whose phone numbers need no country code."""
    await created(owner, "/api/v1/shop", business_in(store_in()))


@pytest.fixture
def make_contact(owner: Client) -> ContactFactory:
    """Makes contacts through the front door."""

    async def make(name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
        return await created(owner, "/api/v1/crm/contacts", {"id": str(ids.new_id()), "name": name} | fields)

    return make


@pytest.fixture
def import_file(
    owner: Client, run_jobs: Callable[[], Awaitable[int]]
) -> Callable[[str | bytes], Awaitable[dict[str, Any]]]:
    """Sends a file, has it read, and returns the import with its rows."""

    async def read(content: str | bytes) -> dict[str, Any]:
        answer = await send(owner, content)
        assert answer.status_code in {200, 202}, answer.text
        await run_jobs()
        shown: dict[str, Any] = (await owner.get(answer.headers["Location"])).json()
        rows = (await owner.get(f"{IMPORTS}/{shown['id']}/rows", params={"limit": 200})).json()
        assert rows["total"] == shown["entries_read"]
        return shown | {"rows": rows["items"], "is_repeat": answer.json()["is_repeat"]}

    return read


@pytest.fixture(scope="module")
def clamd() -> Iterator[ScannerServer]:
    """A scanner that takes a megabyte at once, for the tests of a file."""
    with running_scanner(largest_mb=1) as server:
        yield server


@pytest.fixture
def ask_at(app: FastAPI, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch) -> SetScanner:
    """Has the program ask the scanner at a URL from now on."""
    return lambda url: ask_scanner(url, app, open_work, monkeypatch)


@pytest.fixture
def away(ask_at: SetScanner) -> None:
    """The scanner is away."""
    ask_at(NOWHERE.format(ids.new_id()))
