"""The parent of `serve`: database, preparation, API and worker, started side by side and stopped in order."""

import asyncio
import json
import os
import signal
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol, TypeVar

import structlog

from mainstay.bootstrap.banner import Ready, http_address
from mainstay.bootstrap.children import Child, Kept, Role
from mainstay.bootstrap.listener import refuse_newcomers
from mainstay.bootstrap.orders import Orders
from mainstay.settings import CoreSettings

logger = structlog.stdlib.get_logger(__name__)

# Seconds that a child has to stop by itself: a little more than it gives to what it has under way.
API_PATIENCE = 20.0
WORKER_PATIENCE = 25.0
STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)

Result = TypeVar("Result")


class Database(Protocol):
    """The database as the supervisor knows it."""

    @property
    def description(self) -> str:
        """Where the data are, for the operator."""
        ...

    @property
    def is_own(self) -> bool:
        """Whether it is embedded: then this program's worker is the only one."""
        ...

    def stop(self) -> None:
        """Stop it; blocks, harmless when it was not started."""
        ...


class Network(Protocol):
    """The shop's own network as the supervisor knows it; see `mainstay.bootstrap.lan`."""

    async def start(self, start_child: Callable[..., Awaitable[Child]], title: str) -> None:
        """Run what belongs to it."""
        ...

    async def stop(self) -> None:
        """End that; harmless when it was not started."""
        ...

    def lines(self) -> list[str]:
        """Return what the operator reads about it."""
        ...


# Starts the database and returns it, with the settings for the children; blocks, and raises ConfigurationError.
StartDatabase = Callable[[], tuple[Database, dict[str, str]]]


class StartFailed(Exception):
    """A child ended while the program was starting; it has said why on standard error when `code` is 2."""

    def __init__(self, role: str, code: int) -> None:
        super().__init__(f"The process `{role}` ended with code {code} while the program was starting; see its log.")
        self.code = code


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the API answers: on which open socket, with HTTPS or without, and for which network besides.

    It goes on for `notice_seconds` after it was told to stop.
    """

    listener: socket.socket
    network: Network | None = None
    is_secure: bool = False
    notice_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What `serve` was asked for."""

    package: str
    core: CoreSettings
    serving: Serving
    start_database: StartDatabase
    with_sample: bool = False
    api_processes: int = 1
    logs: Path | None = None


