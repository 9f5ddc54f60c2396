"""What is gathered on its way: in batches, bounded, tried again where asked for, and none lost at a stop."""

from collections.abc import Sequence
from typing import Any

import pytest

from mainstay import clock
from mainstay.net import exporting
from mainstay.net.exchange import Response, exchange
from mainstay.net.exporting import Exporter, Target
from mainstay.observe.counters import Counters
from mainstay.testing.collector import until
from mainstay.testing.receiver import Answer, Receiver

SENT, DROPPED = "mainstay_steps_sent_total", "mainstay_steps_dropped_total"
HEADERS = (("Authorization", "Bearer a=b"),)


def exporter_to(receiver: Receiver, counters: Counters, seconds: float = 0.01, queue: int = 100) -> Exporter[str]:
    """Return an exporter that sends soon, three at once."""

    def pack(steps: Sequence[str]) -> bytes:
        return " ".join(steps).encode()

    return Exporter(Target("steps", receiver.url, HEADERS, seconds, queue, 3), pack, counters)


def take(exporter: Exporter[str], count: int = 1) -> None:
    """Have some items taken."""
    for number in range(count):
        exporter.take(str(number))


async def test_items_reach_the_target_with_its_headers_and_in_batches(receiver: Receiver) -> None:
    counters = Counters()
    exporter = exporter_to(receiver, counters)
    take(exporter, 4)
    async with exporter.running():
        await receiver.wait_for(2)
        await until(lambda: counters.value(SENT) == 4)
    assert [got.body for got in receiver.got] == [b"0 1 2", b"3"]
    assert {got.headers["authorization"] for got in receiver.got} == {"Bearer a=b"}


async def test_what_has_not_been_sent_at_a_stop_is_sent_then(receiver: Receiver) -> None:
    exporter = exporter_to(receiver, Counters(), seconds=60)
    async with exporter.running():
        take(exporter, 3)
    assert [got.body for got in receiver.got] == [b"0 1 2"]


async def test_a_target_that_hangs_holds_up_no_stop_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "STOP_SECONDS", 0.2)
    async with Receiver([Answer(manner="never")]) as receiver:
        exporter = exporter_to(receiver, Counters())
        take(exporter)
        async with exporter.running():
            await receiver.wait_for(1)
            began = clock.monotonic()
        assert clock.monotonic() - began < 2


async def test_when_too_many_wait_new_ones_are_dropped_and_counted(receiver: Receiver) -> None:
    counters = Counters()
    exporter = exporter_to(receiver, counters, queue=2)
    take(exporter, 7)
    async with exporter.running():
        await until(lambda: counters.value(SENT) == 2)
    assert [got.body for got in receiver.got] == [b"0 1"]
    assert counters.value(DROPPED, reason="too_many") == 5


async def test_a_target_that_asks_for_it_gets_the_same_once_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "FIRST_PAUSE", 0.001)
    counters = Counters()
    async with Receiver([Answer(503), Answer(429), Answer(200)]) as receiver:
        exporter = exporter_to(receiver, counters)
        take(exporter)
        async with exporter.running():
            await until(lambda: counters.value(SENT) == 1)
    assert [got.body for got in receiver.got] == [b"0"] * 3
    assert counters.value(DROPPED, reason="not_taken") == 0


@pytest.mark.parametrize(
    ("answer", "tries"), [(Answer(400), 1), (Answer(503), exporting.TRIES), (Answer(manner="short"), exporting.TRIES)]
)
async def test_what_the_target_does_not_take_is_dropped_and_counted(
    answer: Answer, tries: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "FIRST_PAUSE", 0.001)
    counters = Counters()
    async with Receiver([answer]) as receiver:
        exporter = exporter_to(receiver, counters)
        take(exporter, 2)
        async with exporter.running():
            await until(lambda: counters.value(DROPPED, reason="not_taken") == 2)
    assert len(receiver.got) == tries
    assert counters.value(SENT) == 0


async def test_a_batch_that_cannot_be_packed_is_dropped_and_counted_and_the_next_is_sent(receiver: Receiver) -> None:
    """Half of a surrogate pair, as a name of a file may hold, is no JSON: it must not end the sending for good."""
    counters = Counters()
    exporter = exporter_to(receiver, counters)
    exporter.take("\ud800")
    async with exporter.running():
        await until(lambda: counters.value(DROPPED, reason="not_sendable") == 1)
        take(exporter)
        await until(lambda: counters.value(SENT) == 1)
    assert [got.body for got in receiver.got] == [b"0"]


async def test_a_failure_that_nobody_foresaw_ends_no_sending(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    counters, calls = Counters(), 0

    async def fail_once(*arguments: Any) -> Response:  # noqa: ANN401  those of exchange
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError
        return await exchange(*arguments)

    monkeypatch.setattr(exporting, "exchange", fail_once)
    exporter = exporter_to(receiver, counters)
    take(exporter)
    async with exporter.running():
        await until(lambda: counters.value(DROPPED, reason="not_sendable") == 1)
        take(exporter)
        await until(lambda: counters.value(SENT) == 1)
    assert len(receiver.got) == 1
