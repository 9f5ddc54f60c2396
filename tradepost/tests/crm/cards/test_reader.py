"""Reading in worker processes: answers, refusals, limits, and a start that loads nothing of it."""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress

import psutil
import pytest
from drawn_cards import TILTED, as_bytes, draw_card, photograph
from pydantic import SecretStr
from unmeasured import CHILDREN
from vision_answers import answer_for_card
from vision_server import Reply, VisionServer

from mainstay import clock
from mainstay.net.breakers import Breakers
from mainstay.net.client import Client
from mainstay.net.guard import Guard
from mainstay.net.partners import Partners
from mainstay.observe.counters import Counters
from tradepost.crm.cards.access import VisionAccess
from tradepost.crm.cards.asking import Vision
from tradepost.crm.cards.limits import MEBI, Bounds, Limits
from tradepost.crm.cards.reader import CardReader, prepare_worker, read_cards
from tradepost.crm.cards.refusal import PictureTooLarge, ReadingStopped, WrongKindOfFile

NAME = (("Odalys Fennimore", 44, 150),)


@pytest.fixture(scope="module", autouse=True)
def unmeasured_workers() -> Iterator[None]:
    """Workers are not told to measure their coverage: under it a card takes them ten times as long."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(CHILDREN, raising=False)
        yield


@pytest.fixture(scope="module")
async def reader() -> AsyncIterator[CardReader]:
    """A reader with one worker, which loads its engines once for all tests."""
    async with CardReader(limits=Limits(bytes=MEBI)) as started:
        yield started


async def test_a_photo_is_read_in_another_process(reader: CardReader) -> None:
    (reading,) = await reader.read_cards(as_bytes(photograph([(draw_card(), TILTED)])))
    assert reading.to_record().name == "Odalys Fennimore"


async def test_the_engines_are_told_for_the_key_of_a_cache(reader: CardReader) -> None:
    assert (await reader.engines()).startswith("rapidocr/3.")


async def test_a_refusal_comes_back_as_it_is(reader: CardReader) -> None:
    with pytest.raises(WrongKindOfFile, match="This is a web page"):
        await reader.read_cards(b"<html></html>")
    with pytest.raises(PictureTooLarge) as refused:
        await reader.read_cards(bytes(2 * MEBI))
    assert (refused.value.status, refused.value.code) == (422, "crm.picture_too_large")


async def test_a_picture_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(ReadingStopped, match="took too long") as stopped:
        await read_cards([as_bytes(draw_card())], Bounds(seconds=0.01))
    assert (stopped.value.status, stopped.value.code) == (503, "crm.reading_stopped")


def test_a_worker_may_not_take_more_memory_than_it_is_given() -> None:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), prepare_worker, (512 * MEBI,)) as pool:
        with pytest.raises(MemoryError):
            pool.submit(bytes, 1024 * MEBI).result()
        assert pool.submit(bytes, 3).result() == bytes(3)


def workers_of(reader: CardReader) -> list[int]:
    """Return the process ids of a reader's workers."""
    return [pid for pool in reader._pools.values() for pid in pool._processes]


async def test_a_worker_that_dies_is_told_and_another_takes_its_place(reader: CardReader) -> None:
    content = as_bytes(draw_card())
    await reader.show(content)
    dying, waiting = asyncio.ensure_future(reader.show(content)), asyncio.ensure_future(reader.show(content))
    await asyncio.sleep(0)
    for pid in workers_of(reader):
        os.kill(pid, signal.SIGKILL)
    with pytest.raises(ReadingStopped, match="ended early"):
        await dying
    assert (await waiting).width == 1000


async def test_a_photo_that_nobody_waits_for_any_more_holds_up_no_other(reader: CardReader) -> None:
    content = as_bytes(draw_card())
    await reader.show(content)
    (before,) = workers_of(reader)
    given_up = asyncio.ensure_future(reader.show(content))
    await asyncio.sleep(0)
    given_up.cancel()
    with pytest.raises(asyncio.CancelledError):
        await given_up
    assert (await reader.show(content)).width == 1000
    assert before not in workers_of(reader)


