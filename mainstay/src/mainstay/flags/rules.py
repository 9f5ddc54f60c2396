"""How a flag is steered: rules in their order, of which the first that fits decides; pure and stable."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from mainstay.flags.flag import Flag, Value

_BUCKETS: Final = 2**64


@dataclass(frozen=True, slots=True)
class Subject:
    """For whom is asked: who acts, in which role, at which places; nobody by default."""

    actor_id: UUID | None = None
    role: str = ""
    places: frozenset[UUID] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Rule:
    """Gives `value` to whom it fits: everything that it names must fit, and what it does not name fits everybody.

    `percent` takes that share of actors, always the same ones, and with more percent those and others. `since` belongs
    to its time, `until` no longer does.
    """

    value: Value
    roles: frozenset[str] = field(default_factory=frozenset)
    places: frozenset[UUID] = field(default_factory=frozenset)
    actors: frozenset[UUID] = field(default_factory=frozenset)
    percent: int | None = None
    since: datetime | None = None
    until: datetime | None = None

    @property
    def is_about_somebody(self) -> bool:
        """Whether it asks who acts."""
        return bool(self.roles or self.places or self.actors) or self.percent is not None

    def fits(self, key: str, subject: Subject, moment: datetime) -> bool:
        """Whether it decides the flag `key` for `subject`."""
        return (
            (self.since is None or self.since <= moment)
            and (self.until is None or moment < self.until)
            and (not self.roles or subject.role in self.roles)
            and (not self.places or not self.places.isdisjoint(subject.places))
            and (not self.actors or subject.actor_id in self.actors)
            and (self.percent is None or is_within(key, subject.actor_id, self.percent))
        )


@dataclass(frozen=True, slots=True)
class Steering:
    """What people said of one flag: its rules, and what holds where none fits; None leaves it at its default."""

    rules: tuple[Rule, ...] = ()
    otherwise: Value | None = None
    version: int = 0


UNSTEERED: Final = Steering()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a flag is for somebody and why; `rule` is the place of the rule that fits, from 0."""

    value: Value
    reason: Literal["rule", "otherwise", "default"]
    rule: int | None = None


def decide(flag: Flag, steering: Steering, subject: Subject, moment: datetime) -> Decision:
    """Return what `flag` is for `subject` at `moment`; values that it does not know (any more) decide nothing."""
    for index, rule in enumerate(steering.rules):
        if rule.fits(flag.key, subject, moment) and flag.has(rule.value):
            return Decision(rule.value, "rule", index)
    if steering.otherwise is not None and flag.has(steering.otherwise):
        return Decision(steering.otherwise, "otherwise")
    return Decision(flag.default, "default")


def share_of(key: str, unit: UUID) -> float:
    """Return where a unit lies for `key`, from 0 to below 1: always the same, and for each key another."""
    digest = hashlib.sha256(f"{key}:{unit}".encode()).digest()
    # Truncated to 53 bits, which a float holds: it never rounds up to 1.
    return (int.from_bytes(digest[:8], "big") >> 11) / (_BUCKETS >> 11)


def is_within(key: str, unit: UUID | None, percent: int) -> bool:
    """Whether a unit is among the `percent` of all; nobody is in no part."""
    return unit is not None and share_of(key, unit) * 100 < percent
