"""Where the time goes: processor time by group of processes, by thread, and a sampled profile by part."""

import collections
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
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
POOL = "concurrent/futures/thread.py"
SECONDS_OF_A_PROFILE = 5
SECONDS_TO_END = 2.0
# As `nice` has it.
FIRST = -10


def children(process: psutil.Process, word: str) -> list[psutil.Process]:
    """Return the processes below `process` with `word` in their command line."""
    found = []
    for child in process.children(recursive=True):
        # One that has just ended is none.
        with suppress(psutil.NoSuchProcess):
            if word in " ".join(child.cmdline()):
                found.append(child)
    return found


@dataclass(slots=True)
class Usage:
    """Processor seconds that were used during a load: by group of processes, by the load maker, by anybody else."""

    elapsed: float = 0.0
    groups: dict[str, float] = field(default_factory=dict)
    elsewhere: float = 0.0

    def add(self, other: "Usage") -> None:
        """Add the usage of another round."""
        self.elapsed += other.elapsed
        self.elsewhere += other.elsewhere
        for name, seconds in other.groups.items():
            self.groups[name] = self.groups.get(name, 0.0) + seconds

    def microseconds(self, requests: int) -> dict[str, int]:
        """Return what one of `requests` took of each group."""
        return {name: round(seconds / requests * 1_000_000) for name, seconds in self.groups.items()}


@contextmanager
def measured(groups: Mapping[str, Sequence[psutil.Process]]) -> Iterator[Usage]:
    """Yield a usage that is filled in after the block; the load maker is a child that has ended by then."""
    usage = Usage()
    before, everybody, makers, started = _by_group(groups), _everybody(), _ended(), time.monotonic()
    yield usage
    usage.elapsed = time.monotonic() - started
    _wait_for_ends(groups)
    usage.groups = {name: seconds - before[name] for name, seconds in _by_group(groups).items()}
    usage.groups["load maker"] = _ended() - makers
    usage.elsewhere = max(0.0, _everybody() - everybody - sum(usage.groups.values()))


def _wait_for_ends(groups: Mapping[str, Sequence[psutil.Process]]) -> None:
    """Wait until processes that came for the load have ended: only then their parents have their times."""
    processes = [process for group in groups.values() for process in group]
    known = {process.pid for process in processes}
    deadline = time.monotonic() + SECONDS_TO_END
    while time.monotonic() < deadline:
        with suppress(psutil.NoSuchProcess):  # one of them has just ended: look again
            if all(child.pid in known for process in processes for child in process.children()):
                return
        time.sleep(0.05)


def _by_group(groups: Mapping[str, Sequence[psutil.Process]]) -> dict[str, float]:
    return {name: sum(map(_seconds, processes)) for name, processes in groups.items()}


def _seconds(process: psutil.Process) -> float:
    with suppress(psutil.NoSuchProcess):  # a worker of the database may end at any time
        times = process.cpu_times()
        # A connection's process may come and go during a load; then its parent has its time.
        return float(times.user + times.system + times.children_user + times.children_system)
    return 0.0


def _everybody() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system)


def _ended() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def profile(process: psutil.Process, folder: Path) -> dict[str, float]:
    """Sample a Python process under load and return the share of its processor time by part, largest first.

    How much each thread used is known exactly, from the kernel; samples say what the thread of the event loop did with
    its share. (A sampler alone takes threads that wait inside of native code for busy ones.) Raises ProfileError.
    """
    pools = _pool_threads(process.pid)
    before = _by_thread(process)
    samples = _sampled(process.pid, folder)
    used = {thread: seconds - before.get(thread, 0.0) for thread, seconds in _by_thread(process).items()}
    total, main = sum(used.values()) or 1.0, used.pop(process.pid, 0.0)
    pooled = sum(seconds for thread, seconds in used.items() if thread in pools)
    rest = sum(used.values()) - pooled
    taken = sum(samples.values()) or 1
    shares = {name: main / total * count / taken for name, count in samples.items()}
    shares["threads of granian (Rust): sockets and HTTP"] = rest / total
    shares["threads for what blocks"] = pooled / total
    return {name: round(share, 3) for name, share in sorted(shares.items(), key=lambda pair: -pair[1])}


def prefer(processes: Iterable[psutil.Process]) -> None:
    """Have processes go before those of other sessions (sched(7), autogroups), where the system has that and we may."""
    for process in processes:
        # Not Linux, not root, or just ended: then it shares the processors with others, which the result tells.
        with suppress(OSError):
            Path(f"/proc/{process.pid}/autogroup").write_text(str(FIRST))


class ProfileError(RuntimeError):
    """The sampler did not run."""


def _by_thread(process: psutil.Process) -> dict[int, float]:
    return {thread.id: thread.user_time + thread.system_time for thread in process.threads()}


def _spy(*arguments: str) -> str:
    spy = Path(sys.executable).parent / "py-spy"
    done = subprocess.run([str(spy), *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ProfileError(f"py-spy could not look into the process: {done.stderr.strip()}")
    return done.stdout


def _pool_threads(pid: int) -> set[int]:
    """Return the threads that wait for blocking work."""
    threads = json.loads(_spy("dump", "--pid", str(pid), "--json", "--full-filenames"))
    return {
        thread["os_thread_id"]
        for thread in threads
        if any(POOL in (frame.get("filename") or "") for frame in thread["frames"])
    }


def _sampled(pid: int, folder: Path) -> collections.Counter[str]:
    """Return samples of the main thread by part, while it has a processor."""
    out = folder / "profile.raw"
    command = ("record", "--pid", str(pid), "--duration", str(SECONDS_OF_A_PROFILE), "--rate", "200", "--threads")
    _spy(*command, "--format", "raw", "--output", str(out), "--full-filenames")
    counts: collections.Counter[str] = collections.Counter()
    for line in out.read_text().splitlines():
        stack, _, samples = line.rpartition(" ")
        thread, *frames = stack.split(";")
        if f"({pid})" in thread:
            counts[_part(frames)] += int(samples)
    return counts


def _part(frames: Sequence[str]) -> str:
    for frame in reversed(frames):
        for name, marks in PARTS:
            if any(mark in frame for mark in ((marks,) if isinstance(marks, str) else marks)):
                return name
    return "other"
