"""Permission: a named right that a route demands and a role holds."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, Self
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Permission:
    """A right such as `pos.sell`; `roles` hold it from the start (the owner holds every right).

    No API key can hold one that is not `is_for_keys`: those that lead to further keys, people or rights. Of all that
    a role holds, who signed in by a PIN at a shared device may do only what is `is_for_stations`.
    """

    name: str
    title: str
    roles: frozenset[str] = field(default_factory=frozenset)
    is_for_keys: bool = True
    is_for_stations: bool = False


@dataclass(frozen=True, slots=True)
class Public:
    """The mark of a route that anybody may call; `reason` says why."""

    reason: str


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The mark of a route that any signed-in person may call.

    `may_lack_factor` opens it to those whose role demands a second factor that they have not set up yet. API keys are
    refused, because such routes are about one's own account; `keys` lets them in too. So are those who signed in by a
    PIN at a shared device, which `stations` lets in.
    """

    may_lack_factor: bool = False
    keys: bool = False
    stations: bool = False


# Whose records of one kind somebody reaches: their own, those of people who share a place with them, or all.
Extent = Literal["own", "team", "all"]
EXTENTS: Final[tuple[Extent, ...]] = ("own", "team", "all")


@dataclass(frozen=True, slots=True)
class Records:
    """A kind of records such as `pos.sales`, which a role may reach as far as an `Extent` says."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far an actor's rights reach.

    `places` are those that the actor is limited to, such as the stores of a shop, None where to none. `extents` are
    what the role says of kinds of records, where that is not all of them; `mates` are the people who share a place
    with the actor, the actor among them, None where that is everybody.
    """

    places: frozenset[UUID] | None = None
    extents: Mapping[str, Extent] = field(default_factory=dict)
    mates: frozenset[UUID] | None = None

    @property
    def is_limited(self) -> bool:
        """Whether there is anything that the actor does not reach."""
        return self.places is not None or bool(self.extents)

    def extent(self, records: Records) -> Extent:
        """Return whose `records` the actor reaches."""
        return self.extents.get(records.name, "all")

    def has(self, place: UUID) -> bool:
        """Whether the actor reaches a place."""
        return self.places is None or place in self.places

    def covers(self, other: "Bounds") -> bool:
        """Whether the actor reaches all that one with `other` does: nobody gives more than they have."""
        is_wider = self.places is None or (other.places is not None and other.places <= self.places)
        return is_wider and all(
            EXTENTS.index(other.extents.get(name, "all")) <= EXTENTS.index(extent)
            for name, extent in self.extents.items()
        )


# The reach of whoever is limited by nothing but rights.
EVERYWHERE = Bounds()

# The role that holds every right; there is always one person with it.
OWNER = "owner"
# The roles that every program has from the start.
BUILT_IN = (OWNER, "manager", "cashier", "employee", "read_only")


@dataclass(frozen=True, slots=True)
class Roles:
    """Which rights a program declares, and which of them each built-in role holds from the start.

    What a role holds today is data: see `effective`.
    """

    rights: Mapping[str, frozenset[str]] = field(default_factory=dict)
    declared: tuple[Permission, ...] = ()
    records: tuple[Records, ...] = ()

    @classmethod
    def of(cls, names: Iterable[str], permissions: Iterable[Permission], records: Iterable[Records] = ()) -> Self:
        """Give the owner all `permissions`, and every other role those that name it."""
        declared = tuple(permissions)
        return cls(
            {
                name: frozenset(right.name for right in declared if name == OWNER or name in right.roles)
                for name in names
            },
            declared,
            tuple(records),
        )

    def rights_of(self, role: str) -> frozenset[str]:
        """Return the rights of `role` from the start; a role that the program does not have holds none."""
        return self.rights.get(role, frozenset())

    @property
    def all_rights(self) -> frozenset[str]:
        """The names of all rights that the program declares."""
        return frozenset(right.name for right in self.declared)

    @property
    def for_people(self) -> frozenset[str]:
        """The names of the rights that no API key can hold."""
        return frozenset(right.name for right in self.declared if not right.is_for_keys)

    @property
    def for_stations(self) -> frozenset[str]:
        """The names of the rights that count for those who signed in by a PIN at a shared device."""
        return frozenset(right.name for right in self.declared if right.is_for_stations)

    def effective(self, role: str, held: Collection[str], known: Collection[str]) -> frozenset[str]:
        """Return the rights of `role` today: those it was given (`held`), and those that are new to it.

        New is what modules declare for the role and nobody has decided yet (`known`). The owner holds everything;
        a right that the program does not declare any more counts for nobody.
        """
        if role == OWNER:
            return self.all_rights
        return (frozenset(held) & self.all_rights) | (self.rights_of(role) - frozenset(known))

    def extents(self, role: str, kept: Mapping[str, Extent]) -> dict[str, Extent]:
        """Return what of `kept` limits `role` today: nothing the owner, and kinds that the program has."""
        if role == OWNER:
            return {}
        names = {each.name for each in self.records}
        return {name: extent for name, extent in kept.items() if name in names and extent != "all"}
