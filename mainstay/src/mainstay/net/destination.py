"""Destination: what of an address is called, read strictly, so that no two readers can understand it differently."""

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlsplit

from mainstay.net.failures import BAD_URL, AddressRefused

LONGEST: Final = 2000
PORTS: Final = {"http": 80, "https": 443}
# Nothing but printable ASCII: names of other scripts are given in their ASCII form (xn--).
_PLAIN: Final = re.compile(r"[!-~]+")
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")


@dataclass(frozen=True, slots=True)
class Destination:
    """Scheme, host in lower case, port and what is asked for there; the last may hold secrets and is not shown."""

    scheme: str
    host: str
    port: int
    target: str = field(repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Read an address; raises AddressRefused for whatever is not plain http or https."""
        if len(url) > LONGEST or not _PLAIN.fullmatch(url) or "\\" in url:
            raise AddressRefused("An address has only letters, digits and marks of ASCII.", BAD_URL)
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as failure:
            raise AddressRefused("This is no address.", BAD_URL) from failure
        if parts.scheme not in PORTS:
            raise AddressRefused("An address begins with https:// or http://.", BAD_URL)
        if "@" in parts.netloc:
            raise AddressRefused("An address holds no user name and no password.", BAD_URL)
        host = checked_host(parts.netloc)
        if port == 0:
            raise AddressRefused("There is no port 0.", BAD_URL)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, host, port or PORTS[parts.scheme], target)

    @property
    def name(self) -> str:
        """Host and port: whom breakers, logs and figures are about."""
        return f"{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"


def checked_host(place: str) -> str:
    """Return the host of `host:port`; raises AddressRefused for spellings that some reader takes for another host.

    Numbers count only as four plain decimal parts or in brackets: elsewhere 2130706433, 0x7f.1 and 127.1 are the
    loopback too (inet_aton).
    """
    host = place.lower()
    if host.startswith("["):
        inner, closed, _ = host[1:].partition("]")
        if not closed or "%" in inner or not _is_number(inner, ipaddress.IPv6Address):
            raise AddressRefused("The number in brackets is no address of version 6.", BAD_URL)
        return str(ipaddress.IPv6Address(inner))
    host = host.partition(":")[0]
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise AddressRefused("The host's name is not spelled as such names are.", BAD_URL)
    if _NUMBER.fullmatch(labels[-1]) and not _is_number(host, ipaddress.IPv4Address):
        raise AddressRefused("The host's number must have four decimal parts.", BAD_URL)
    return host


def _is_number(text: str, kind: type[ipaddress.IPv4Address | ipaddress.IPv6Address]) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True
