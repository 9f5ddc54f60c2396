"""What a flag is for whoever acts, and which variant they meet: asked in the memory of the process."""

from typing import Final
from uuid import UUID

from mainstay.flags.experiment import Experiment
from mainstay.flags.flag import Flag, Value
from mainstay.flags.rules import Subject
from mainstay.modules.flags import repository
from mainstay.modules.flags.errors import SwitchedOff
from mainstay.work import Actor, UnitOfWork

OFF: Final = "This is switched off at the moment, for everybody or for you. What is there already stays."


def subject_of(actor: Actor, place: UUID | None = None) -> Subject:
    """Return for whom is asked: the actor, at `place`, or at all places that they are limited to."""
    places = actor.reach.places or frozenset() if place is None else frozenset({place})
    return Subject(actor.id, actor.role, places)


def value(uow: UnitOfWork, flag: Flag, place: UUID | None = None) -> Value:
    """Return what `flag` is for whoever acts."""
    return uow.setup.flags.value(flag, subject_of(uow.actor, place))


def demand(uow: UnitOfWork, flag: Flag, place: UUID | None = None) -> None:
    """Raise SwitchedOff unless `flag` is on for whoever acts."""
    if value(uow, flag, place) is not True:
        raise SwitchedOff(OFF, extra={"flag": flag.key})


def mine(uow: UnitOfWork) -> dict[str, Value]:
    """Return what each flag is for whoever acts."""
    flags, subject = uow.setup.flags, subject_of(uow.actor)
    return {key: flags.value(flag, subject) for key, flag in flags.declared.items()}


def unit_of(uow: UnitOfWork, experiment: Experiment, place: UUID | None) -> UUID | None:
    """Return whose variant is asked for; None when nobody acts, or no place is named."""
    return place if experiment.unit == "place" else uow.actor.id


async def variant(uow: UnitOfWork, experiment: Experiment, place: UUID | None = None) -> str:
    """Return the variant that whoever acts meets, and note that they did; call it where they really meet it."""
    flags, unit = uow.setup.flags, unit_of(uow, experiment, place)
    assigned = None if unit is None else flags.assigned(experiment, unit)
    if unit is None or assigned is None:
        return flags.settled(experiment)
    await repository.expose(uow, experiment.key, unit, assigned)
    return assigned


async def note_outcome(uow: UnitOfWork, experiment: Experiment, value: float, place: UUID | None = None) -> None:
    """Note what came of whoever acts: of each unit the first outcome counts, and only after it met its variant."""
    unit = unit_of(uow, experiment, place)
    if unit is not None:
        await repository.note_outcome(uow, experiment.key, unit, float(value))
