"""Which addresses are ours: what a Host header may say, and from which origins writes may come."""

import ipaddress
import re
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from mainstay.errors import ConfigurationError
from mainstay.web.errors import UntrustedHost

# A name or a number, a number of version 6 in brackets, and perhaps a port (RFC 9110, 7.2).
_HOST = re.compile(rb"(\[[0-9a-f:.]{2,45}\]|[a-z0-9._-]{1,253})(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True)
class Site:
    """A name of this program, and the origins from which a browser shows its pages safely."""

    name: str
    origins: tuple[str, ...]


class Addresses:
    """The names and origins of this program.

    `stated` are addresses such as `https://shop.example`, or bare host names. Always ours are `localhost`, this
    machine's own name (also with `.local`), and IP addresses: a foreign page can make a browser send its own name here
    (DNS rebinding), but never a number.
    """

    def __init__(self, stated: Iterable[str] = ()) -> None:
        machine = socket.gethostname().lower()
        label = machine.partition(".")[0]
        self._hosts = {"localhost", machine, f"{machine}.local", label, f"{label}.local"}
        self._origins: set[str] = set()
        for address in stated:
            self._add(address)
        self.has_host = lru_cache(maxsize=256)(self._has_host)

    def _add(self, address: str) -> None:
        parts = urlsplit(address if "//" in address else f"//{address}")
        if not parts.hostname or parts.path not in {"", "/"} or parts.scheme not in {"", "http", "https"}:
            raise ConfigurationError(f"The address {address!r} must look like https://shop.example.")
        self._hosts.add(parts.hostname)
        schemes = (parts.scheme,) if parts.scheme else ("http", "https")
        self._origins.update(f"{scheme}://{parts.netloc.lower()}" for scheme in schemes)

    def _has_host(self, host: bytes) -> bool:
        found = _HOST.fullmatch(host.lower())
        if found is None:
            return False
        name = found[1].decode().strip("[]")
        return name in self._hosts or name.endswith(".localhost") or _is_number(name)

    def has_origin(self, origin: str, host: str, *, is_secure: bool = False) -> bool:
        """Whether a page of `origin` may write to a request's `host`: it is the same site, or one that was stated.

        A page that came in the clear is another site than one over HTTPS: anybody on the way may have written it.
        """
        scheme, _, netloc = origin.lower().partition("://")
        schemes = {"https"} if is_secure else {"http", "https"}
        return origin.lower() in self._origins or (scheme in schemes and netloc == host.lower())

    def site_of(self, host: str) -> Site | None:
        """Return the site that a request's `host` names; None for a number, to which no browser ties a credential.

        Its origins are the host's own by https, by plain http on this machine alone (what browsers call a secure
        context), and those of the same name that were stated.
        """
        netloc = host.lower()
        found = _HOST.fullmatch(netloc.encode("utf-8"))
        name = found[1].decode().strip("[]") if found is not None else ""
        if _is_number(name) or not self.has_host(netloc.encode("utf-8")):
            return None
        is_here = name == "localhost" or name.endswith(".localhost")
        own = [f"https://{netloc}", *([f"http://{netloc}"] if is_here else [])]
        stated = sorted(origin for origin in self._origins if urlsplit(origin).hostname == name)
        safe = [origin for origin in stated if origin.startswith("https:") or is_here]
        return Site(name, tuple(dict.fromkeys([*own, *safe])))


def _is_number(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class HostCheck:
    """Refuses requests for other sites, so that no foreign name ever stands for this program."""

    def __init__(self, app: ASGIApp, addresses: Addresses) -> None:
        self._app = app
        self._addresses = addresses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; raises UntrustedHost."""
        if not self._are_ours([value for name, value in scope["headers"] if name == b"host"]):
            raise UntrustedHost(
                "This program does not have this address; use one that it has, or add this one to its settings."
            )
        await self._app(scope, receive, send)

    def _are_ours(self, hosts: list[bytes]) -> bool:
        """Whether there is one host, and it is ours.

        Of two, this program and a proxy in front of it might believe different ones (RFC 9112, 3.2).
        """
        return len(hosts) == 1 and self._addresses.has_host(hosts[0])
