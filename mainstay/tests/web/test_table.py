"""The right operation is found for each path, whatever the order in which modules declare them."""

import asyncio
from uuid import UUID

import pytest
from fastapi import APIRouter
from probe.served import Served

from mainstay.testing.client import Client
from mainstay.web.operation import operations
from mainstay.web.place import NOWHERE
from mainstay.web.table import MAX_ADDRESS, OperationTable

router = APIRouter(prefix="/shop")


@router.get("/items/{item_id:uuid}")
async def show(item_id: UUID) -> None:
    """Show one."""


@router.delete("/items/{item_id:uuid}")
async def remove(item_id: UUID) -> None:
    """Remove one."""


@router.get("/items/by-code/{code}")
async def find(code: str) -> None:
    """Find one."""


@router.get("/items/{item_id:uuid}/parts/{part}.csv")
async def export(item_id: UUID, part: int) -> None:
    """Export a part."""


@router.get("/items")
async def list_items() -> None:
    """List all."""


@router.post("/items")
async def add() -> None:
    """Add one."""


@router.get("/items/all")
async def list_all() -> None:
    """List all, by a path that an open one would match as well."""


@router.get("/files/{path:path}")
async def read_file(path: str) -> None:
    """Read a file."""


ID = "018f5a3e-0000-7000-8000-000000000001"
TABLE = OperationTable(operations((router,), "/api", "shop"))


@pytest.mark.parametrize(
    ("method", "path", "name", "values"),
    [
        ("GET", "/api/shop/items", "list_items", {}),
        ("POST", "/api/shop/items", "add", {}),
        ("GET", "/api/shop/items/all", "list_all", {}),
        ("GET", f"/api/shop/items/{ID}", "show", {"item_id": UUID(ID)}),
        ("DELETE", f"/api/shop/items/{ID}", "remove", {"item_id": UUID(ID)}),
        ("GET", "/api/shop/items/by-code/12 3", "find", {"code": "12 3"}),
        ("GET", f"/api/shop/items/{ID}/parts/7.csv", "export", {"item_id": UUID(ID), "part": "7"}),
        ("GET", "/api/shop/files/a/b/c.txt", "read_file", {"path": "a/b/c.txt"}),
    ],
)
def test_a_path_leads_to_its_operation(method: str, path: str, name: str, values: dict[str, object]) -> None:
    place = TABLE.find(method, path)

    assert place.operation is not None
    assert place.operation.name == name
    assert place.path_params == values
    assert place.route == place.operation.path_format


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        ("/api/shop/items", {"GET", "POST"}),
        (f"/api/shop/items/{ID}", {"GET", "DELETE"}),
        ("/api/shop/files/x", {"GET"}),
    ],
)
def test_a_path_with_other_methods_says_which(path: str, allowed: set[str]) -> None:
    place = TABLE.find("PATCH", path)

    assert place.operation is None
    assert place.allowed == allowed


@pytest.mark.parametrize(
    "path",
    ["/api/shop", "/api/shop/items/", "/api/shop/items/none", "/api/shop/items/by-code/1/2", "/", "", "items"],
)
def test_any_other_path_leads_nowhere(path: str) -> None:
    assert TABLE.find("GET", path) is NOWHERE


@pytest.mark.parametrize(
    "address", ["/api/v1/probe/me?" + "x" * 20_000, "/" + "x" * 17_000, "/api/v1/probe/me?" + "a=1&" * 4200]
)
async def test_an_address_that_is_too_long_is_refused(api: Client, address: str) -> None:
    reply = await api.get(address)

    assert (reply.status_code, reply.json()["code"]) == (414, "address_too_long")


async def test_a_query_of_100_kilobytes_is_refused(served: Served) -> None:
    """More than this client would send."""
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"GET /api/v1/probe/me?" + b"x" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")

    reply = await asyncio.wait_for(reader.read(65536), 5)

    assert reply.startswith(b"HTTP/1.1 414")
    writer.close()
    await writer.wait_closed()


async def test_an_address_as_long_as_may_be_is_read(owner: Client) -> None:
    path = "/health/live"

    reply = await owner.get(f"{path}?{'x' * (MAX_ADDRESS - len(path))}")

    assert reply.status_code == 200
