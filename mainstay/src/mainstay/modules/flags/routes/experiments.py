"""The routes of experiments: how they stand, begin and end."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter

from mainstay.modules.flags.permissions import READ, WRITE
from mainstay.modules.flags.routes.flags import Key
from mainstay.modules.flags.schemas import DifferenceOut, EndIn, ExperimentOut, ExperimentsOut, SaidOut, SampleOut
from mainstay.modules.flags.service import trials
from mainstay.modules.flags.service.trials import Standing
from mainstay.web.repeats import repeatable
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/experiments", tags=["Flags"])


@router.get("")
async def list_experiments(uow: Annotated[UnitOfWork, work(READ)]) -> ExperimentsOut:
    """All experiments: who met what, and what can be said; no winner is named before the planned size is reached."""
    return ExperimentsOut(items=[_shown(each) for each in await trials.all_of(uow)])


@router.post("/{key}/start", status_code=204)
@repeatable
async def start_experiment(uow: Annotated[UnitOfWork, work(WRITE)], key: Key) -> None:
    """Begin an experiment, once and for all."""
    await trials.start(uow, key)


@router.post("/{key}/end", status_code=204)
@repeatable
async def end_experiment(uow: Annotated[UnitOfWork, work(WRITE)], key: Key, end: EndIn) -> None:
    """End an experiment: everybody has the variant that is kept."""
    await trials.end(uow, key, end.kept)


def _shown(standing: Standing) -> ExperimentOut:
    experiment, trial, verdict = standing.experiment, standing.trial, standing.verdict
    plan = experiment.plan
    return ExperimentOut(
        key=experiment.key,
        says=SaidOut(en=experiment.says.en, ru=experiment.says.ru),
        variants=list(experiment.variants),
        unit=experiment.unit,
        percent=experiment.percent,
        measure=plan.measure,
        baseline=plan.baseline,
        effect=plan.effect,
        started_at=None if trial is None else trial.started_at,
        ended_at=None if trial is None else trial.ended_at,
        kept=None if trial is None else trial.kept,
        samples=[SampleOut(variant=each.variant, exposed=each.exposed) for each in standing.samples],
        state=verdict.state,
        seen=verdict.seen,
        size=verdict.size,
        evenness=verdict.evenness,
        winner=verdict.winner,
        differences=[DifferenceOut(**asdict(each)) for each in verdict.differences],
    )
