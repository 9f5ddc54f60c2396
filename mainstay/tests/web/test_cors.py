"""Pages of other sites read nothing, except those of the origins that were named, whatever tricks they know."""

import pytest

from mainstay.testing.client import Client

PATH = "/api/v1/probe/notes"
ASK = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
LISTED = "https://app.example"
PROBES = [
    "null",
    "*",
    "",
    "http://app.example",
    "https://app.example:443",
    "https://app.example:8443",
    "https://app.example.evil.example",
    "https://evil-app.example",
    "https://evilapp.example",
    "https://sub.app.example",
    "https://APP.EXAMPLE",
    "https://app.example/",
    "https://app.example@evil.example",
    "https://app.example%2eevil.example",
    "https://app.example, https://evil.example",
    "https://evil.example https://app.example",
    "https://xn--app-example",
    "https://app_example",
    "https://app.examp1e",
    "file://",
]


def grants(headers: object) -> list[str]:
    return [name for name in ("access-control-allow-origin", "access-control-allow-credentials") if name in headers]  # type: ignore[operator]  # httpx2's headers


@pytest.mark.practice(5)
@pytest.mark.parametrize("origin", PROBES)
async def test_a_trick_with_the_origin_is_granted_nothing(proxied: Client, origin: str) -> None:
    read = await proxied.get(PATH, headers={"Origin": origin})
    asked = await proxied.options(PATH, headers={"Origin": origin, **ASK})

    assert grants(read.headers) == grants(asked.headers) == []
    assert asked.status_code == 405
    # A cache that serves both must know that the answer depends on who asked.
    assert "Origin" in read.headers.get_list("Vary")


@pytest.mark.practice(5)
async def test_the_listed_origin_may_ask_and_read(proxied: Client) -> None:
    asked = await proxied.options(PATH, headers={"Origin": LISTED, **ASK})
    read = await proxied.get(PATH, headers={"Origin": LISTED})

    assert (asked.status_code, asked.content) == (204, b"")
    assert asked.headers["Access-Control-Allow-Origin"] == LISTED
    assert asked.headers["Access-Control-Allow-Methods"] == "GET, HEAD, POST, PUT, PATCH, DELETE"
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    # The refusal can be read as well: the page learns that its token is missing.
    assert (read.status_code, read.headers["Access-Control-Allow-Origin"]) == (401, LISTED)
    assert "X-Request-ID" in read.headers["Access-Control-Expose-Headers"]


async def test_cookies_are_never_allowed_to_another_site(proxied: Client) -> None:
    for reply in (
        await proxied.options(PATH, headers={"Origin": LISTED, **ASK}),
        await proxied.get(PATH, headers={"Origin": LISTED, "Cookie": "__Host-probe=token-of-the-owner"}),
    ):
        assert "Access-Control-Allow-Credentials" not in reply.headers
        assert reply.headers["Access-Control-Allow-Origin"] != "*"


async def test_only_the_api_is_open(proxied: Client) -> None:
    for path in ("/", "/assets/app-1.js", "/health/live"):
        assert grants((await proxied.get(path, headers={"Origin": LISTED})).headers) == []


@pytest.mark.practice(5)
@pytest.mark.parametrize("origin", [LISTED, "http://localhost:3000", "null"])
async def test_it_is_closed_where_nobody_has_opened_it(api: Client, origin: str) -> None:
    read = await api.get(PATH, headers={"Origin": origin})
    asked = await api.options(PATH, headers={"Origin": origin, **ASK})

    assert grants(read.headers) == grants(asked.headers) == []
    assert asked.status_code == 405
