"""Child processes of `serve`: started, told what to do, kept alive, and stopped in time."""

import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from mainstay import clock
from mainstay.bootstrap.orders import BEGIN, Orders

logger = structlog.stdlib.get_logger(__name__)

# Seconds before a crashed child is started again; doubled at each crash until it stayed a while.
SHORTEST_PAUSE = 0.2
LONGEST_PAUSE = 10.0
STAYED = 30.0


@dataclass(frozen=True, slots=True)
class Role:
    """What a child is: its name, its program, the descriptors it inherits and where its log goes (None: here)."""

    name: str
    package: str
    inherits: Sequence[int] = ()
    log: int | None = None


class Child:
    """One process with a role."""

    def __init__(self, role: Role, process: asyncio.subprocess.Process) -> None:
        self.role = role
        self._process = process

    @classmethod
    async def start(cls, role: Role) -> "Child":
        """Start the process: it loads its program and waits for orders."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", role.package, "child", role.name,
            stdin=asyncio.subprocess.PIPE,
            stdout=role.log,
            pass_fds=role.inherits,
            # Ctrl C reaches the parent alone, which stops its children in order.
            start_new_session=True,
        )  # fmt: skip
        return cls(role, process)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def order(self, orders: Orders) -> None:
        """Tell the child what it is to do."""
        self._write(orders.line())

    def begin(self) -> None:
        """Tell the child to do it."""
        self._write(BEGIN)

    async def wait(self) -> int:
        """Return the exit code when the process has ended; negative for a signal."""
        return await self._process.wait()

    async def stop(self, patience: float) -> None:
        """Ask the process to stop, and end it by force after `patience` seconds."""
        self._signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(patience):
                await self._process.wait()
        except TimeoutError:
            logger.warning("killed", child=self.role.name, reason=f"it did not stop within {patience:g} s")
            self.kill()
            await self._process.wait()

    def kill(self) -> None:
        """End the process at once."""
        self._signal(signal.SIGKILL)

    def _write(self, line: bytes) -> None:
        if self._process.stdin is not None and not self._process.stdin.is_closing():
            self._process.stdin.write(line)

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):  # it has ended by itself
            self._process.send_signal(number)


class Kept:
    """A role that stays filled until it is stopped: a child that ends by itself is followed by another.

    Those that follow `first` have the role `later`, which is the same unless said otherwise.
    """

    def __init__(self, first: Child, later: Role | None = None) -> None:
        self._child = first
        self._role = later or first.role
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def keep(self, orders: Orders) -> None:
        """Have `orders` given to whoever follows the first child, which has begun already."""
        self._task = asyncio.create_task(self._keep(orders), name=f"keep {self._role.name}")

    async def stop(self, patience: float) -> None:
        """Stop the child, by force after `patience` seconds, and start no other."""
        self._stopping.set()
        await self._child.stop(patience)
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def kill(self) -> None:
        """End the child at once and start no other."""
        self._stopping.set()
        self._child.kill()

    async def _keep(self, orders: Orders) -> None:
        pause = SHORTEST_PAUSE / 2
        while True:
            began = clock.monotonic()
            code = await self._child.wait()
            if self._stopping.is_set():
                return
            pause = SHORTEST_PAUSE if clock.monotonic() - began > STAYED else min(pause * 2, LONGEST_PAUSE)
            logger.error("child ended unasked", child=self._role.name, code=code, next_start_s=pause)
            await asyncio.sleep(pause)
            self._child = await Child.start(self._role)
            self._child.order(orders)
            self._child.begin()
