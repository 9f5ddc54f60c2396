"""Guard: which addresses this program may call, so that nobody reaches the inside of a network through it (SSRF).

Every address of a name is looked at, and the one that was looked at is connected to: a name that changes its mind
(DNS rebinding) gains nothing. Why so: docs/decisions/0036-calls-out.md.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, Self

from mainstay.net.destination import Destination
from mainstay.net.failures import UNKNOWN_HOST, AddressRefused, CallFailed

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Lookup = Callable[[str, int], Sequence[str]]

# IANA's special-purpose registries (RFC 6890 and what came after), with multicast and the reserved rest.
_NOT_PUBLIC: Final = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16"),
        *("192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
    )
)
# Of version 6 only what is given out to the public; mapped, compatible and translated (NAT64) addresses lie outside.
_GIVEN_OUT: Final = ipaddress.IPv6Network("2000::/3")
# Teredo and other protocols, documentation twice, 6to4: what they stand for may be anywhere.
_NOT_PUBLIC_6: Final = tuple(
    ipaddress.IPv6Network(text)
    for text in ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")
)
# Names are looked up beside each other, so that those that nobody answers for hold up no others.
_LOOKUPS: Final = 16


def is_public(address: Address) -> bool:
    """Whether an address is one of the public internet and of nothing else."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC)
    return address in _GIVEN_OUT and not any(address in network for network in _NOT_PUBLIC_6)


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may be called besides the public internet: the owner's own networks and hosts; and at which ports at all."""

    networks: tuple[Network, ...] = ()
    hosts: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()

    @classmethod
    def of(cls, places: Iterable[str], ports: Iterable[int] = ()) -> Self:
        """Read networks (10.1.0.0/16), addresses and names. Raises AddressRefused for a name that is none."""
        networks: list[Network] = []
        hosts: set[str] = set()
        for place in places:
            try:
                networks.append(ipaddress.ip_network(place))
            except ValueError:
                # Host and port make a destination; here only the host counts.
                hosts.add(Destination.of(f"https://{place}").host)
        return cls(tuple(networks), frozenset(hosts), frozenset(ports))

    def has(self, address: Address) -> bool:
        """Whether the owner named the address."""
        return any(address in network for network in self.networks)


class Guard:
    """Tells at which numbers a destination may be called."""

    def __init__(self, allowed: Allowed | None = None, lookup: Lookup | None = None) -> None:
        self._allowed = allowed or Allowed()
        self._lookup = lookup or look_up
        self._pool = ThreadPoolExecutor(_LOOKUPS, thread_name_prefix="look up")
        self._pending: dict[tuple[str, int], asyncio.Future[Sequence[str]]] = {}

    def close(self) -> None:
        """Wait for nothing that is still looked up."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def addresses(self, host: str, port: int) -> tuple[str, ...]:
        """Return the numbers of `host`, each of them allowed. Raises AddressRefused, and CallFailed for no number."""
        if self._allowed.ports and port not in self._allowed.ports:
            raise AddressRefused(f"The port {port} is not among those that may be called.")
        try:
            found: Sequence[str] = (str(ipaddress.ip_address(host)),)
        except ValueError:
            found = await self._looked_up(host, port)
        for text in found:
            self._check(host, text)
        return tuple(found)

    def _check(self, host: str, text: str) -> None:
        """Raise AddressRefused unless `text` may be called; which number it was is nobody's business."""
        address = ipaddress.ip_address(text)
        if not (host in self._allowed.hosts or self._allowed.has(address) or is_public(address)):
            raise AddressRefused("The host lies in a network that may not be called from here.")

    async def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """Look a name up once for all who wait for it at this moment; who stops waiting ends it for nobody else."""
        key = host, port
        pending = self._pending.get(key)
        if pending is None:
            pending = asyncio.get_running_loop().run_in_executor(self._pool, self._lookup, host, port)
            self._pending[key] = pending
            pending.add_done_callback(lambda done: self._forget(key, done))
        try:
            found = await asyncio.shield(pending)
        except OSError as failure:
            raise CallFailed("The host's name is not known.", UNKNOWN_HOST) from failure
        if not found:
            raise CallFailed("The host has no address.", UNKNOWN_HOST)
        return found

    def _forget(self, key: tuple[str, int], done: asyncio.Future[Sequence[str]]) -> None:
        self._pending.pop(key, None)
        if not done.cancelled():
            done.exception()  # nobody may be waiting for it any more


def look_up(host: str, port: int) -> Sequence[str]:
    """Return the numbers of a name, each once, in the system's order; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))
