"""The web app: one page for all its addresses, assets for ever, nothing outside its folder."""

import asyncio
from pathlib import Path

import pytest
from probe.served import Served, client_of, serving

from mainstay.testing.client import Client

PAGE = "<title>Probe</title>"


@pytest.mark.parametrize("path", ["/", "/till", "/products/17/edit", "/setup", "/apiary", "/healthy"])
async def test_every_address_of_the_app_is_its_page(api: Client, path: str) -> None:
    reply = await api.get(path)

    assert reply.status_code == 200
    assert PAGE in reply.text
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    assert reply.headers["Cache-Control"] == "no-cache"


async def test_a_page_that_is_known_is_not_sent_again(api: Client) -> None:
    tag = (await api.get("/till")).headers["ETag"]

    again = await api.get("/products", headers={"If-None-Match": tag})

    assert (again.status_code, again.content) == (304, b"")


async def test_assets_last_for_ever_and_come_compressed(api: Client, web_app: Path) -> None:
    reply = await api.get("/assets/app-1.js", headers={"Accept-Encoding": "gzip"})

    assert reply.content == (web_app / "assets" / "app-1.js").read_bytes()
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_files_beside_the_assets_are_asked_for_again(api: Client) -> None:
    reply = await api.get("/manifest.webmanifest")

    assert reply.headers["Content-Type"] == "application/manifest+json"
    assert reply.headers["Cache-Control"] == "no-cache"


async def test_large_files_are_read_from_the_disk_in_parts(api: Client) -> None:
    whole = await api.get("/assets/large.wasm")
    part = await api.get("/assets/large.wasm", headers={"Range": "bytes=0-9"})

    assert (whole.status_code, len(whole.content)) == (200, 2 * 1024 * 1024)
    assert whole.headers["Content-Type"] == "application/wasm"
    assert whole.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (part.status_code, part.content) == (206, bytes(10))


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/icon.ico", "/assets/app-1.js.gz", "/api", "/health", "/api/v2/x"]
)
async def test_what_is_not_there_is_a_problem_and_not_a_page(api: Client, path: str) -> None:
    reply = await api.get(path)

    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_a_page_can_only_be_read(api: Client) -> None:
    reply = await api.post("/till")

    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/../../etc/passwd.txt",
        "/assets/../../secret.txt",
        "/..%2f..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..\\..\\secret.txt",
        "//etc/passwd.txt",
        "/assets/%252e%252e/secret.txt",
        "/link.txt",
    ],
)
async def test_nothing_outside_the_folder_can_be_reached(served: Served, web_app: Path, path: str) -> None:
    """Sent by hand: HTTP clients tidy such paths before they send them."""
    (web_app.parent / "secret.txt").write_text("the secret")
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
    reply = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert reply.startswith(b"HTTP/1.1 404")
    assert b"the secret" not in reply
    assert b"root:" not in reply


async def test_a_program_without_its_web_app_says_how_to_get_it(probe_database_url: str, tmp_path: Path) -> None:
    with serving(probe_database_url, tmp_path, PROBE_STATIC="") as served:
        async with client_of(served) as api:
            page, missing = await api.get("/till"), await api.get("/assets/app.js")

    assert page.status_code == 503
    assert "The web app is not built yet" in page.text
    assert "make run" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert missing.status_code == 404
