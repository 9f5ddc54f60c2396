"""Mail through the running program: an invitation arrives, its link works once, and outages lose nothing."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import closing

import pytest

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.mail import MailServer, Received
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
PASSWORD = "four loud orange buses"
PATIENCE = 60.0
EVIL = {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example", "X-Forwarded-Proto": "gopher"}


async def arrived(server: MailServer, count: int) -> Received:
    """Wait for the mail with a number, and return it."""
    deadline = clock.monotonic() + PATIENCE
    while len(server.received) < count:
        assert clock.monotonic() < deadline, "the mail did not arrive"
        await asyncio.sleep(0.05)
    return server.received[count - 1]


async def invite(owner: Client, name: str) -> dict[str, object]:
    person = {"id": str(ids.new_id()), "name": name, "email": f"{name.lower()}@shop.example", "role": "cashier"}
    answer = await owner.post("/api/v1/identity/invitations", json=person, headers=EVIL)
    assert answer.status_code == 201, answer.text
    body: dict[str, object] = answer.json()
    return body


def free_port() -> int:
    """Return a port that is free now: the public address is set before the program has one."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def link_in(received: Received) -> str:
    return next(line for line in received.part("plain").splitlines() if line.startswith("http"))


@pytest.mark.journey
@pytest.mark.practice(84, 90, 102)
async def test_an_invitation_arrives_by_mail_even_when_the_server_was_away(
    start_program: StartProgram, mail_server: MailServer
) -> None:
    port = free_port()
    public = f"http://shop.localhost:{port}"
    program = start_program(
        "--port",
        str(port),
        TRADEPOST_MAIL_URL=mail_server.url,
        TRADEPOST_MAIL_SENDER="desk@shop.example",
        TRADEPOST_MAIL_REST="0.1",
        TRADEPOST_PUBLIC_URL=public,
    )
    async with program.owner() as owner, program.client() as cashier:
        welcome = await arrived(mail_server, 1)
        assert (welcome.recipients, welcome.message["Subject"]) == (("owner@shop.example",), "Welcome to Tradepost")

        # The person alone gets the link, of the program's own address whatever the request said.
        answer = await invite(owner, "Grace")
        received = await arrived(mail_server, 2)
        assert (answer["link_path"], received.recipients) == (None, ("grace@shop.example",))
        address, _, token = link_in(received).partition("#")
        assert address == f"{public}/join"
        assert b"evil" not in received.content
        body = {"token": token, "password": PASSWORD}
        cashier.adopt(await cashier.post("/api/v1/identity/invitations/accept", json=body))
        assert (await owner.post("/api/v1/identity/invitations/accept", json=body)).status_code == 404
        await arrived(mail_server, 3)

        # A server that is away is no trouble for whoever acts, and nothing is lost.
        await mail_server.stop()
        await invite(owner, "Ivan")
        status = await waiting(owner)
        assert (status["waiting"], status["mode"]) == (1, "smtp")
        await mail_server.start()
        assert (await arrived(mail_server, 4)).recipients == ("ivan@shop.example",)
    program.stop()
    assert [received.recipients[0] for received in mail_server.received].count("ivan@shop.example") == 1
    nothing_is_told_of(program, token, "grace@shop.example")


def nothing_is_told_of(program: ProgramProcess, *secrets: str) -> None:
    """Search what the program wrote for what only mails may say."""
    told = program.notes() + program.log_path.read_text()
    assert not [secret for secret in secrets if secret in told]


async def waiting(owner: Client) -> dict[str, object]:
    """Wait until a mail was tried in vain, and return the status."""
    deadline = clock.monotonic() + PATIENCE
    while not any(one["tries"] for one in (await listed(owner)) if one["state"] == "waiting"):
        assert clock.monotonic() < deadline, "no mail was tried"
        await asyncio.sleep(0.05)
    status: dict[str, object] = (await owner.get("/api/v1/mail/status")).json()
    return status


async def listed(owner: Client) -> list[dict[str, object]]:
    items: list[dict[str, object]] = (await owner.get("/api/v1/mail/messages")).json()["items"]
    return items
