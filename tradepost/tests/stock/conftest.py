"""What the tests of stock need besides an open till: imported files."""

from collections.abc import Awaitable, Callable
from typing import Protocol
from uuid import UUID

import pytest
from shopfloor import Till

from mainstay import ids
from mainstay.testing.client import Client

HEADER = "barcode,name,price,tax_rate,stock"


class ImportFile(Protocol):
    """Imports a file of rows `barcode,name,price,tax_rate,stock` into a store."""

    async def __call__(self, *rows: str, store_id: UUID | None = None) -> UUID:
        """Upload the file, run its jobs and return the import's id; into the till's store without `store_id`."""
        ...


@pytest.fixture
def import_file(owner: Client, till: Till, run_jobs: Callable[[], Awaitable[int]]) -> ImportFile:
    """Imports files through the front door."""

    async def upload(*rows: str, store_id: UUID | None = None) -> UUID:
        import_id = ids.new_id()
        query = {"id": str(import_id), "filename": "goods.csv", "store_id": str(store_id or till.store_id)}
        body = "\n".join((HEADER, *rows)).encode()
        answer = await owner.post(
            "/api/v1/catalog/imports", params=query, content=body, headers={"Content-Type": "text/csv"}
        )
        assert answer.status_code in {200, 202}, answer.text
        await run_jobs()
        return UUID(answer.json()["id"])

    return upload
