"""`serve --lan` as a shop runs it: HTTPS for devices that trust it, one page for the others, renewed while it runs."""

import asyncio
import re
import ssl
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from cryptography import x509
from served import ServedProgram

from mainstay import clock
from mainstay.bootstrap.lan.authority import FILE, SERVER_LIFE, Authority, fingerprint, read_certificate
from mainstay.bootstrap.lan.names import Names
from mainstay.clock import use_clock
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock

MakeServed = Callable[..., ServedProgram]
Until = Callable[..., Awaitable[Any]]
NOTES = "/api/v1/sample/notes"


class Shop:
    """The program in a shop, and its devices."""

    def __init__(self, served: ServedProgram) -> None:
        self.served = served
        self.folder = served.folder / "lan"
        door = re.search(r"open (http://\S+:(\d+)/)", served.errors)
        assert door is not None, served.errors
        self.page_port = int(door[2])

    def trusting(self) -> ssl.SSLContext:
        """What a device knows that was taken through the page."""
        return ssl.create_default_context(cafile=self.folder / FILE)

    async def connect(self, context: ssl.SSLContext, name: str = "localhost") -> "Connection":
        reader, writer = await asyncio.open_connection("127.0.0.1", self.served.port, ssl=context, server_hostname=name)
        return Connection(reader, writer)


class Connection:
    """One connection of a device, kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    async def get(self, path: str) -> str:
        """Return the head of the answer, in small letters."""
        self._writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        await self._reader.readexactly(int(length[1]) if length else 0)
        return head.decode().lower()

    @property
    def certificate(self) -> x509.Certificate:
        """The server's certificate, as this connection saw it."""
        seen = self._writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
        return x509.load_der_x509_certificate(seen)

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


@pytest.fixture(scope="module")
async def shop(make_served: MakeServed) -> Shop:
    settings = {"SAMPLE_LAN_PAGE_PORT": "0", "SAMPLE_LAN_CHECK_SECONDS": "0.2"}
    return Shop(await make_served(None, "--lan", **settings).start())


@pytest.mark.practice(3)
async def test_a_device_that_trusts_the_shop_works_over_https(shop: Shop) -> None:
    async with httpx2.AsyncClient(base_url=shop.served.address, verify=shop.trusting(), trust_env=False) as device:
        written = await device.post(NOTES, json={"id": "0190b1f0-0000-7000-8000-000000000001", "text": "from a till"})
        listed = await device.get(NOTES)

    assert (written.status_code, listed.status_code) == (201, 200)
    assert "from a till" in listed.text


@pytest.mark.parametrize(("name", "reason"), [("shop.example", "mismatch"), ("127.0.0.9", "mismatch")])
async def test_a_device_refuses_another_name(shop: Shop, name: str, reason: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        await shop.connect(shop.trusting(), name)


async def test_a_device_that_was_not_taken_through_the_page_refuses(shop: Shop) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="unable to get local issuer"):
        await shop.connect(ssl.create_default_context())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_old_tablets_are_served_too(shop: Shop, version: ssl.TLSVersion) -> None:
    context = shop.trusting()
    context.maximum_version = version

    with closing(await shop.connect(context)) as tablet:
        assert "200 ok" in await tablet.get("/health/live")


async def test_plain_http_on_the_secure_port_gets_no_answer(shop: Shop) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", shop.served.port)
    writer.write(b"GET /api/v1/sample/notes HTTP/1.1\r\nHost: localhost\r\n\r\n")
    said = await reader.read()
    writer.close()

    assert b"HTTP" not in said


@pytest.mark.practice(3)
async def test_plain_http_answers_with_the_page_alone(shop: Shop) -> None:
    async with Client(f"http://127.0.0.1:{shop.page_port}") as device:
        page = await device.get("/")
        authority = await device.get("/authority.crt")
        others = [await device.get(path) for path in (NOTES, "/health/live", "/api/docs", "/assets/app.js", "/till")]
        written = await device.post(NOTES, json={"id": "0190b1f0-0000-7000-8000-000000000002", "text": "in the clear"})

    assert f'href="https://127.0.0.1:{shop.served.port}/"' in page.text
    assert x509.load_der_x509_certificate(authority.content) == read_certificate(shop.folder / FILE)
    assert [other.status_code for other in others] == [404] * 5
    assert written.status_code == 405
    assert not any("set-cookie" in reply.headers for reply in (page, authority, written, *others))


async def test_the_operator_reads_where_devices_go_and_what_they_must_see(shop: Shop) -> None:
    said = shop.served.errors

    assert said.splitlines()[1] == f"  Open  https://localhost:{shop.served.port}"
    assert "  In your network:" in said
    assert "█" in said
    assert fingerprint(read_certificate(shop.folder / FILE), 16)[0] in said


def test_the_process_of_the_page_holds_no_key_open(shop: Shop) -> None:
    opened = {Path(file.path).name for file in shop.served.child("page").open_files()}

    assert not {name for name in opened if name.endswith((".key", ".pem"))}


@pytest.mark.practice(3)
async def test_a_certificate_that_ran_out_is_renewed_and_served_while_the_program_runs(
    shop: Shop, until: Until
) -> None:
    early = await shop.connect(shop.trusting())
    with use_clock(FrozenClock(clock.now() - SERVER_LIFE - timedelta(days=1))):
        stale = Authority.kept(shop.folder, "Sample", Names()).issue(Names())
    (shop.folder / "server.pem").write_bytes(stale)
    expired = x509.load_pem_x509_certificate(stale)

    async def is_renewed() -> bool:
        try:
            with closing(await shop.connect(shop.trusting())) as late:
                return late.certificate.serial_number not in {early.certificate.serial_number, expired.serial_number}
        except ssl.SSLCertVerificationError:
            return False  # the stale one was served for a moment

    await until(is_renewed)
    early.close()
    with closing(await shop.connect(shop.trusting())) as late:
        assert "200 ok" in await late.get("/health/live")
    reasons = [line["reason"] for line in shop.served.log if line["event"] == "new certificate"]
    assert reasons == ["there is none", "it ends soon"]


async def test_a_page_that_crashes_comes_back(shop: Shop, until: Until) -> None:
    shop.served.child("page").kill()

    async def is_back() -> bool:
        try:
            async with Client(f"http://127.0.0.1:{shop.page_port}") as device:
                return (await device.get("/")).status_code == 200
        except httpx2.TransportError:
            return False

    assert await until(is_back)


async def test_it_stops_whole(make_served: MakeServed, tmp_path: Path) -> None:
    served = await make_served(tmp_path / "data", "--lan", "--host", "127.0.0.1", SAMPLE_LAN_PAGE_PORT="0").start()

    assert "This machine has no address in a private network now" in served.errors
    assert await served.stop() == 0
    served.assert_nobody_is_left()
