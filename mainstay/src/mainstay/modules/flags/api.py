"""The front door of flags: what is on for whoever acts, and which variant of an experiment they meet.

Asking for a flag reads the memory of the process: no statement, a few microseconds. Modules declare their flags in
`flags.py` and their manifest.
"""

from uuid import UUID

from mainstay.flags.experiment import Experiment
from mainstay.flags.flag import Flag, Value
from mainstay.modules.flags.service import asking
from mainstay.work import UnitOfWork


def is_on(uow: UnitOfWork, flag: Flag, place: UUID | None = None) -> bool:
    """Whether `flag` is on for whoever acts, at `place` or at one of the places that they are limited to."""
    return asking.value(uow, flag, place) is True


def value_of(uow: UnitOfWork, flag: Flag, place: UUID | None = None) -> Value:
    """Return what `flag` is for whoever acts: for flags with variants."""
    return asking.value(uow, flag, place)


def demand_on(uow: UnitOfWork, flag: Flag, place: UUID | None = None) -> None:
    """Raise SwitchedOff (503, `flags.switched_off`) unless `flag` is on for whoever acts."""
    asking.demand(uow, flag, place)


async def variant_of(uow: UnitOfWork, experiment: Experiment, place: UUID | None = None) -> str:
    """Return the variant of whoever acts, or of `place`, and count that they met it: call it where they meet it."""
    return await asking.variant(uow, experiment, place)


async def record_outcome(uow: UnitOfWork, experiment: Experiment, value: float, place: UUID | None = None) -> None:
    """Note what came of whoever acts, or of `place`, 1 or True for a yes; of each unit the first outcome counts."""
    await asking.note_outcome(uow, experiment, value, place)
