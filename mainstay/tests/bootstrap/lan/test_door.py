"""The page for new devices: what it says, to whom, and that there is nothing else behind it."""

import json
import re
from collections.abc import AsyncIterator
from importlib.resources import files
from string import Formatter
from typing import Protocol

import httpx2
import pytest
from cryptography import x509

from mainstay.bootstrap.lan.authority import FILE, fingerprint
from mainstay.bootstrap.lan.door import LANGUAGES, POLICY, STEPS, Door, Entry
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import Names

AGENTS = {
    "ios": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1",
    "android": "Mozilla/5.0 (Linux; Android 15; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36",
    "windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
    "macos": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.6 Safari/605.1.15",
    "chromeos": "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36",
}


class Network(Protocol):
    names: Names

    def ask(self) -> Names: ...


@pytest.fixture
async def device(keeper: Keeper, network: Network) -> AsyncIterator[httpx2.AsyncClient]:
    """A device in the network, before it trusts anything."""
    door = Door(Entry("Tradepost <1>", 8000, 8080), keeper.folder / FILE, network.ask)
    transport = httpx2.ASGITransport(door)
    async with httpx2.AsyncClient(transport=transport, base_url="http://192.168.1.20:8080") as client:
        yield client


async def test_the_page_leads_to_the_same_machine_over_https(device: httpx2.AsyncClient) -> None:
    for host, secure in {
        "192.168.1.20:8080": "https://192.168.1.20:8000/",
        "shop.local:8080": "https://shop.local:8000/",
        "[fd00::5]:8080": "https://[fd00::5]:8000/",
        "localhost:8080": "https://localhost:8000/",
    }.items():
        page = (await device.get("/", headers={"Host": host})).text

        assert f'<a class="button primary" href="{secure}">' in page


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", '"><script>', "192.168.1.99", ""])
async def test_a_foreign_host_is_never_repeated(device: httpx2.AsyncClient, host: str) -> None:
    page = (await device.get("/", headers={"Host": host})).text

    assert "evil" not in page
    assert "<script" not in page
    assert 'href="https://192.168.1.20:8000/"' in page


async def test_a_machine_without_a_network_leads_to_itself(keeper: Keeper, network: Network) -> None:
    network.names = Names()
    door = Door(Entry("Tradepost", 8000, 8080), keeper.folder / FILE, network.ask)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(door), base_url="http://elsewhere") as client:
        assert 'href="https://localhost:8000/"' in (await client.get("/")).text


async def test_the_page_says_every_address_and_the_fingerprint(device: httpx2.AsyncClient, keeper: Keeper) -> None:
    page = (await device.get("/")).text

    for host in ("192.168.1.20", "[fd00::5]", "shop.local", "shop"):
        assert f'<li><a href="https://{host}:8000/">' in page
    assert "<br>".join(fingerprint(keeper.authority.certificate, 8)) in page


@pytest.mark.parametrize("kind", AGENTS)
async def test_the_steps_of_the_asking_device_are_open(device: httpx2.AsyncClient, kind: str) -> None:
    page = (await device.get("/", headers={"User-Agent": AGENTS[kind]})).text

    opened = re.findall(r"<details open><summary>(.*?)</summary>", page)
    assert opened == [_texts("en")[kind]]
    wanted = "authority.mobileconfig" if kind in {"ios", "macos"} else "authority.crt"
    first = re.search(r'<a class="button primary" href="/([a-z.]+)">', page)
    assert first is not None
    assert first[1] == wanted


async def test_an_unknown_device_sees_all_steps_closed(device: httpx2.AsyncClient) -> None:
    page = (await device.get("/", headers={"User-Agent": "curl/8"})).text

    assert page.count("<details>") == len(STEPS)


@pytest.mark.parametrize(
    ("query", "accepted", "language"),
    [
        ("", "", "en"),
        ("", "de-DE,ru;q=0.8,en;q=0.5", "ru"),
        ("", "ru-RU", "ru"),
        ("?lang=en", "ru", "en"),
        ("?lang=ru", "en", "ru"),
        ("?lang=xx", "ru", "ru"),
        ("?lang=%22%3E", "", "en"),
    ],
)
async def test_the_page_speaks_the_language_of_the_device(
    device: httpx2.AsyncClient, query: str, accepted: str, language: str
) -> None:
    page = (await device.get(f"/{query}", headers={"Accept-Language": accepted})).text

    assert f'<html lang="{language}">' in page
    assert _texts(language)["step_get"] in page


async def test_the_authority_is_handed_out_in_both_forms(device: httpx2.AsyncClient, keeper: Keeper) -> None:
    plain, profile = await device.get("/authority.crt"), await device.get("/authority.mobileconfig")

    assert x509.load_der_x509_certificate(plain.content) == keeper.authority.certificate
    assert plain.headers["Content-Type"] == "application/x-x509-ca-cert"
    assert profile.headers["Content-Type"] == "application/x-apple-aspen-config"
    assert b"com.apple.security.root" in profile.content
    assert plain.headers["Content-Disposition"] == 'attachment; filename="authority.crt"'


async def test_the_code_leads_another_device_to_this_page(device: httpx2.AsyncClient) -> None:
    here, itself = await device.get("/code.svg"), await device.get("/code.svg", headers={"Host": "localhost:8080"})

    assert here.headers["Content-Type"] == "image/svg+xml"
    # Seen from the machine itself, it still leads to where others reach it.
    assert here.content == itself.content


@pytest.mark.parametrize(
    "path",
    ["/api/v1/identity/session", "/api/docs", "/health/live", "/sign-in", "/index.html", "/authority.key",
     "/server.pem", "/page/en.json", "/..%2fauthority.key", "/authority.crt/"],
)  # fmt: skip
async def test_nothing_else_is_there_and_no_cookie_is_looked_at_or_set(device: httpx2.AsyncClient, path: str) -> None:
    reply = await device.get(path, headers={"Cookie": "__Host-tradepost=stolen", "Authorization": "Bearer stolen"})

    assert reply.status_code == 404
    assert "set-cookie" not in reply.headers
    assert "stolen" not in reply.text


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_nothing_can_be_written(device: httpx2.AsyncClient, method: str) -> None:
    reply = await device.request(method, "/", content=b"x")

    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET, HEAD")


async def test_every_reply_carries_a_policy_that_runs_nothing(device: httpx2.AsyncClient) -> None:
    for path in ("/", "/page.css", "/code.svg", "/authority.crt", "/nothing"):
        headers = (await device.head(path)).headers

        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store"


def test_both_languages_say_everything() -> None:
    first, second = (_texts(language) for language in LANGUAGES)

    assert list(first) == list(second)
    for key in first:
        named = [
            sorted(field for _, field, _, _ in Formatter().parse(texts[key]) if field) for texts in (first, second)
        ]
        assert named[0] == named[1], key


def _texts(language: str) -> dict[str, str]:
    found: dict[str, str] = json.loads((files("mainstay.bootstrap.lan.page") / f"{language}.json").read_text())
    return found
