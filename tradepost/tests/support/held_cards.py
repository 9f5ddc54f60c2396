"""Files of cards that are sent while the virus scanner is away, and what is seen of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx2

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener
from tradepost.crm.service import card_quarantine

# Has the program ask the scanner at a URL from now on.
SetScanner = Callable[[str], None]

PHOTOS, HELD, BATCHES = "/api/v1/crm/card-photos", "/api/v1/crm/held-card-files", "/api/v1/crm/card-batches"
# Another place each time the scanner is away, so that one which is back is not left alone for the failures of another.
NOWHERE = "unix:///nowhere/{}.sock"
BYTES = "SELECT count(*) FROM crm_card_upload_chunk"
# What `seen` returns of what nobody is to see, and of a picture that is here.
UNSEEN, SEEN = [404, 404, 0, 0], [200, 202, 1, 0]


async def send(client: Client, content: bytes, **params: str) -> httpx2.Response:
    """Send a file of cards."""
    sent = {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": "card.png"} | params
    return await client.post(PHOTOS, params=sent, content=content)


async def held(client: Client, content: bytes, **params: str) -> dict[str, Any]:
    """Send a file that is kept until the scanner is back."""
    answer = await send(client, content, **params)
    assert answer.status_code == 202, answer.text
    assert answer.json()["photos"] == []
    waits: dict[str, Any] = answer.json()["held"]
    assert answer.headers["Location"] == f"{HELD}/{waits['id']}"
    return waits


async def scan(open_work: WorkOpener, held_id: str) -> None:
    """Do what the job does with a file."""
    async with open_work(SYSTEM) as uow:
        looked = await card_quarantine.look(uow, UUID(held_id))
    async with open_work(SYSTEM) as uow:
        await card_quarantine.decide(uow, UUID(held_id), looked)


async def became(client: Client, held_id: str) -> dict[str, Any]:
    """Return what is told of a file."""
    told: dict[str, Any] = (await client.get(f"{HELD}/{held_id}")).json()
    return told


async def seen(client: Client, photo_id: str) -> list[int]:
    """Return how asking for a picture and reading it again are answered, and how many pictures and cards are listed."""
    answers = [await client.get(f"{PHOTOS}/{photo_id}/image"), await client.post(f"{PHOTOS}/{photo_id}/read")]
    lists = [await client.get(PHOTOS), await client.get("/api/v1/crm/cards")]
    return [each.status_code for each in answers] + [each.json()["total"] for each in lists]
