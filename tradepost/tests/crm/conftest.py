"""What the tests of contacts need."""

from collections.abc import Awaitable, Callable, Sequence
from itertools import count
from typing import Any, Protocol
from uuid import UUID

import pytest
from cards_read import ENGINES, MakeCards, SendPhoto, picture, reading
from contact_files import IMPORTS, send
from shopfloor import business_in, created, store_in

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener
from tradepost.crm.cards.reading import CardReading
from tradepost.crm.repository.readings import Done
from tradepost.crm.service import card_reading
from tradepost.crm.service.card_reading import Read


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
def send_photo(owner: Client) -> SendPhoto:
    """Sends pictures through the front door, each another one."""
    numbers = count(1)

    async def send(*, batch_id: str | None = None, filename: str = "card.jpg") -> dict[str, Any]:
        params = {"id": str(ids.new_id()), "batch_id": batch_id or str(ids.new_id()), "filename": filename}
        content = picture((next(numbers), 100, 200))
        answer = await owner.post("/api/v1/crm/card-photos", params=params, content=content)
        assert answer.status_code == 201, answer.text
        photo: dict[str, Any] = answer.json()["photos"][0]
        return photo

    return send


@pytest.fixture
def make_cards(owner: Client, send_photo: SendPhoto, open_work: WorkOpener) -> MakeCards:
    """Makes drafts from readings."""

    async def make(*cards: CardReading, batch_id: str | None = None) -> list[dict[str, Any]]:
        photo = await send_photo(batch_id=batch_id)
        readings: Sequence[CardReading] = cards or (reading(),)
        done = Done(ENGINES, b"\xff\xd8 shown", 300, 200, clock.now())
        async with open_work(SYSTEM) as uow:
            await card_reading.keep(uow, UUID(photo["id"]), Read(list(readings), None, done))
        found = (await owner.get("/api/v1/crm/card-photos", params={"batch_id": photo["batch_id"]})).json()["items"]
        card_ids = next(one["card_ids"] for one in found if one["id"] == photo["id"])
        return [(await owner.get(f"/api/v1/crm/cards/{card_id}")).json() for card_id in card_ids]

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
