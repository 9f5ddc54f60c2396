"""Who a request is counted for: its person once the credential has been seen to be good, its address before."""

import ipaddress
from functools import lru_cache

from starlette.types import Scope

from mainstay.web.head import cookie, header
from mainstay.web.routing import Edge

# Whoever has one address of version 6 has all that share its first 64 bits (RFC 6177).
_NETWORK_BITS = 64


def address_of(scope: Scope) -> str:
    """Return the address that a request is counted for.

    It is the one that the server, or the layer that knows the trusted proxies, has put into the scope: no header that
    a caller may write changes it.
    """
    client = scope.get("client")
    return f"address:{_network(client[0])}" if client else "address:none"


@lru_cache(maxsize=4096)
def _network(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text[:64]  # a socket's path, or what a test calls itself
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))


def credential_of(scope: Scope, edge: Edge) -> str | None:
    """Return a name for everything by which a request says whose it is, or None when it says nothing.

    The name opens nothing: it may be kept where others read.
    """
    session, stated = cookie(scope, edge.cookie_name), header(scope, b"authorization")
    if session is None and stated is None:
        return None
    text = f"{session or ''}\x00{(stated or b'').decode('latin-1')}"
    return edge.keyring.sign("limits", text)
