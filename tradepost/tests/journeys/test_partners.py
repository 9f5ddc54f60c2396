"""Mail and text recognition are killed under the running program: calls fail at once, and it mends itself."""

import asyncio
import io
import re
import socket
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from drawn_cards import as_bytes, draw_card
from vision_answers import answer_for_card
from vision_server import Reply, VisionServer

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.mail import HERE, MailServer
from mainstay.testing.process import ProgramProcess

StartProgram = Callable[..., ProgramProcess]
TOKEN = "the-token-of-prometheus"  # pragma: allowlist secret
KEY = "k-4711-of-the-owner"  # pragma: allowlist secret
PATIENCE = 90.0
REST = "5"
OPEN, CLOSED = 2, 0


def free_port() -> int:
    """Return a port that is free now: settings name it before the program has it."""
    with closing(socket.socket()) as listener:
        listener.bind((HERE, 0))
        port: int = listener.getsockname()[1]
    return port


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = clock.monotonic() + PATIENCE
    while not await holds():
        assert clock.monotonic() < deadline, "it did not come to it"
        await asyncio.sleep(0.05)


@dataclass
class Figures:
    """What the worker tells of one partner at /metrics."""

    port: int
    name: str

    async def told(self) -> list[tuple[str, str, float]]:
        """Return names, labels and values of the lines about the partner."""
        async with httpx2.AsyncClient() as prometheus:
            url = f"http://{HERE}:{self.port}/metrics"
            answer = await prometheus.get(url, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        lines = re.findall(r"^(\w+)\{([^}]*)\} (\S+)$", answer.text, re.MULTILINE)
        return [(name, labels, float(value)) for name, labels, value in lines if f'destination="{self.name}"' in labels]

    async def is_in(self, state: int) -> bool:
        """Whether its breaker is in this state."""
        return [value for name, _, value in await self.told() if name == "mainstay_breaker_state"] == [state]

    async def calls(self) -> tuple[float, float]:
        """Return how many calls were made, and how many were not, because it is left alone."""
        found = [(labels, value) for name, labels, value in await self.told() if name == "mainstay_calls_total"]
        refused = sum(value for labels, value in found if 'outcome="left_alone"' in labels)
        return sum(value for _, value in found) - refused, refused

    async def was_refused(self) -> bool:
        """Whether a call was not made."""
        return (await self.calls())[1] > 0


class Dead:
    """What is left of a mail server: connections are taken and end at once; `seen` counts them."""

    def __init__(self) -> None:
        self.seen = 0

    async def __call__(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.seen += 1
        writer.close()


@asynccontextmanager
async def dead_at(port: int) -> AsyncIterator[Dead]:
    made = Dead()
    async with await asyncio.start_server(made, HERE, port):
        yield made


async def invite(owner: Client) -> str:
    """Have a letter sent; return whom to."""
    address = f"{ids.new_id().hex}@shop.example"
    person = {"id": str(ids.new_id()), "name": "Grace", "email": address, "role": "cashier"}
    answer = await owner.post("/api/v1/identity/invitations", json=person)
    assert answer.status_code == 201, answer.text
    return address


async def kill_the_mail_server(owner: Client, server: MailServer, figures: Figures) -> None:
    await server.stop()
    async with dead_at(server.port) as dead:

        async def is_left_alone() -> bool:
            await invite(owner)
            return await figures.was_refused()

        await until(is_left_alone)
        assert await figures.is_in(OPEN)
        made, _ = await figures.calls()
        # One call at the beginning went to the living server: the owner's welcome.
        assert dead.seen == made - 1 >= 3
    await server.start()
    before = len(server.received)

    async def is_back() -> bool:
        await invite(owner)
        return len(server.received) > before and await figures.is_in(CLOSED)

    await until(is_back)


async def send_card(owner: Client, batch_id: str, name: str) -> None:
    """Send a picture of a card."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("card.jpg", as_bytes(draw_card(((name, 44, 150),), size=(600, 360))))
    params = {"id": str(ids.new_id()), "batch_id": batch_id, "filename": "fair.zip"}
    answer = await owner.post("/api/v1/crm/card-photos", params=params, content=out.getvalue())
    assert answer.status_code == 201, answer.text


async def read_card(owner: Client, name: str) -> str:
    """Have a card read, and return the name on its draft."""
    batch_id = str(ids.new_id())
    await send_card(owner, batch_id, name)

    async def is_read() -> bool:
        found: dict[str, Any] = (await owner.get(f"/api/v1/crm/card-batches/{batch_id}")).json()
        return bool(found["done"])

    await until(is_read)
    (card,) = (await owner.get("/api/v1/crm/cards", params={"batch_id": batch_id})).json()["items"]
    return str(card["name"])


async def kill_the_text_recognition(owner: Client, service: VisionServer, figures: Figures) -> None:
    """While it is ill cards are read on this machine, and it is not asked any more."""
    service.replies = [Reply(501)]
    names = iter(f"Odalys Fennimore {letter}" for letter in "BCDEFGHKLMNPRSTVWXZ")
    while not await figures.was_refused():
        name = next(names)
        assert (await read_card(owner, name)).startswith("Odalys Fennimore")
    assert await figures.is_in(OPEN)
    made, _ = await figures.calls()
    assert len(service.received) == made >= 3

    service.replies = [Reply(body=answer_for_card((("Ignatius Drummond", 44, 150),)))]

    async def is_back() -> bool:
        return await read_card(owner, next(names)) == "Ignatius Drummond"

    await until(is_back)
    assert await figures.is_in(CLOSED)


@pytest.mark.long
@pytest.mark.journey
@pytest.mark.practice(85)
async def test_mail_and_text_recognition_are_killed_left_alone_and_found_again(
    start_program: StartProgram, mail_server: MailServer
) -> None:
    port, own = free_port(), free_port()
    with VisionServer() as service:
        program = start_program(
            "--port",
            str(own),
            TRADEPOST_MAIL_URL=mail_server.url,
            TRADEPOST_MAIL_SENDER="desk@shop.example",
            TRADEPOST_MAIL_REST=REST,
            TRADEPOST_PUBLIC_URL=f"http://shop.localhost:{own}",
            TRADEPOST_GOOGLE_VISION_KEY=KEY,
            TRADEPOST_GOOGLE_VISION_URL=service.url,
            TRADEPOST_GOOGLE_VISION_REST=REST,
            TRADEPOST_METRICS_TOKEN=TOKEN,
            TRADEPOST_METRICS_WORKER_PORT=str(port),
        )
        async with program.owner() as owner:
            await until(lambda: arrived(mail_server))
            await kill_the_mail_server(owner, mail_server, Figures(port, f"smtp://{HERE}:{mail_server.port}"))
            await kill_the_text_recognition(owner, service, Figures(port, f"vision://{HERE}:{service.port}"))
    told = [line for line in program.log() if line.get("host") == f"vision://{HERE}:{service.port}"]
    assert {line["outcome"] for line in told} == {"status_501", "left_alone", "ok"}
    assert all(line["request_id"] not in {"-", "start"} for line in told)
    assert KEY not in program.notes() + program.log_path.read_text()


async def arrived(server: MailServer) -> bool:
    return len(server.received) == 1
