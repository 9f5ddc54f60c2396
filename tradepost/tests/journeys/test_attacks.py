"""Attacks on the running program by the wire and by a browser: lines of the log, heads of answers, and other sites."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from browsing import open_window
from playwright.async_api import Browser, Page, Route
from shopfloor.busy import BusyShop

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
# What takes the guard against forged writes away, in every process of a program.
UNGUARDED = """
from mainstay.web import csrf
csrf.CsrfGuard._check = lambda guard, scope: None
"""

MARK = "qzx7k"
ESCAPE = "\x1b[2J\x1b[31m"
EVIL = "http://evil.example"
# What somebody sends to write lines and heads of their own, as it stands in the request line or in a header.
TARGETS = (
    f"/%0d%0aSet-Cookie:%20{MARK}=1",
    f"/api/v1/{MARK}%0a%7B%22event%22:%22forged%22%7D",
    f"/api/v1/shop?next=%0d%0aLocation:%20{EVIL}/{MARK}",
    f"/%1b%5B31m{MARK}%07",
    f"/%e2%80%a8{MARK}%c2%85",
    f"/%ff%fe{MARK}",
    f"/api/v1/identity/people?cursor=%ed%a0%80{MARK}",
    f"/assets/..%2f..%2f..%2f..%2fetc%2fpasswd?{MARK}",
    f"/{'q' * 7_000}{MARK}",
)
HEADERS = (
    ("User-Agent", f"{MARK}{ESCAPE}"),
    ("User-Agent", f'{MARK}"}}{{"event":"forged"'),
    ("Referer", f"{EVIL}/{MARK}\u2028"),
    ("X-Request-ID", f"{MARK}{ESCAPE}"),
    ("X-Forwarded-For", f"{MARK}, 1.2.3.4"),
    ("Accept-Language", MARK * 500),
    ("Cookie", f"__Host-tradepost={MARK}{ESCAPE}"),
    ("Authorization", f"Bearer {MARK}{ESCAPE}"),
)
ELSEWHERE = (
    f"//{MARK}.example/",
    f"//{MARK}.example/%2f..",
    f"/\\{MARK}.example",
    f"/%5c{MARK}.example",
    f"/%2f/{MARK}.example/",
    f"/?next=https://{MARK}.example",
    f"/setup?url=//{MARK}.example",
    f"/api/docs/?redirect=//{MARK}.example",
    f"http://{MARK}.example/",
)
CONTROLS = re.compile(rb"[\x00-\x09\x0b-\x1f\x7f]")


async def send(program: ProgramProcess, target: str, *headers: tuple[str, str]) -> tuple[bytes, bytes]:
    """Send a request as it is written here; return the head and the body of the answer."""
    host = program.address.removeprefix("http://")
    reader, writer = await asyncio.open_connection("127.0.0.1", int(host.partition(":")[2]))
    lines = [f"GET {target} HTTP/1.1", f"Host: {host}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers]
    writer.write("\r\n".join(lines).encode() + b"\r\n\r\n")
    answer = await asyncio.wait_for(reader.read(), 30)
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


def status_of(head: bytes) -> int:
    return int(head.split(b" ", 2)[1])


@pytest.mark.journey
@pytest.mark.practice(55, 56)
async def test_nobody_writes_lines_of_the_log_or_heads_of_answers(program_process: ProgramProcess) -> None:
    begin = program_process.log_path.stat().st_size

    heads = [(await send(program_process, target))[0] for target in TARGETS]
    heads += [(await send(program_process, "/api/v1/shop", header))[0] for header in HEADERS]

    assert all(status_of(head) < 500 for head in heads), heads
    assert not [head for head in heads if MARK.encode() in head]
    written = program_process.log_path.read_bytes()[begin:]
    # Each line is JSON, and no octet in it moves a terminal's cursor or ends the line for some reader.
    assert CONTROLS.search(written) is None
    lines = program_process.log()
    assert all(isinstance(line["event"], str) and line["event"] != "forged" for line in lines)
    assert [line for line in lines if MARK in str(line.get("path"))]


@pytest.mark.journey
async def test_no_address_sends_a_browser_elsewhere(program_process: ProgramProcess) -> None:
    for target in ELSEWHERE:
        head, _ = await send(program_process, target)

        assert status_of(head) < 500, head
        assert b"\r\nlocation:" not in head.lower(), head


@asynccontextmanager
async def lured(browser: Browser, program: ProgramProcess, owner: Client, page_of_evil: str) -> AsyncIterator[Page]:
    """Open a foreign page in a browser in which the owner is signed in, with a cookie that goes everywhere."""
    async with open_window(browser, program.address) as screen:
        for cookie in owner.cookies.jar:
            address = program.address.replace("http:", "https:")
            await screen.context.add_cookies(
                [{"name": cookie.name, "value": cookie.value or "", "url": address, "sameSite": "None", "secure": True}]
            )

        async def answer(route: Route) -> None:
            await route.fulfill(body=page_of_evil, content_type="text/html")

        await screen.context.route(f"{EVIL}/**", answer)
        page = await screen.context.new_page()
        await page.goto(f"{EVIL}/")
        yield page


@pytest.mark.journey
@pytest.mark.practice(1)
async def test_a_foreign_page_cannot_frame_the_shop_or_read_from_it(browser: Browser, busy_shop: BusyShop) -> None:
    """Clickjacking needs a frame that shows something."""
    shop = busy_shop.program.address
    frame = f'<iframe name="framed" src="{shop}/"></iframe>'
    async with lured(browser, busy_shop.program, busy_shop.owner, frame) as page:
        read = await page.evaluate(
            "address => fetch(address, {credentials: 'include'}).then(answer => answer.text(), () => 'refused')",
            f"{shop}/api/v1/shop",
        )
        framed = page.frame("framed")
        assert framed is not None
        assert (read, framed.url) == ("refused", "chrome-error://chromewebdata/")


@pytest.mark.journey
@pytest.mark.practice(4)
@pytest.mark.parametrize(("guard", "is_archived"), [("kept", False), ("taken away", True)])
async def test_a_foreign_form_writes_only_where_the_guard_is_taken_away(
    browser: Browser, start_program: StartProgram, tmp_path: Path, guard: str, *, is_archived: bool
) -> None:
    """Even with a cookie that the browser sends along from everywhere, which ours is not."""
    (tmp_path / "sitecustomize.py").write_text(UNGUARDED if guard == "taken away" else "", encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), *filter(None, sys.path)])
    program = await asyncio.to_thread(start_program, PYTHONPATH=path)
    async with program.owner() as owner:
        contact = f"/api/v1/crm/contacts/{ids.new_id()}"
        person = {"id": contact.rpartition("/")[2], "kind": "person", "name": "Ada Lovelace"}
        assert (await owner.post("/api/v1/crm/contacts", json=person)).status_code == 201
        form = f'<form id="form" method="post" action="{program.address}{contact}/archive"></form>'
        async with lured(browser, program, owner, form) as page, page.expect_navigation():
            await page.evaluate("document.getElementById('form').submit()")
        found = (await owner.get(contact)).json()

    assert (found["archived_at"] is not None) == is_archived
    arrived = [line["status"] for line in program.log() if line.get("path") == f"{contact}/archive"]
    assert arrived == [200 if is_archived else 403]
