"""The parent's part of `serve --lan`: keeps the certificate good, runs the page, and says what there is to say."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from mainstay.bootstrap.certificate import CertificateFiles
from mainstay.bootstrap.children import Child, Kept
from mainstay.bootstrap.lan.authority import FILE, fingerprint
from mainstay.bootstrap.lan.codes import terminal_code
from mainstay.bootstrap.lan.keeper import Keeper
from mainstay.bootstrap.lan.names import in_address
from mainstay.bootstrap.orders import Orders
from mainstay.errors import ConfigurationError

logger = structlog.stdlib.get_logger(__name__)

PAGE_PATIENCE = 5.0

# Starts a child with a role and the descriptors that it inherits.
StartChild = Callable[..., Awaitable[Child]]


@dataclass(frozen=True, slots=True)
class Ports:
    """The two open sockets: HTTPS for everything, plain HTTP for the page."""

    secure: socket.socket
    page: socket.socket

    @property
    def numbers(self) -> tuple[int, int]:
        """The port of each."""
        return self.secure.getsockname()[1], self.page.getsockname()[1]


class ShopNetwork:
    """Certificate and page, from the start of the program to its end."""

    def __init__(self, keeper: Keeper, ports: Ports, every: float) -> None:
        self._keeper = keeper
        self._ports = ports
        self._every = every
        self._page: Kept | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def certificate(self) -> CertificateFiles:
        """The files that the API serves with, and looks at for new ones."""
        return CertificateFiles(self._keeper.server_file, self._keeper.server_file)

    async def start(self, start_child: StartChild, title: str) -> None:
        """Run the page, and begin to look after the certificate."""
        child = await start_child("page", self._ports.page.fileno())
        page = {
            "title": title,
            "secure_port": str(self._ports.numbers[0]),
            "bound": self._ports.secure.getsockname()[0],
            "authority": str(self._keeper.folder / FILE),
        }
        orders = Orders(os.getpid(), listener=self._ports.page.fileno(), page=page)
        child.order(orders)
        child.begin()
        self._page = Kept(child)
        self._page.keep(orders)
        self._task = asyncio.create_task(self._look_after(), name="keep the certificate")

    async def stop(self) -> None:
        """End both; harmless when they were not started."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._page is not None:
            await self._page.stop(PAGE_PATIENCE)
        self._ports.page.close()

    async def _look_after(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            try:
                await asyncio.to_thread(self._keeper.keep)
            except ConfigurationError as failure:
                logger.warning("no new certificate", reason=str(failure))

    def lines(self) -> list[str]:
        """Return what the operator reads: where the program answers, and how a device is added."""
        names = self._keeper.names
        secure, page = self._ports.numbers
        if not names.all:
            return ["  This machine has no address in a private network now; it answers there once it has one."]
        lines = ["  In your network:"]
        lines += [f"    https://{in_address(host)}:{secure}" for host in names.all]
        door = f"http://{in_address(names.all[0])}:{page}/"
        lines += [f"  Add a phone, tablet or till: open {door} there, or point its camera here:"]
        lines += [f"    {line}" for line in terminal_code(door).splitlines()]
        found = fingerprint(self._keeper.authority.certificate, 16)
        lines.append("  The certificate it is asked to trust has this SHA-256 fingerprint:")
        return [*lines, *(f"    {line}" for line in found)]
