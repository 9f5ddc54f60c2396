"""Guards of the way in are taken away one by one: each time what they guard against really happens."""

import io
import json
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import structlog
from kiosk import KioskFactory

from mainstay.observe import logs
from mainstay.web import json_body, request_id
from mainstay.web.addresses import HostCheck

FORGED = '{"logger":"access","event":"request","status":200}'


@pytest.fixture
def stream() -> Iterator[io.BytesIO]:
    """Where the access log goes meanwhile."""
    configuration = structlog.get_config()
    written = io.BytesIO()
    structlog.configure(
        processors=[logs._line],
        wrapper_class=structlog.make_filtering_bound_logger(20),
        logger_factory=lambda name="root": structlog.BytesLogger(written, name=name),
        cache_logger_on_first_use=False,
    )
    yield written
    structlog.configure(**configuration)


@pytest.mark.practice(19)
async def test_without_the_count_of_hosts_two_or_none_stand_for_this_site(
    open_kiosk: KioskFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy that goes by another one than this program could be led past its own rules."""
    client = open_kiosk().at("10.0.0.1")

    async def ask(*hosts: str) -> int:
        request = client.build_request("GET", "/open", headers=[("Host", host) for host in hosts])
        if not hosts:
            del request.headers["Host"]
        return (await client.send(request)).status_code

    assert [await ask("localhost"), await ask("localhost", "localhost"), await ask()] == [200, 400, 400]

    monkeypatch.setattr(HostCheck, "_are_ours", lambda check, hosts: all(map(check._addresses.has_host, hosts)))

    assert [await ask("localhost"), await ask("localhost", "localhost"), await ask()] == [200, 200, 200]


@pytest.mark.practice(19)
async def test_without_its_pattern_a_request_id_writes_a_header(
    open_kiosk: KioskFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_kiosk().at("10.0.0.1")
    forged = b"mine\r\nSet-Cookie: session=theirs"

    async def id_after_asking() -> bytes:
        reply = await client.get("/open", headers=[(b"X-Request-ID", forged)])
        return dict(reply.headers.raw)[b"x-request-id"]

    assert re.fullmatch(rb"[A-Za-z0-9_-]{16}", await id_after_asking())

    monkeypatch.setattr(request_id, "_HARMLESS", re.compile(rb".*", re.DOTALL))

    assert await id_after_asking() == forged


@pytest.mark.practice(19)
async def test_without_json_a_path_writes_a_line_of_the_log(
    open_kiosk: KioskFactory, stream: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_kiosk().at("10.0.0.1")

    async def lines_after_asking() -> list[str]:
        stream.seek(0)
        stream.truncate()
        await client.get(f"/open%0A{quote(FORGED)}")
        return stream.getvalue().decode().splitlines()

    [line] = await lines_after_asking()
    assert json.loads(line)["path"] == f"/open\n{FORGED}"

    monkeypatch.setattr(logs, "render", lambda _level, _logger, event, fields: f"{event} {fields['path']}".encode())

    assert await lines_after_asking() == ["request /open", FORGED]


@pytest.mark.practice(19)
async def test_without_the_limit_of_depth_a_body_breaks_the_program(
    open_kiosk: KioskFactory, stream: io.BytesIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = open_kiosk().at("10.0.0.1")
    body = rb'{"email": "ada", "more": ' + b"[" * 900 + rb'"\u0000"' + b"]" * 900 + b"}"

    async def send() -> tuple[int, str]:
        reply = await client.post("/session", content=body, headers={"Content-Type": "application/json"})
        return reply.status_code, reply.json()["code"]

    assert await send() == (400, "malformed_json")

    monkeypatch.setattr(json_body, "MAX_DEPTH", 10_000)

    assert (await send())[0] == 500
    assert b"RecursionError" in stream.getvalue()
