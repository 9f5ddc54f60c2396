"""How requests reach this program: through which proxies, by HTTPS alone or not, from which other sites, how fast."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from mainstay.settings import Settings

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# An origin as browsers send it (RFC 6454, 6.1): no path, no capital letters, no default port.
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:[0-9]{1,5})?")


class TransportSettings(Settings):
    """What is in front of this program, and how long it waits for callers."""

    section = "web"

    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="Addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed"
    )
    cors_origins: tuple[str, ...] = Field(
        default=(), description="Other sites whose pages may call the API with a token, such as https://app.example"
    )
    head_seconds: float = Field(default=15.0, ge=0.1, le=300, description="That the head of a request may take")
    body_seconds: float = Field(default=20.0, ge=0.1, le=300, description="That a body may take before its pace counts")
    notice_seconds: float = Field(
        default=0.0, ge=0, le=300, description="That a program goes on after a stop, not ready, for balancers to see it"
    )

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, stated: tuple[str, ...]) -> tuple[str, ...]:
        for each in stated:
            if network(each).prefixlen == 0:
                raise ValueError("everybody would be trusted; name the proxies alone")
        return stated

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, stated: tuple[str, ...]) -> tuple[str, ...]:
        for each in stated:
            if not _ORIGIN.fullmatch(each) or urlsplit(each).port in {80, 443}:
                raise ValueError(f"{each!r} is no origin such as https://app.example, without path and default port")
        return stated


def network(text: str) -> Network:
    """Return the network that `text` names, or the one address; raises ValueError."""
    return ipaddress.ip_network(text, strict=False)


@dataclass(frozen=True, slots=True)
class Transport:
    """The same, ready for use; `public_netloc` is where HTTPS answers, when that was said."""

    proxies: tuple[Network, ...] = ()
    cors_origins: frozenset[str] = frozenset()
    is_https_forced: bool = False
    public_netloc: str | None = None
    body_seconds: float = 20.0

    @classmethod
    def of(cls, settings: TransportSettings, *, is_https_forced: bool, public_url: str | None) -> Self:
        """Read the settings; HTTPS is forced in production."""
        public = urlsplit(public_url or "")
        return cls(
            tuple(network(each) for each in settings.trusted_proxies),
            frozenset(settings.cors_origins),
            is_https_forced,
            public.netloc if public.scheme == "https" else None,
            settings.body_seconds,
        )
