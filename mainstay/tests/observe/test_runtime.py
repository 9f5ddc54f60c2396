"""What the process takes of its machine is told as it is."""

import asyncio
import os
import time
from pathlib import Path

import psutil
import pytest

from mainstay import clock
from mainstay.observe import runtime as subject
from mainstay.observe.counters import Counters
from mainstay.observe.runtime import lag_watched, runtime


def test_cpu_and_memory_are_those_that_the_system_says() -> None:
    process = psutil.Process()
    before, said = sum(process.cpu_times()[:2]), runtime()

    assert before - 0.05 <= said["process_cpu_seconds_total"] <= sum(process.cpu_times()[:2]) + 0.05
    assert abs(said["process_resident_memory_bytes"] - process.memory_info().rss) < 16 * 2**20
    assert said["process_threads"] >= 1
    assert said['python_gc_collections_total{generation="0"}'] >= 1


def test_an_open_file_is_counted(tmp_path: Path) -> None:
    before = runtime()["process_open_fds"]
    descriptor = os.open(tmp_path, os.O_RDONLY)
    after = runtime()["process_open_fds"]
    os.close(descriptor)

    assert after == before + 1


async def test_a_loop_that_is_held_up_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    counters = Counters()
    monkeypatch.setattr(subject, "ROUND", 0.05)

    async with lag_watched(counters):
        await asyncio.sleep(0)
        time.sleep(0.4)  # noqa: ASYNC251  what must not happen, and is measured
        deadline = clock.monotonic() + 10
        while "loop_lag" not in counters.text():
            assert clock.monotonic() < deadline, "it was not measured"
            await asyncio.sleep(0.01)

    text = counters.text()
    assert 'mainstay_loop_lag_seconds_bucket{le="0.25"} 0' in text
    assert 'mainstay_loop_lag_seconds_bucket{le="0.5"} 1' in text
