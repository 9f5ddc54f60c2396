"""Permission: a named right that a route demands and a role holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self


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
    """The mark of a route that any signed-in person may call.

    `may_lack_factor` opens it to those whose role demands a second factor that they have not set up yet.
    """

    may_lack_factor: bool = False


# The role that holds every right; there is always one person with it.
OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Roles:
    """Which rights each role of a program holds."""

    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, names: Iterable[str], permissions: Iterable[Permission]) -> Self:
        """Give the owner all `permissions`, and every other role those that name it."""
        declared = tuple(permissions)
        return cls(
            {
                name: frozenset(right.name for right in declared if name == OWNER or name in right.roles)
                for name in names
            }
        )

    def rights_of(self, role: str) -> frozenset[str]:
        """Return the rights of `role`; a role that the program does not have holds none."""
        return self.rights.get(role, frozenset())
