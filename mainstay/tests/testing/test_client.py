"""The client does what a browser does on our pages."""

import re
from http.cookies import SimpleCookie
from uuid import UUID

import httpx2
import pytest

from mainstay.testing.client import Client

SESSION = {"csrf_token": "forge-me-not", "person": {"id": str(UUID(int=7))}}


def browser(seen: list[httpx2.Request], status: int = 201, address: str = "http://localhost:8000") -> Client:
    """A client whose requests end up in `seen`, and are answered with a session and its cookie."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append(request)
        headers = {"set-cookie": "__Host-shop=abc; Path=/; Secure; HttpOnly; SameSite=Strict"}
        return httpx2.Response(status, json=SESSION, headers=headers)

    return Client(address, transport=httpx2.MockTransport(answer))


async def test_writes_carry_the_origin_and_reads_do_not() -> None:
    seen: list[httpx2.Request] = []
    async with browser(seen) as client:
        await client.get("/page")
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            await client.request(method, "/thing")

    assert [request.headers.get("origin") for request in seen] == [None, *["http://localhost:8000"] * 4]


async def test_every_request_has_an_id_of_its_own_unless_the_test_says_which() -> None:
    seen: list[httpx2.Request] = []
    async with browser(seen) as client:
        for _ in range(3):
            await client.get("/page")
        await client.get("/page", headers={"X-Request-ID": "mine"})

    sent = [request.headers["x-request-id"] for request in seen]
    assert len(set(sent)) == 4
    assert all(re.fullmatch(r"test-[0-9a-f]{32}", each) for each in sent[:3])
    assert sent[3] == "mine"


async def test_after_signing_in_the_cookie_and_the_token_are_sent_even_over_plain_http() -> None:
    seen: list[httpx2.Request] = []
    async with browser(seen) as client:
        await client.sign_in("ada@shop.example", "secret")
        await client.post("/thing")
        await client.get("/thing")

    assert client.person_id == UUID(int=7)
    assert "x-csrf-token" not in seen[0].headers
    assert seen[1].headers["x-csrf-token"] == "forge-me-not"
    assert "x-csrf-token" not in seen[2].headers
    assert SimpleCookie(seen[1].headers["cookie"])["__Host-shop"].value == "abc"


async def test_what_a_test_sends_itself_is_left_alone() -> None:
    seen: list[httpx2.Request] = []
    async with browser(seen) as client:
        client.csrf_token = "right"
        await client.post("/thing", headers={"Origin": "https://evil.example", "X-CSRF-Token": "wrong"})

    assert seen[0].headers["origin"] == "https://evil.example"
    assert seen[0].headers["x-csrf-token"] == "wrong"


async def test_a_refused_sign_in_is_an_error_in_the_test() -> None:
    async with browser([], status=401) as client:
        with pytest.raises(AssertionError):
            await client.sign_in("ada@shop.example", "secret")


async def test_something_can_be_done_before_each_call() -> None:
    calls: list[str] = []

    async def before() -> None:
        calls.append("before")

    transport = httpx2.MockTransport(lambda _: httpx2.Response(204))
    async with Client("http://localhost", transport=transport, before_call=before) as client:
        await client.get("/")
        await client.post("/")

    assert calls == ["before", "before"]
