"""Whom an address stands for: one caller, or all who share a network."""

import ipaddress
from functools import lru_cache

# Whoever has one address of version 6 has all that share its first 64 bits (RFC 6177).
_NETWORK_BITS = 64


@lru_cache(maxsize=4096)
def network_of(text: str) -> str:
    """Return an address of version 4 as it is, and of one of version 6 its network; what is no address cut short."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text[:64]  # a socket's path, or what a test calls itself
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
