"""What devices in the shop's network call this machine: its private addresses and its names."""

import ipaddress
import re
import socket
from dataclasses import dataclass

import psutil

# Where private addresses are (RFC 1918, RFC 4193); an authority signs for these and for the loopback alone.
NETWORKS = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")
# Always in the certificate: the machine itself opens the program by these.
LOOPBACK = ("127.0.0.1", "::1")
LOCALHOST = "localhost"
# One label of a host name (RFC 952, RFC 1123).
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
# Interfaces of containers and virtual machines: no device of the shop reaches the machine by them.
_VIRTUAL = ("docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "podman", "cni")


@dataclass(frozen=True, slots=True)
class Names:
    """Private addresses, likeliest first, and host names; without those of the loopback."""

    numbers: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """Everything, in the order in which people are told."""
        return (*self.numbers, *self.hosts)

    def has(self, host: str) -> bool:
        """Whether `host`, as a Host header has it without its port, is one of them."""
        return host.lower().strip("[]") in self.all


def reachable(bound: str) -> Names:
    """Return what devices call this machine now where a program that listens on the address `bound` answers.

    Addresses come and go with cables, routers and days.
    """
    own = ipaddress.ip_address(bound)
    if own.is_loopback:
        return Names()
    hosts = host_names(socket.gethostname())
    numbers = private_addresses()
    if own.is_unspecified:
        # A socket of version 6 that is bound to no address takes connections of both (RFC 3493, 5.3).
        return Names(tuple(str(each) for each in numbers if each.version <= own.version), hosts)
    return Names(tuple(str(each) for each in numbers if each == own), hosts)


def private_addresses() -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """Return the addresses by which the private networks know this machine, likeliest first."""
    is_up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    found = [
        (name.startswith(_VIRTUAL), number)
        for name, addresses in psutil.net_if_addrs().items()
        if name in is_up
        for address in addresses
        if address.family in {socket.AF_INET, socket.AF_INET6} and (number := _private(address.address))
    ]
    found.sort(key=lambda each: (each[0], each[1].version, int(each[1])))
    return list(dict.fromkeys(number for _, number in found))


def host_names(machine: str) -> tuple[str, ...]:
    """Return the names by which networks know a machine that calls itself `machine`: mDNS (RFC 6762), then routers."""
    label = machine.lower().partition(".")[0]
    if not _LABEL.fullmatch(label) or label == LOCALHOST:
        return ()
    return f"{label}.local", label


def _private(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the address when it is one that other machines of the same private network can use."""
    number = ipaddress.ip_address(text.partition("%")[0])
    return number if any(number in ipaddress.ip_network(network) for network in NETWORKS) else None


def in_address(host: str) -> str:
    """Return `host` as it stands in an address: a number of version 6 in brackets."""
    return f"[{host}]" if ":" in host else host
