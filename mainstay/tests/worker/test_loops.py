"""Loops run beside jobs, are begun anew when they fail, and end when they are told to."""

import asyncio

import pytest

from mainstay.messages.job import Loop
from mainstay.work import WorkOpener
from mainstay.worker import loops
from mainstay.worker.loops import running


async def test_a_loop_that_fails_is_begun_anew_and_ends_when_told(
    open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loops, "SHORTEST_PAUSE", 0.01)
    begun: list[int] = []
    is_well, has_ended = asyncio.Event(), asyncio.Event()

    async def work(_open_work: WorkOpener, stopping: asyncio.Event) -> None:
        begun.append(1)
        if len(begun) < 3:
            raise OSError("not now")
        is_well.set()
        await stopping.wait()
        has_ended.set()

    async with running((Loop("test.loop", work),), open_work):
        await asyncio.wait_for(is_well.wait(), 10)
    assert (len(begun), has_ended.is_set()) == (3, True)


async def test_a_loop_that_does_not_end_is_ended(open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loops, "STOP_PATIENCE", 0.01)
    is_begun, was_cut = asyncio.Event(), asyncio.Event()

    async def work(_open_work: WorkOpener, _stopping: asyncio.Event) -> None:
        is_begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            was_cut.set()

    async with running((Loop("test.loop", work),), open_work):
        await asyncio.wait_for(is_begun.wait(), 10)
    assert was_cut.is_set()
