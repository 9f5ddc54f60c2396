"""Where the time goes: processor seconds by program, and a sampled profile of the API process by part."""

import collections
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

# The innermost frame that matches names the part; the order decides where several match.
PARTS = (
    ("money", "tradepost/money/"),
    ("till", "tradepost/pos/"),
    ("catalogue", "tradepost/catalog/"),
    ("identity", "mainstay/modules/identity/"),
    ("stack: logs", "mainstay/observe/"),
    ("stack: web", "mainstay/web/"),
    ("unit of work", "mainstay/work.py"),
    ("asyncpg", "asyncpg/"),
    ("SQLAlchemy pool", "sqlalchemy/"),
    ("pydantic", "pydantic/"),
    ("FastAPI and Starlette", ("fastapi/", "starlette/")),
    ("granian and event loop", ("granian/", "asyncio/", "uvloop/")),
)


def children(process: psutil.Process, word: str) -> list[psutil.Process]:
    """Return the processes below `process` with `word` in their command line."""
    found = []
    for child in process.children(recursive=True):
        # One that has just ended is none.
        with suppress(psutil.NoSuchProcess):
            if word in " ".join(child.cmdline()):
                found.append(child)
    return found


@contextmanager
def measured_cpu(groups: dict[str, list[psutil.Process]]) -> Iterator[dict[str, float]]:
    """Yield a table that holds, after the block, the processor seconds per second of each group of processes."""
    used: dict[str, float] = {}
    before = {name: _seconds(processes) for name, processes in groups.items()}
    started = time.monotonic()
    yield used
    elapsed = time.monotonic() - started
    used.update({name: round((_seconds(processes) - before[name]) / elapsed, 3) for name, processes in groups.items()})


def _seconds(processes: list[psutil.Process]) -> float:
    total = 0.0
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return total


def profile(pid: int, seconds: int, folder: Path) -> dict[str, float]:
    """Sample a Python process and return the share of its busy time by part, largest first."""
    out = folder / "profile.raw"
    spy = Path(sys.executable).parent / "py-spy"
    command = [str(spy), "record", "--pid", str(pid), "--duration", str(seconds), "--rate", "200"]
    command += ["--format", "raw", "--output", str(out), "--full-filenames"]
    subprocess.run(command, check=True, capture_output=True)
    counts: collections.Counter[str] = collections.Counter()
    for line in out.read_text().splitlines():
        stack, _, samples = line.rpartition(" ")
        counts[_part(stack.split(";"))] += int(samples)
    total = sum(counts.values()) or 1
    return {name: round(count / total, 3) for name, count in counts.most_common()}


def _part(frames: list[str]) -> str:
    for frame in reversed(frames):
        for name, marks in PARTS:
            if any(mark in frame for mark in ((marks,) if isinstance(marks, str) else marks)):
                return name
    return "other"
