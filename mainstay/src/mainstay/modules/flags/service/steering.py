"""How flags are steered: read for all processes, changed by people, and tried for somebody."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from mainstay import clock
from mainstay.errors import JsonValue
from mainstay.flags.experiment import Trial
from mainstay.flags.flag import Flag, Value
from mainstay.flags.rules import UNSTEERED, Decision, Rule, Steering, Subject, decide
from mainstay.messages.audit import Entry
from mainstay.modules.flags import repository
from mainstay.modules.flags.errors import FlagUnknown, RuleRefused
from mainstay.versioned import Attempt, conflict
from mainstay.work import Row, UnitOfWork

OBJECT = "flags.flag"


@dataclass(frozen=True, slots=True)
class Shown:
    """A flag, how it is steered, and when that was changed last."""

    flag: Flag
    steering: Steering
    changed_at: datetime | None = None


async def read(uow: UnitOfWork) -> tuple[Mapping[str, Steering], Mapping[str, Trial]]:
    """Return how all flags are steered and how far experiments are, as the database has it."""
    steering = {row["key"]: steering_of(row) for row in await repository.steered(uow)}
    trials = {row["key"]: Trial(row["started_at"], row["ended_at"], row["kept"]) for row in await repository.begun(uow)}
    return steering, trials


async def all_of(uow: UnitOfWork) -> list[Shown]:
    """Return all flags of the program, by key."""
    rows = {row["key"]: row for row in await repository.steered(uow)}
    return [_shown(flag, rows.get(key)) for key, flag in sorted(uow.setup.flags.declared.items())]


async def change(uow: UnitOfWork, key: str, wanted: Steering, reason: str | None) -> Shown:
    """Steer a flag that was read at `wanted.version`; every process knows within a second of the commit.

    Raises FlagUnknown, RuleRefused and VersionConflict.
    """
    flag = _known(uow, key)
    _check(flag, wanted)
    before = await repository.hold(uow, key)
    row = await repository.put(uow, key, _text(wanted.rules), wanted.otherwise, wanted.version)
    if row is None:
        raise await conflict(uow, repository.VERSIONED, Attempt(key, wanted.version, _facts(told(wanted))))
    await repository.tell(uow)
    old = told(steering_of(before)) if before is not None else told(UNSTEERED)
    uow.record(Entry("flags.flag_changed", OBJECT, key, old=_facts(old), new=_facts(told(wanted)), reason=reason))
    return Shown(flag, Steering(wanted.rules, wanted.otherwise, row["version"]), row["changed_at"])


async def preview(uow: UnitOfWork, subject: Subject) -> dict[str, Decision]:
    """Return what each flag is for somebody now and why, as the database has it."""
    return {shown.flag.key: decide(shown.flag, shown.steering, subject, clock.now()) for shown in await all_of(uow)}


def steering_of(row: Row) -> Steering:
    """Return how a row says that its flag is steered."""
    return Steering(tuple(_rule(each) for each in row["rules"]), row["otherwise"], row["version"])


def told(steering: Steering) -> dict[str, JsonValue]:
    """Return a steering as it is told in the audit trail and to whoever lost to somebody else."""
    return {
        "rules": [_kept(rule) for rule in steering.rules],
        "otherwise": steering.otherwise,
        "version": steering.version,
    }


def _facts(told_: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in told_.items() if name != "version"}


def _known(uow: UnitOfWork, key: str) -> Flag:
    flag = uow.setup.flags.declared.get(key)
    if flag is None:
        raise FlagUnknown("This program has no such flag.")
    return flag


def _check(flag: Flag, wanted: Steering) -> None:
    values: Sequence[Value | None] = (*(rule.value for rule in wanted.rules), wanted.otherwise)
    if not all(value is None or flag.has(value) for value in values):
        raise RuleRefused(f"This flag can be: {', '.join(str(each).lower() for each in flag.values)}.")
    if flag.is_for_all and any(rule.is_about_somebody for rule in wanted.rules):
        raise RuleRefused("This flag is the same for all: its rules can name times only.")
    if any(rule.since and rule.until and rule.since >= rule.until for rule in wanted.rules):
        raise RuleRefused("A rule must begin before it ends.")


def _shown(flag: Flag, row: Row | None) -> Shown:
    return Shown(flag, UNSTEERED) if row is None else Shown(flag, steering_of(row), row["changed_at"])


def _text(rules: Sequence[Rule]) -> str:
    return json.dumps([_kept(rule) for rule in rules])


def _kept(rule: Rule) -> dict[str, JsonValue]:
    """Return a rule as it is kept: only what it names."""
    kept: dict[str, JsonValue] = {"value": rule.value}
    kept |= {"roles": sorted(rule.roles)} if rule.roles else {}
    kept |= {"places": sorted(map(str, rule.places))} if rule.places else {}
    kept |= {"actors": sorted(map(str, rule.actors))} if rule.actors else {}
    kept |= {"percent": rule.percent} if rule.percent is not None else {}
    kept |= {"since": rule.since.isoformat()} if rule.since else {}
    kept |= {"until": rule.until.isoformat()} if rule.until else {}
    return kept


def _rule(kept: Mapping[str, Any]) -> Rule:
    since, until = kept.get("since"), kept.get("until")
    return Rule(
        kept["value"],
        frozenset(kept.get("roles", ())),
        frozenset(map(UUID, kept.get("places", ()))),
        frozenset(map(UUID, kept.get("actors", ()))),
        kept.get("percent"),
        datetime.fromisoformat(since) if since else None,
        datetime.fromisoformat(until) if until else None,
    )
