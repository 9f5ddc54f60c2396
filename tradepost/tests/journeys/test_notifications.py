"""Notifications through the running program: the right person is told in their language, and one click ends it."""

import asyncio
from collections.abc import Callable

import pytest
from watching import free_port

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.mail import MailServer, Received
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
PATIENCE = 60.0


async def arrived(server: MailServer, subject: str, count: int) -> list[Received]:
    """Wait for a number of mails with a subject, and return them."""
    deadline = clock.monotonic() + PATIENCE
    while len(found := [one for one in server.received if subject in str(one.message["Subject"])]) < count:
        assert clock.monotonic() < deadline, "the mail did not arrive"
        await asyncio.sleep(0.05)
    return found


async def send_torn(owner: Client, store: str, name: str) -> None:
    """Send a file that is no table."""
    query = {"id": str(ids.new_id()), "filename": name, "store_id": store}
    content, kind = b"\x00\x01 " + name.encode(), {"Content-Type": "text/csv"}
    answer = await owner.post("/api/v1/catalog/imports", params=query, content=content, headers=kind)
    assert answer.status_code == 202, answer.text


@pytest.mark.journey
async def test_a_torn_price_list_is_told_in_russian_until_one_click_ends_the_mails(
    start_program: StartProgram, mail_server: MailServer
) -> None:
    port = free_port()
    public = f"http://shop.localhost:{port}"
    mail = {"TRADEPOST_MAIL_URL": mail_server.url, "TRADEPOST_MAIL_SENDER": "desk@shop.example"}
    program = start_program("--sample", "--port", str(port), TRADEPOST_PUBLIC_URL=public, **mail)
    async with program.owner() as owner, program.client() as nobody:
        assert (await owner.put("/api/v1/mail/language", json={"language": "ru"})).status_code == 204
        store = (await owner.get("/api/v1/pos/registers")).json()["items"][0]["store_id"]
        await send_torn(owner, store, "one.csv")
        (received,) = await arrived(mail_server, "one.csv", 1)
        assert received.recipients == ("owner@shop.example",)
        assert received.message["Subject"] == "Tradepost: файл one.csv не удалось прочитать"
        link = next(line for line in received.part("plain").splitlines() if "/catalogue/imports/" in line)
        assert link.startswith(f"{public}/")
        assert (await owner.get(f"/api/v1/catalog/imports/{link.rpartition('/')[2]}")).json()["filename"] == "one.csv"

        click = str(received.message["List-Unsubscribe"]).strip("<>").removeprefix(public)
        assert (await nobody.post(click, content=b"List-Unsubscribe=One-Click")).status_code == 204

        await send_torn(owner, store, "two.csv")
        deadline = clock.monotonic() + PATIENCE
        while not (items := (await owner.get("/api/v1/notifications")).json()["items"])[0]["title"].count("two.csv"):
            assert clock.monotonic() < deadline, "nothing was told"
            await asyncio.sleep(0.05)
        assert [item["title"] for item in items[:2]] == [
            "Файл two.csv не удалось прочитать",
            "Файл one.csv не удалось прочитать",
        ]
        # A mail is kept with what it tells of, in one transaction: it would wait by now, or have come.
        assert (await owner.get("/api/v1/mail/status")).json()["waiting"] == 0
        assert not [one for one in mail_server.received if "two.csv" in str(one.message["Subject"])]
    told = program.notes() + program.log_path.read_text()
    assert click.partition("token=")[2] not in told
