"""Permission: a named right that a route demands and a role holds."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Permission:
    """A right such as `pos.sell`; `roles` hold it from the start (the owner holds every right)."""

    name: str
    title: str
    roles: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Public:
    """The mark of a route that anybody may call; `reason` says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The mark of a route that any signed-in person may call."""
