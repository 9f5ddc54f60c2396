"""The routes of flags: what is switched for whom, and how."""

from dataclasses import asdict
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query

from mainstay.flags.rules import Rule, Steering, Subject
from mainstay.flags.state import READ_ONLY
from mainstay.modules.flags.permissions import READ, WRITE
from mainstay.modules.flags.schemas import (
    DecisionOut,
    FlagIn,
    FlagOut,
    FlagsOut,
    MyFlagsOut,
    PreviewOut,
    RuleIn,
    SaidOut,
)
from mainstay.modules.flags.service import asking, steering
from mainstay.modules.flags.service.steering import Shown
from mainstay.permission import SignedIn
from mainstay.web.read_only import while_read_only
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/flags", tags=["Flags"])

Key = Annotated[str, Path(max_length=100, pattern=r"^[a-z]+\.[a-z_]+$", examples=["flags.read_only"])]
ANYBODY = SignedIn(may_lack_factor=True, keys=True, stations=True)


@router.get("/mine")
async def read_my_flags(uow: Annotated[UnitOfWork, work(ANYBODY)]) -> MyFlagsOut:
    """What each flag is for whoever asks."""
    values = asking.mine(uow)
    return MyFlagsOut(values=values, is_read_only=values[READ_ONLY.key] is True)


@router.get("/preview")
async def preview_flags(
    uow: Annotated[UnitOfWork, work(READ)],
    role: Annotated[str, Query(max_length=60)] = "",
    place_id: UUID | None = None,
    actor_id: UUID | None = None,
) -> PreviewOut:
    """What each flag would be for somebody, and why."""
    subject = Subject(actor_id, role, frozenset() if place_id is None else frozenset({place_id}))
    found = await steering.preview(uow, subject)
    return PreviewOut(items=[DecisionOut(key=key, **asdict(decision)) for key, decision in found.items()])


@router.get("")
async def list_flags(uow: Annotated[UnitOfWork, work(READ)]) -> FlagsOut:
    """All flags, what they switch and how they are steered."""
    return FlagsOut(items=[_shown(each) for each in await steering.all_of(uow)])


@router.put("/{key}")
@while_read_only
async def change_flag(uow: Annotated[UnitOfWork, work(WRITE)], key: Key, change: FlagIn) -> FlagOut:
    """Switch something: every process knows within a second."""
    rules = tuple(_rule(each) for each in change.rules)
    wanted = Steering(rules, change.otherwise, change.version)
    return _shown(await steering.change(uow, key, wanted, change.reason or None))


def _rule(given: RuleIn) -> Rule:
    who = (frozenset(given.roles), frozenset(given.places), frozenset(given.actors))
    return Rule(given.value, *who, given.percent, given.since, given.until)


def _shown(shown: Shown) -> FlagOut:
    flag, present = shown.flag, shown.steering
    return FlagOut(
        key=flag.key,
        says=SaidOut(en=flag.says.en, ru=flag.says.ru),
        values=list(flag.values),
        default=flag.default,
        is_for_all=flag.is_for_all,
        rules=[_told(rule) for rule in present.rules],
        otherwise=present.otherwise,
        version=present.version,
        changed_at=shown.changed_at,
    )


def _told(rule: Rule) -> RuleIn:
    return RuleIn(
        value=rule.value,
        roles=sorted(rule.roles),
        places=sorted(rule.places),
        actors=sorted(rule.actors),
        percent=rule.percent,
        since=rule.since,
        until=rule.until,
    )
