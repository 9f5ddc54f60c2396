"""Who really calls: what trusted proxies say of the caller is believed, what anybody else says of themselves is not."""

import ipaddress
from dataclasses import dataclass
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.web.transport import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class _Peer:
    """Who has opened a connection: the address, as it is written, and whether it is a proxy that is believed."""

    address: Address
    text: str
    is_trusted: bool


class TrustedProxies:
    """Puts the caller's address and scheme into the scope, from the headers of a proxy that was named.

    Of `X-Forwarded-For` the last entry counts that no trusted proxy wrote: whatever stands before it was there when
    the request came, and anybody can write it. Of `X-Forwarded-Proto` the last word counts, which the nearest wrote.
    `X-Forwarded-Host` and `Forwarded` are never looked at.
    """

    def __init__(self, app: ASGIApp, proxies: tuple[Network, ...]) -> None:
        self._app = app
        self._proxies = proxies
        self._read = lru_cache(maxsize=4096)(_address)
        self._peer = lru_cache(maxsize=4096)(self._peer_at)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        client = scope.get("client")
        peer = self._peer(client[0]) if client else None
        if client and peer is not None:
            if peer.is_trusted:
                scope = self._seen_by_proxy(scope, peer.address)
            elif peer.text != client[0]:
                scope = {**scope, "client": (peer.text, client[1])}
        await self._app(scope, receive, send)

    def _seen_by_proxy(self, scope: Scope, peer: Address) -> Scope:
        caller = peer
        for stated in reversed(_words(scope, b"x-forwarded-for")):
            found = self._read(stated)
            if found is None:
                break
            caller = found
            if not self._is_trusted(found):
                break
        schemes = _words(scope, b"x-forwarded-proto")
        scheme = schemes[-1].lower() if schemes else scope["scheme"]
        return {**scope, "client": (str(caller), 0), "scheme": scheme if scheme in {"http", "https"} else "http"}

    def _peer_at(self, text: str) -> "_Peer | None":
        found = self._read(text)
        return None if found is None else _Peer(found, str(found), self._is_trusted(found))

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._proxies)


def _words(scope: Scope, name: bytes) -> list[str]:
    values = [value.decode("latin-1") for key, value in scope["headers"] if key == name]
    return [word for value in values for word in map(str.strip, value.split(",")) if word]


def _address(text: str) -> Address | None:
    """Return the address in `text`, perhaps with a port; one of version 4 in the clothes of 6 comes out of them."""
    bare = text.partition("]")[0].removeprefix("[") if text.startswith("[") else text
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ipaddress.ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
