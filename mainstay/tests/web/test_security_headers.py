"""Security headers stand on every reply, whatever it is."""

import asyncio
import re

import pytest
from probe.served import Served

from mainstay.testing.client import Client
from mainstay.web.security_headers import POLICY

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
        "microphone=(), midi=(), payment=(), usb=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Server": "",
}
REPLIES = {
    "API": ("GET", "/api/v1/probe/notes", 200),
    "page": ("GET", "/products/17", 200),
    "file": ("GET", "/assets/app-1.js", 200),
    "large file": ("GET", "/assets/large.wasm", 200),
    "description": ("GET", "/api/openapi.json", 200),
    "documentation": ("GET", "/api/docs", 200),
    "health": ("GET", "/health/live", 200),
    "unknown file": ("GET", "/nothing.txt", 404),
    "unknown operation": ("GET", "/api/v1/nothing", 404),
    "wrong method": ("PUT", "/api/v1/probe/notes", 405),
    "forged write": ("DELETE", "/api/v1/probe/notes/17", 403),
    "crash": ("POST", "/api/v1/trouble/failures/bug", 500),
    "no content": ("HEAD", "/", 200),
}


@pytest.mark.practice(1)
@pytest.mark.parametrize("kind", REPLIES)
async def test_every_kind_of_reply_carries_the_whole_set(owner: Client, kind: str) -> None:
    method, path, status = REPLIES[kind]
    headers = {"Origin": "https://evil.example"} if kind == "forged write" else {}

    reply = await owner.request(method, path, headers=headers)

    assert reply.status_code == status
    assert {name: reply.headers.get(name) for name in HEADERS} == HEADERS
    assert all(len(reply.headers.get_list(name)) == 1 for name in HEADERS)


async def test_a_reply_without_content_carries_them_too(owner: Client) -> None:
    first = await owner.get("/assets/app-1.js")
    second = await owner.get("/assets/app-1.js", headers={"If-None-Match": first.headers["ETag"]})

    assert second.status_code == 304
    assert {name: second.headers.get(name) for name in HEADERS} == HEADERS


def test_the_policy_trusts_this_origin_alone() -> None:
    assert POLICY.startswith("default-src 'self';")
    assert "unsafe" not in POLICY
    assert "*" not in POLICY
    assert "http" not in POLICY


@pytest.mark.practice(1)
async def test_no_reply_names_the_server_or_the_framework(api: Client, served: Served) -> None:
    """Those of the server itself are among them: a head that it cannot read."""
    host, port = served.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(b"NONSENSE\r\n\r\n")
    raw = await reader.read()
    writer.close()
    replies = [await api.get(path) for path in ("/", "/api/openapi.json", "/nothing.txt", "/health/live")]

    told = [*(f"{reply.headers}" for reply in replies), raw.decode()]
    assert raw.startswith(b"HTTP/1.1 400")
    for text in told:
        assert not re.search("granian|hyper|uvicorn|starlette|fastapi|python|x-powered-by", text, re.IGNORECASE)


@pytest.mark.practice(3)
@pytest.mark.parametrize(
    ("host", "scheme", "is_pinned"),
    [
        ("shop.example:8443", "https", True),
        ("127.0.0.1", "https", True),
        ("shop.example:8443", "http", False),
        # Other programs of the same machine share this name, and most have no certificate.
        ("localhost:8000", "https", False),
        ("till.localhost", "https", False),
    ],
)
async def test_browsers_are_told_to_stay_with_https_over_https_alone(
    proxied: Client, host: str, scheme: str, is_pinned: bool
) -> None:
    reply = await proxied.get("/health/live", headers={"Host": host, "X-Forwarded-Proto": scheme})

    expected = "max-age=63072000; includeSubDomains" if is_pinned else None
    assert reply.headers.get("Strict-Transport-Security") == expected


async def test_replies_of_the_api_are_not_stored_unless_they_say_otherwise(owner: Client) -> None:
    api = await owner.get("/api/v1/probe/notes")
    written = await owner.post("/api/v1/trouble/echo", json={})
    problem = await owner.get("/api/v1/nothing")
    asset = await owner.get("/assets/app-1.js")

    assert api.headers.get_list("Cache-Control") == ["no-store"]
    assert written.headers["Cache-Control"] == "no-store"
    assert problem.headers["Cache-Control"] == "no-store"
    assert asset.headers.get_list("Cache-Control") == ["public, max-age=31536000, immutable"]
