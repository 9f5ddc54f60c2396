"""What the catalogue's tests need: a business, its catalogue, and files to import."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from shopfloor import business_in, created, store_in

from mainstay import ids
from mainstay.testing.client import Client

RunJobs = Callable[[], Awaitable[int]]
ImportFile = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture
async def store_id(owner: Client) -> UUID:
    """The store of a business in euros with the rates 20, 10 and 5.5 %."""
    store = store_in()
    await created(owner, "/api/v1/shop", business_in(store))
    return UUID(store["id"])


@pytest.fixture
def import_file(owner: Client, store_id: UUID, run_jobs: RunJobs) -> ImportFile:
    """Sends a file, has it read, and returns the import."""

    async def send(content: str | bytes, filename: str = "products.csv") -> dict[str, Any]:
        answer = await owner.post(
            "/api/v1/catalog/imports",
            params={"id": str(ids.new_id()), "store_id": str(store_id), "filename": filename},
            content=content.encode() if isinstance(content, str) else content,
            headers={"Content-Type": "text/csv"},
        )
        assert answer.status_code in {200, 202}, answer.text
        await run_jobs()
        shown = await owner.get(f"/api/v1/catalog/imports/{answer.json()['id']}")
        found: dict[str, Any] = shown.json()
        return found | {"is_repeat": answer.json()["is_repeat"]}

    return send
