"""Versions of operations: which one a route is of, which are going away, and what callers of those are told.

A route says so under its own decorator: `@version(2)`, `@outdated(since="2026-11-30", successor="/api/v2/notes")`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import Any, TypeVar
from urllib.parse import quote

_VERSION = "mainstay_version"
_OUTDATED = "mainstay_outdated"

Endpoint = TypeVar("Endpoint", bound=Callable[..., object])


@dataclass(frozen=True, slots=True)
class Outdated:
    """An operation that is going away: it is outdated `since` a moment and answers `until` another at least.

    `successor` is the path of what does the same, with this one's path parameters in braces.
    """

    since: datetime
    until: datetime | None
    successor: str | None

    def headers(self, path_params: dict[str, Any]) -> list[tuple[bytes, bytes]]:
        """Return what each caller is told: Deprecation (RFC 9745), Sunset (RFC 8594), the successor (RFC 5829)."""
        told = [(b"deprecation", f"@{int(self.since.timestamp())}".encode())]
        if self.until is not None:
            told.append((b"sunset", format_datetime(self.until, usegmt=True).encode()))
        if self.successor is not None:
            values = {name: quote(str(value), safe="") for name, value in path_params.items()}
            target = self.successor.format_map(values)
            told.append((b"link", f'<{target}>; rel="successor-version"'.encode()))
        return told


def version(number: int) -> Callable[[Endpoint], Endpoint]:
    """Mark a route as one of another version than the first: it is served under `/api/v{number}`."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__[_VERSION] = number
        return endpoint

    return mark


def outdated(*, since: str, until: str | None = None, successor: str | None = None) -> Callable[[Endpoint], Endpoint]:
    """Mark a route that is going away; `since` and `until` are days such as 2026-11-30 (UTC).

    It answers as before; its callers are told, counted, and listed. Raises ValueError when it ends before it begins.
    """
    begins, ends = _moment(since), None if until is None else _moment(until)
    if ends is not None and ends <= begins:
        raise ValueError(f"A route that is outdated since {since} cannot end on {until}.")

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__dict__[_OUTDATED] = Outdated(begins, ends, successor)
        return endpoint

    return mark


def prefix_of(endpoint: Callable[..., object], prefix: str) -> str:
    """Return the prefix of a route's version: `/api/v2` for `/api/v1` and one that is marked with 2."""
    number: int | None = endpoint.__dict__.get(_VERSION)
    return prefix if number is None or not prefix else f"{prefix.rpartition('/')[0]}/v{number}"


def outdated_of(endpoint: Callable[..., object]) -> Outdated | None:
    """Return how a route is going away; None for one that stays."""
    found: Outdated | None = endpoint.__dict__.get(_OUTDATED)
    return found


def _moment(day: str) -> datetime:
    return datetime.combine(datetime.fromisoformat(day).date(), time(), UTC)
