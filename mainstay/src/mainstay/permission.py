"""Permission: a named right that a route demands and a role holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True, slots=True)
class Permission:
    """A right such as `pos.sell`; `roles` hold it from the start (the owner holds every right).

    No API key can hold one that is not `is_for_keys`: those that lead to further keys, people or rights.
    """

    name: str
    title: str
    roles: frozenset[str] = field(default_factory=frozenset)
    is_for_keys: bool = True


@dataclass(frozen=True, slots=True)
class Public:
    """The mark of a route that anybody may call; `reason` says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The mark of a route that any signed-in person may call.

    API keys are refused, because such routes are about one's own account; `keys` lets them in too.
    """

    keys: bool = False


# The role that holds every right; there is always one person with it.
OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Roles:
    """Which rights each role of a program holds."""

    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)
    # The rights that no API key can hold.
    for_people: frozenset[str] = frozenset()

    @classmethod
    def of(cls, names: Iterable[str], permissions: Iterable[Permission]) -> Self:
        """Give the owner all `permissions`, and every other role those that name it."""
        declared = tuple(permissions)
        return cls(
            {
                name: frozenset(right.name for right in declared if name == OWNER or name in right.roles)
                for name in names
            },
            frozenset(right.name for right in declared if not right.is_for_keys),
        )

    def rights_of(self, role: str) -> frozenset[str]:
        """Return the rights of `role`; a role that the program does not have holds none."""
        return self.rights.get(role, frozenset())
