"""In production nothing is done in the clear: reads are sent to HTTPS, writes are refused."""

import pytest
from probe.served import Served

from mainstay.testing.client import Client

PLAIN = {"X-Forwarded-Proto": "http"}


@pytest.mark.practice(3)
@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/", "https://shop.example:8443/"),
        ("/api/v1/probe/notes?a=1&b=%2F", "https://shop.example:8443/api/v1/probe/notes?a=1&b=%2F"),
        ("/products/na%C3%AFve%20one", "https://shop.example:8443/products/na%C3%AFve%20one"),
        ("/%2Fevil.example/x", "https://shop.example:8443//evil.example/x"),
        ("/%0d%0aSet-Cookie:%20a=b", "https://shop.example:8443/%0D%0ASet-Cookie:%20a=b"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_read_in_the_clear_is_sent_to_https(proxied: Client, method: str, path: str, location: str) -> None:
    reply = await proxied.request(method, path, headers={**PLAIN, "Host": "shop.example"})

    assert (reply.status_code, reply.headers["Location"]) == (308, location)
    assert reply.content == b""
    assert "Set-Cookie" not in reply.headers


@pytest.mark.parametrize(
    ("host", "netloc"),
    [
        ("tills.example", "tills.example"),
        ("tills.example:80", "tills.example"),
        ("192.168.1.20:8000", "192.168.1.20"),
        ("[fd00::5]:8000", "[fd00::5]"),
        ("SHOP.EXAMPLE:80", "shop.example:8443"),
    ],
)
async def test_it_is_the_same_site(proxied: Client, host: str, netloc: str) -> None:
    reply = await proxied.get("/", headers={**PLAIN, "Host": host})

    assert reply.headers["Location"] == f"https://{netloc}/"


async def test_nobody_is_sent_to_a_foreign_site(proxied: Client) -> None:
    reply = await proxied.get("/", headers={**PLAIN, "Host": "evil.example"})

    assert (reply.status_code, reply.json()["code"]) == (400, "untrusted_host")


@pytest.mark.practice(3)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_a_write_in_the_clear_is_refused(proxied: Client, in_production: Served, method: str) -> None:
    before = in_production.ask("SELECT count(*) FROM probe_note")

    reply = await proxied.request(method, "/api/v1/probe/notes", headers=PLAIN, json={"text": "in the clear"})

    assert (reply.status_code, reply.json()["code"]) == (403, "https_needed")
    assert in_production.ask("SELECT count(*) FROM probe_note") == before


async def test_without_a_word_from_the_proxy_it_is_the_clear(proxied: Client) -> None:
    del proxied.headers["X-Forwarded-Proto"]

    assert (await proxied.get("/")).status_code == 308


async def test_over_https_everything_goes_its_way(proxied: Client) -> None:
    assert (await proxied.get("/")).status_code == 200
    assert (await proxied.get("/api/v1/probe/notes")).status_code == 401


async def test_those_who_ask_whether_it_lives_may_ask_in_the_clear(proxied: Client) -> None:
    assert (await proxied.get("/health/ready", headers=PLAIN)).status_code == 200


async def test_a_development_machine_answers_in_the_clear(api: Client) -> None:
    assert (await api.get("/")).status_code == 200
