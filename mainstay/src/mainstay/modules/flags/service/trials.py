"""Experiments: begun and ended by people, evaluated from what was counted."""

from dataclasses import dataclass

from mainstay import clock
from mainstay.flags.evaluation import Sample, Verdict, evaluate
from mainstay.flags.experiment import Experiment, Trial
from mainstay.messages.audit import Entry
from mainstay.modules.flags import repository
from mainstay.modules.flags.errors import ExperimentUnknown, RuleRefused, WrongStage
from mainstay.work import UnitOfWork

OBJECT = "flags.experiment"


@dataclass(frozen=True, slots=True)
class Standing:
    """An experiment, how far it is, who met what, and what can be said."""

    experiment: Experiment
    trial: Trial | None
    samples: tuple[Sample, ...]
    verdict: Verdict


async def all_of(uow: UnitOfWork) -> list[Standing]:
    """Return all experiments of the program, by key."""
    trials = {row["key"]: row for row in await repository.begun(uow)}
    found = []
    for key, experiment in sorted(uow.setup.flags.experiments.items()):
        row = trials.get(key)
        trial = None if row is None else Trial(row["started_at"], row["ended_at"], row["kept"])
        found.append(await _standing(uow, experiment, trial))
    return found


async def start(uow: UnitOfWork, key: str) -> None:
    """Begin an experiment, once and for all. Raises ExperimentUnknown and WrongStage."""
    _known(uow, key)
    if not await repository.start(uow, key):
        raise WrongStage("This experiment has begun before; what was counted then would be counted again.")
    await repository.tell(uow)
    uow.record(Entry("flags.experiment_started", OBJECT, key))


async def end(uow: UnitOfWork, key: str, kept: str) -> None:
    """End an experiment: from now on everybody has the variant `kept`.

    Raises ExperimentUnknown, RuleRefused and WrongStage.
    """
    experiment = _known(uow, key)
    if kept not in experiment.variants:
        raise RuleRefused(f"The variants are: {', '.join(experiment.variants)}.")
    if not await repository.end(uow, key, kept):
        raise WrongStage("This experiment does not run.")
    await repository.tell(uow)
    uow.record(Entry("flags.experiment_ended", OBJECT, key, new={"kept": kept}))


async def _standing(uow: UnitOfWork, experiment: Experiment, trial: Trial | None) -> Standing:
    if trial is None:
        return Standing(experiment, None, (), Verdict("not_started", 0, experiment.size))
    rows = await repository.samples(uow, experiment.key, experiment.size, experiment.plan.window, clock.now())
    by_variant = {row["variant"]: Sample(**row) for row in rows}
    samples = tuple(by_variant.get(variant, Sample(variant, 0)) for variant in experiment.variants)
    return Standing(experiment, trial, samples, evaluate(experiment, samples))


def _known(uow: UnitOfWork, key: str) -> Experiment:
    experiment = uow.setup.flags.experiments.get(key)
    if experiment is None:
        raise ExperimentUnknown("This program has no such experiment.")
    return experiment