async def test_what_is_shown_of_a_photo_is_made_there_too(reader: CardReader) -> None:
    shown = await reader.show(as_bytes(draw_card()))
    assert (shown.width, shown.height) == (1000, 580)
    assert shown.jpeg.startswith(b"\xff\xd8")


def test_workers_end_with_the_process_that_started_them() -> None:
    code = (
        "import asyncio, os, signal\n"
        "from tradepost.crm.cards.reader import CardReader\n"
        "async def main():\n"
        "    async with CardReader() as reader:\n"
        "        try:\n"
        "            await reader.show(b'')\n"
        "        except Exception:\n"
        "            print(*[pid for pool in reader._pools.values() for pid in pool._processes], flush=True)\n"
        "        os.kill(os.getpid(), signal.SIGKILL)\n"
        "if __name__ == '__main__':\n"
        "    asyncio.run(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    (worker,) = map(int, done.stdout.split())
    assert done.returncode == -signal.SIGKILL
    with suppress(psutil.NoSuchProcess):  # it is gone already
        psutil.Process(worker).wait(timeout=20)
    assert not psutil.pid_exists(worker)


async def test_a_reader_that_is_not_running_says_so() -> None:
    reader = CardReader()
    with pytest.raises(ReadingStopped, match="not running"):
        await reader.read_cards(b"")
    with pytest.raises(ReadingStopped, match="not running"):
        await reader.engines()


def test_the_program_starts_without_the_engines() -> None:
    heavy = "{'cv2', 'numpy', 'onnxruntime', 'rapidocr', 'PIL', 'zxingcpp'}"
    code = f"import sys, tradepost.main; tradepost.main.make_program(); print(sorted({heavy} & set(sys.modules)))"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.strip() == "[]"


@pytest.mark.practice(85)
async def test_a_service_that_is_down_is_left_alone_and_comes_back_by_itself() -> None:
    """Cards are read all the while; the service's failures, and that it was not asked, are told with each reading."""
    photo = as_bytes(draw_card(NAME, size=(600, 360)))
    with VisionServer() as service:
        pass
    access = VisionAccess(service.url, SecretStr("k-4711"), 8.0, rest=8.0)
    async with CardReader(vision=outside(access)) as started:
        down = [await asked(started, photo) for _ in range(4)]
        with VisionServer([Reply(body=answer_for_card(NAME))], port=service.port):
            up = [await asked(started, photo)]
            ends = clock.monotonic() + 60
            while up[-1] and clock.monotonic() < ends:
                # Each look reads the card; the service is left alone for eight seconds.
                await asyncio.sleep(1)
                up.append(await asked(started, photo))
    assert down == ["unreachable"] * 3 + ["breaker_open"]
    assert up[-1] == ""
    assert set(up[:-1]) <= {"breaker_open"}


def outside(access: VisionAccess, counters: Counters | None = None) -> Vision:
    """Return the service as a partner of this process."""
    counted = counters or Counters()
    return Vision(access, Client(Guard(), counted), Partners(Breakers(counted), counted))


async def asked(reader: CardReader, photo: bytes) -> str:
    """Have a card read, whoever reads it, and return how the service outside failed, or nothing."""
    (reading,) = await reader.read_cards(photo)
    assert [one.spot.text for one in reading.lines] == ["Odalys Fennimore"]
    return reading.calls[0].failure


@pytest.mark.practice(87)
async def test_a_service_that_stalls_does_not_hold_the_program_up() -> None:
    photo = as_bytes(draw_card(NAME, size=(600, 360)))
    with VisionServer([Reply(manner="never")]) as service:
        access = VisionAccess(service.url, SecretStr("k-4711"), 2.0, rest=5.0)
        async with CardReader(vision=outside(access)) as started:
            await started.engines()
            reading = asyncio.ensure_future(asked(started, photo))
            longest = 0.0
            while not reading.done():
                began = clock.monotonic()
                await asyncio.sleep(0.005)
                longest = max(longest, clock.monotonic() - began)
    assert await reading == "timeout"
    assert longest < 1.0
