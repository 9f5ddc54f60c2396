"""Whichever API process is asked for its numbers tells those of all, and what ended ones counted stays counted."""

from contextlib import AsyncExitStack
from pathlib import Path

from mainstay.bootstrap.figures import Figures, telling
from mainstay.observe.counters import Counters
from mainstay.observe.peers import Peers


class Process:
    """A process as the numbers know it."""

    def __init__(self, name: str, folder: Path | None) -> None:
        self.counters, self.peers = Counters(), Peers(name, folder)
        self.figures = Figures(self.peers, self.counters)
        self._stack = AsyncExitStack()

    async def start(self) -> "Process":
        await self._stack.enter_async_context(self.figures.told())
        await self._stack.enter_async_context(self.peers.listening())
        return self

    async def stop(self) -> None:
        await self._stack.aclose()

    async def tell(self) -> list[str]:
        return (await telling(self.figures)()).text().splitlines()


async def test_any_of_them_tells_the_sum_and_what_each_takes(tmp_path: Path) -> None:
    one, two = await Process("api-1", tmp_path).start(), await Process("api-2", tmp_path).start()
    worker = await Process("worker-1", tmp_path).start()
    for process, amount in ((one, 2), (two, 3), (worker, 50)):
        process.counters.add("requests_total", amount)
        process.counters.set("breaker", amount)
    try:
        for process in (one, two):
            lines = await process.tell()
            assert [line for line in lines if line.startswith("requests_total")] == ["requests_total 5"]
            assert [line for line in lines if line.startswith("breaker")] == [
                'breaker{process="api-1"} 2',
                'breaker{process="api-2"} 3',
            ]
            memory = [line for line in lines if line.startswith("process_resident_memory_bytes")]
            assert [line.split()[0][-16:] for line in memory] == ['process="api-1"}', 'process="api-2"}']
        assert "requests_total 50" in await worker.tell()
    finally:
        for process in (one, two, worker):
            await process.stop()


async def test_what_is_counted_never_falls_when_a_process_ends_or_another_takes_its_place(tmp_path: Path) -> None:
    one, two = await Process("api-1", tmp_path).start(), await Process("api-2", tmp_path).start()
    one.counters.add("requests_total", 2)
    two.counters.add("requests_total", 3)
    two.counters.add("requests_total", 10, route="/late")
    await two.stop()

    assert {"requests_total 5", 'requests_total{route="/late"} 10'} < set(await one.tell())
    two = await Process("api-2", tmp_path).start()
    two.counters.add("requests_total", 4)
    for process in (one, two):
        assert {"requests_total 9", 'requests_total{route="/late"} 10'} < set(await process.tell())
    await one.stop()
    await two.stop()


async def test_what_was_told_once_is_told_on_after_a_process_was_killed(tmp_path: Path) -> None:
    one, two = await Process("api-1", tmp_path).start(), Process("api-2", tmp_path)
    two.counters.add("requests_total", 3)
    async with two.peers.listening():
        assert "requests_total 3" in await one.tell()

    assert "requests_total 3" in await one.tell()
    await one.stop()


async def test_of_a_bucket_the_newest_exemplar_is_told_whichever_process_has_it(tmp_path: Path) -> None:
    one, two = await Process("api-1", tmp_path).start(), await Process("api-2", tmp_path).start()
    one.counters.histogram("seconds").take(0.03, ("a" * 32, 1.0))
    one.counters.histogram("seconds").take(7.0, ("b" * 32, 2.0))
    two.counters.histogram("seconds").take(0.04, ("c" * 32, 1.5))
    await two.stop()
    try:
        made = await telling(one.figures)()
    finally:
        await one.stop()

    marked = [line.partition(" # ")[2] for line in made.open_text().splitlines() if " # " in line]
    assert marked == [
        f'{{trace_id="{"c" * 32}"}} 0.04 1.500',
        f'{{trace_id="{"b" * 32}"}} 7 2.000',
    ]
    assert " # " not in made.text()


async def test_one_that_is_alone_tells_its_own() -> None:
    alone = await Process("api-1", None).start()
    alone.counters.add("requests_total", 3)

    assert "requests_total 3" in await alone.tell()
    await alone.stop()
