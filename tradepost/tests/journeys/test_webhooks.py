"""Webhooks through the running program: signed both ways, through outages, and a crash that loses nothing."""

import asyncio
import json
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from signal import SIGSTOP
from typing import Any
from uuid import UUID

import httpx2
import pytest
from families import family_of
from power import cut_the_power
from shopfloor import Product, Till, add_till, business_in, created, line_in, product_factory, sale_in, store_in

from mainstay import clock, ids
from mainstay.modules.webhooks.service import signing
from mainstay.testing.client import Client
from mainstay.testing.process import ProgramProcess
from mainstay.testing.receiver import Got, Receiver

StartProgram = Callable[..., ProgramProcess]
BASE = "/api/v1/webhooks"
SALES = "/api/v1/pos/sales"
TOKEN = "the-token-of-prometheus"  # pragma: allowlist secret
PATIENCE = 60.0


def free_port() -> int:
    """Return a port that is free now: the worker is told its port before it starts."""
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
    return port


def is_genuine(got: Got, secret: str) -> bool:
    """Whether a message is signed as Standard Webhooks says, checked by the text that its receiver has."""
    key = signing.decoded(secret)
    assert key is not None
    moment = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    expected = signing.signature(key, got.headers["webhook-id"], moment, got.body)
    return signing.is_signed(got.headers["webhook-signature"], [expected])


def sold(receiver: Receiver) -> list[str]:
    """Return the sales that messages were about, in their order."""
    return [json.loads(got.body)["data"]["sale_id"] for got in receiver.got]


class Shop:
    """A till of a running program that sells one thing after the other."""

    def __init__(self, owner: Client, till: Till, product: Product) -> None:
        self._owner, self._till, self._product = owner, till, product

    async def sell(self, quantity: str = "1", total: int = 249) -> httpx2.Response:
        """Sell; the answer is the till's."""
        return await self._owner.post(SALES, json=sale_in(self._till, [line_in(self._product, quantity)], total))

    async def sold(self) -> str:
        """Sell one and return the sale's id."""
        answer = await self.sell()
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


async def open_shop(owner: Client) -> Shop:
    store = store_in()
    await created(owner, "/api/v1/shop", business_in(store))
    till = await add_till(owner, UUID(store["id"]), "T1")
    return Shop(owner, till, await product_factory(owner, till)(stock="5"))


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    deadline = clock.monotonic() + PATIENCE
    while not await holds():
        assert clock.monotonic() < deadline, "it did not come to it"
        await asyncio.sleep(0.05)


class Figures:
    """The numbers of the worker."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def says(self, line: str) -> bool:
        """Whether a line is among them now, with the name of its process or without."""
        async with httpx2.AsyncClient() as prometheus:
            url = f"http://127.0.0.1:{self._port}/metrics"
            answer = await prometheus.get(url, headers={"Authorization": f"Bearer {TOKEN}"})
        assert answer.status_code == 200
        return line in re.sub(r'process="[^"]*",', "", answer.text).splitlines()


def signed(secret: str, body: bytes, age: int = 0) -> dict[str, str]:
    key = signing.decoded(secret)
    assert key is not None
    moment = clock.now() - timedelta(seconds=age)
    return {
        "Content-Type": "application/json",
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signing.signature(key, "msg_1", moment, body),
    }


async def taken(program: ProgramProcess, secret: str) -> list[int]:
    """Send a message, the same copied, one of a stranger and a stale one; return the statuses."""
    body = b'{"type":"order.paid"}'
    genuine = signed(secret, body, age=5)
    foreign = signed(signing.shown(signing.new_secret()), body)
    async with program.client() as sender:
        answers = [
            await sender.post(f"{BASE}/in/web-shop", content=body, headers=headers)
            for headers in (genuine, genuine, foreign, signed(secret, body, age=400))
        ]
    return [answer.status_code for answer in answers]


async def tell_through_an_outage(shop: Shop, receiver: Receiver, figures: Figures) -> None:
    """A receiver that is away: selling goes on, its breaker opens, and closes by itself when it is back."""
    state = f'mainstay_breaker_state{{destination="127.0.0.1:{receiver.port}"}}'
    before = len(receiver.got)
    await receiver.stop()
    sale = await shop.sold()
    await until(lambda: figures.says(f"{state} 2"))
    await receiver.start()
    await receiver.wait_for(before + 1)
    await until(lambda: figures.says(f"{state} 0"))
    assert sold(receiver)[before:] == [sale]


async def tell_through_a_power_cut(shop: Shop, receiver: Receiver, program: ProgramProcess) -> None:
    """The power goes after the commit and before anybody has looked at the log: told once, and before what follows."""
    before = len(receiver.got)
    for child, line in family_of(program.pid).items():
        if "worker" in line:
            child.send_signal(SIGSTOP)
    sales = [await shop.sold()]
    cut_the_power(program)
    program.start()
    await receiver.wait_for(before + 1, PATIENCE)
    sales.append(await shop.sold())
    await receiver.wait_for(before + 2, PATIENCE)
    assert sold(receiver)[before:] == sales


@pytest.mark.journey
@pytest.mark.practice(85, 91, 92)
async def test_events_are_told_signed_through_outages_and_a_power_cut(start_program: StartProgram) -> None:
    port = free_port()
    program = start_program(
        TRADEPOST_NET_ALLOWED='["127.0.0.1"]',
        TRADEPOST_NET_FAILURES="2",
        TRADEPOST_NET_REST="0.5",
        TRADEPOST_WEBHOOKS_FIRST_PAUSE="0.1",
        TRADEPOST_WEBHOOKS_POLL="0.2",
        TRADEPOST_METRICS_TOKEN=TOKEN,
        TRADEPOST_METRICS_WORKER_PORT=str(port),
    )
    async with program.owner() as owner, Receiver() as receiver:
        shop = await open_shop(owner)
        wanted = {"url": receiver.url, "description": "Books", "events": ["pos.sale_completed"]}
        made = await created(owner, f"{BASE}/subscriptions", {"id": str(ids.new_id()), **wanted})

        # What is sold is told, signed; what is refused is not.
        assert (await shop.sell("9", 2241)).status_code == 409
        first = await shop.sold()
        await receiver.wait_for(1)
        assert is_genuine(receiver.got[0], str(made["secret"]))
        await tell_through_an_outage(shop, receiver, Figures(port))
        await tell_through_a_power_cut(shop, receiver, program)
        assert sold(receiver)[0] == first
        assert len({got.headers["webhook-id"] for got in receiver.got}) == len(receiver.got) == 4

        # The other way round: a source's message is taken once, copies, strangers and stale ones are refused.
        source: dict[str, Any] = {"id": str(ids.new_id()), "name": "web-shop", "description": "Orders"}
        source = await created(owner, f"{BASE}/sources", source)
        assert await taken(program, source["secret"]) == [202, 409, 401, 401]
    told = program.notes() + program.log_path.read_text()
    assert str(made["secret"]).removeprefix("whsec_") not in told
