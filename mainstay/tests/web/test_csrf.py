"""Writes must come from our own pages and carry their session's token."""

from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest
from probe.main import SECRET_KEY
from probe.served import Served, client_of

from mainstay import ids
from mainstay.keyring import Keyring
from mainstay.testing.client import Client
from mainstay.web.csrf import csrf_token

COUNT = "SELECT count(*) FROM probe_note"


def note() -> dict[str, object]:
    """Return a new note as a client sends it."""
    return {"id": str(ids.new_id()), "code": ids.new_id().hex, "amount": 1}


Forgery = Callable[[str], dict[str, str]]
FORGED: dict[str, Forgery] = {
    "foreign page": lambda _: {"Origin": "https://evil.example"},
    "opaque page": lambda _: {"Origin": "null"},
    "foreign page of the same name": lambda url: {"Origin": f"{url}.evil.example"},
    "page of another port": lambda url: {"Origin": f"{url.rpartition(':')[0]}:1"},
    "page without a scheme": lambda url: {"Origin": url.removeprefix("http://")},
    "strange scheme": lambda url: {"Origin": url.replace("http", "ftp")},
    "no token": lambda _: {"X-CSRF-Token": ""},
    "wrong token": lambda _: {"X-CSRF-Token": "A" * 43},
    "another session's token": lambda _: {"X-CSRF-Token": csrf_token(SECRET_KEY, "token-of-the-cashier")},
    "another key's token": lambda _: {"X-CSRF-Token": csrf_token(Keyring(b"other"), "token-of-the-owner")},
}


@pytest.mark.practice(4)
@pytest.mark.parametrize("kind", FORGED)
async def test_a_forged_write_is_refused_and_changes_nothing(owner: Client, served: Served, kind: str) -> None:
    before = served.ask(COUNT)

    reply = await owner.post("/api/v1/probe/notes", json=note(), headers=FORGED[kind](served.url))

    assert (reply.status_code, reply.json()["code"]) == (403, "csrf_failed")
    assert served.ask(COUNT) == before


@pytest.mark.practice(4)
async def test_a_write_from_our_own_page_with_the_token_passes(owner: Client, served: Served) -> None:
    before = served.ask(COUNT)

    assert (await owner.post("/api/v1/probe/notes", json=note())).status_code == 201

    assert served.ask(COUNT) == before + 1


async def bare(served: Served, clients: AsyncExitStack, token: str | None, **headers: str) -> Client:
    """Return a caller that adds no Origin of its own."""
    client = client_of(served, token)
    client.event_hooks = {"request": []}
    client.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
    return await clients.enter_async_context(client)


async def test_a_browser_may_say_by_fetch_metadata_where_a_write_comes_from(
    served: Served, clients: AsyncExitStack
) -> None:
    token = csrf_token(SECRET_KEY, "token-of-the-owner")
    sites = {"same-origin": 201, "none": 201, "same-site": 403, "cross-site": 403}
    for site, status in sites.items():
        client = await bare(served, clients, "token-of-the-owner", sec_fetch_site=site, x_csrf_token=token)
        assert (await client.post("/api/v1/probe/notes", json=note())).status_code == status


async def test_a_write_with_a_session_that_does_not_say_where_it_comes_from_is_refused(
    served: Served, clients: AsyncExitStack
) -> None:
    token = csrf_token(SECRET_KEY, "token-of-the-owner")
    client = await bare(served, clients, "token-of-the-owner", x_csrf_token=token)

    assert (await client.post("/api/v1/probe/notes", json=note())).status_code == 403


async def test_a_caller_without_cookies_is_no_browser_and_needs_no_token(
    served: Served, clients: AsyncExitStack
) -> None:
    client = await bare(served, clients, None)

    assert (await client.post("/api/v1/trouble/echo", json={"a": 1})).json() == {"a": 1}
    assert (await client.post("/api/v1/probe/notes", json=note())).status_code == 401


async def test_a_public_write_needs_no_token_so_that_an_ended_session_can_be_renewed(
    owner: Client, served: Served
) -> None:
    """Whoever signs in again still sends the old cookie, and has no token for it."""
    owner.csrf_token = None

    assert (await owner.post("/api/v1/trouble/echo", json={"a": 1})).status_code == 200

    forged = await owner.post("/api/v1/trouble/echo", json={"a": 1}, headers={"Origin": "https://evil.example"})
    assert forged.status_code == 403


async def test_reading_needs_neither(owner: Client) -> None:
    owner.csrf_token = None

    assert (await owner.get("/api/v1/probe/me", headers={"Origin": "https://evil.example"})).json() == "Owner"


@pytest.mark.practice(4)
@pytest.mark.parametrize(("origin", "code"), [("http", "csrf_failed"), ("https", "identity.not_signed_in")])
async def test_a_page_in_the_clear_writes_nothing_over_https(proxied: Client, origin: str, code: str) -> None:
    """Whoever sits between a browser and the shop can write any page of `http://`, but none of `https://`."""
    headers = {"Host": "192.168.1.20:8443", "Origin": f"{origin}://192.168.1.20:8443"}

    reply = await proxied.post("/api/v1/probe/notes", headers=headers, json={"text": "forged"})

    assert reply.json()["code"] == code