class Supervisor:
    """Runs a plan until a signal ends it."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._told = asyncio.Event()
        self._api: list[Kept] = []
        self._worker: Kept | None = None
        self._database: asyncio.Task[tuple[Database, dict[str, str]]] | None = None

    async def run(self) -> int:
        """Start everything, wait for the signal, stop everything; return the exit code.

        Raises ConfigurationError and StartFailed, after everything has been stopped.
        """
        loop = asyncio.get_running_loop()
        for number in STOP_SIGNALS:
            loop.add_signal_handler(number, self._stop_or_hurry)
        try:
            await self._unless_told(self._start())
            await self._told.wait()
        finally:
            await self._stop()
            for number in STOP_SIGNALS:
                loop.remove_signal_handler(number)
        return 0

    def _stop_or_hurry(self) -> None:
        if self._told.is_set():
            for kept in (*self._api, *([self._worker] if self._worker else [])):
                kept.kill()
        self._told.set()

    async def _unless_told(self, work: Awaitable[None]) -> None:
        """Await `work`, but not beyond the signal to stop."""
        working = asyncio.ensure_future(work)
        telling = asyncio.ensure_future(self._told.wait())
        await asyncio.wait({working, telling}, return_when=asyncio.FIRST_COMPLETED)
        for task in (working, telling):
            if not task.done():
                task.cancel()
        await asyncio.gather(working, telling, return_exceptions=True)
        if not working.cancelled():
            working.result()

    # -- start -----------------------------------------------------------------------------------------------------

    async def _start(self) -> None:
        plan = self._plan
        # First the processes that load the whole program, which takes longest; they do nothing until they are told.
        report, reporting = os.pipe()
        api = [await self._child("api", plan.serving.listener.fileno()) for _ in range(plan.api_processes)]
        self._api = [Kept(child) for child in api]
        worker = await self._child("worker", reporting)
        # Only the first worker prepares and reports.
        self._worker = Kept(worker, replace(worker.role, inherits=()))
        os.close(reporting)
        self._database = asyncio.create_task(asyncio.to_thread(plan.start_database))
        database, settings = await asyncio.shield(self._database)
        orders = Orders(os.getpid(), settings, listener=plan.serving.listener.fileno(), is_alone=database.is_own)
        named = [orders.named(plan.package, f"api-{number}") for number in range(1, len(api) + 1)]
        for child, own in zip(api, named, strict=True):
            child.order(own)
        orders = orders.named(plan.package, "worker-1")
        worker.order(replace(orders, report=reporting, with_sample=plan.with_sample))
        worker.begin()
        told = await _outlived_by(api, _read(report))
        if not told:
            raise StartFailed("worker", await worker.wait())
        self._worker.keep(orders)
        for child in api:
            child.begin()
        await _outlived_by(api, _is_answered(plan.serving))
        for kept, own in zip(self._api, named, strict=True):
            kept.keep(own)
        ready = self._ready(json.loads(told), database)
        if plan.serving.network is not None:
            await plan.serving.network.start(self._child, ready.title)
        sys.stderr.write(ready.text())
        sys.stderr.flush()

    async def _child(self, name: str, *inherits: int) -> Child:
        log = None
        if self._plan.logs is not None:
            log = os.open(self._plan.logs / f"{name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return await Child.start(Role(name, self._plan.package, inherits, log))

    def _ready(self, told: dict[str, str | list[str]], database: Database) -> Ready:
        serving = self._plan.serving
        host, port = serving.listener.getsockname()[:2]
        return Ready(
            title=str(told["title"]),
            version=str(told["version"]),
            address=http_address(host, port, self._plan.core.public_url, is_secure=serving.is_secure),
            network=tuple(serving.network.lines()) if serving.network else (),
            data=database.description,
            notices=tuple(told["notices"]),
            logs=self._plan.logs,
        )

    # -- stop ------------------------------------------------------------------------------------------------------

    async def _stop(self) -> None:
        """Stop the API when it has answered what is under way, then the worker, then the database."""
        notice = self._plan.serving.notice_seconds
        if not notice:  # the API does so itself, after its notice
            refuse_newcomers(self._plan.serving.listener)
        await asyncio.gather(*(kept.stop(notice + API_PATIENCE) for kept in self._api))
        if self._plan.serving.network is not None:
            await self._plan.serving.network.stop()
        self._plan.serving.listener.close()
        if self._worker is not None:
            await self._worker.stop(WORKER_PATIENCE)
        if self._database is not None:
            # A start that was interrupted must end before it can be undone.
            (started,) = await asyncio.gather(self._database, return_exceptions=True)
            if not isinstance(started, BaseException):
                await asyncio.to_thread(started[0].stop)
        logger.info("stopped")


async def _outlived_by(children: list[Child], work: Awaitable[Result]) -> Result:
    """Return what `work` returns; raises StartFailed as soon as one of `children` ends before that."""
    working = asyncio.ensure_future(work)
    endings = {asyncio.create_task(child.wait()): child for child in children}
    try:
        await asyncio.wait({working, *endings}, return_when=asyncio.FIRST_COMPLETED)
        for ending, child in endings.items():
            if ending.done() and not working.done():
                raise StartFailed(child.role.name, ending.result())
        return await working
    finally:
        for task in (working, *endings):
            task.cancel()
        await asyncio.gather(working, *endings, return_exceptions=True)


async def _read(descriptor: int) -> bytes:
    """Return all that is written into a pipe until its last writer closes it."""
    reader = asyncio.StreamReader()
    transport, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(descriptor, "rb")
    )
    try:
        return await reader.read()
    finally:
        transport.close()


async def _is_answered(serving: Serving) -> None:
    """Return when the API answers a request; the connection waits on the open socket until then."""
    host, port = serving.listener.getsockname()[:2]
    reader, writer = await asyncio.open_connection(host, port, ssl=_own() if serving.is_secure else None)
    try:
        writer.write(b"GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        await reader.readline()
    finally:
        writer.close()


def _own() -> ssl.SSLContext:
    """Return how to speak with this program's own socket: there is nobody to be mistaken for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
