"""A program with people and a route in two versions, the first of which is going away."""

from typing import Annotated

import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from mainstay.bootstrap.program import Program
from mainstay.module import Module
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.identity.module import IDENTITY
from mainstay.modules.interface.module import INTERFACE
from mainstay.permission import SignedIn
from mainstay.web.routing import work
from mainstay.web.versions import outdated, version
from mainstay.work import UnitOfWork

router = APIRouter(prefix="/weights", tags=["Weights"])


class WeightOut(BaseModel):
    """What a thing weighs, in kilograms."""

    kilograms: float


class ExactWeightOut(BaseModel):
    """What a thing weighs, in grams."""

    grams: int


@router.get("/{thing}")
@outdated(since="2026-11-01", until="2027-06-30", successor="/api/v2/weights/{thing}")
async def read_weight(uow: Annotated[UnitOfWork, work(SignedIn())], thing: str) -> WeightOut:
    """What a thing weighs, more or less."""
    assert uow.actor.id is not None
    return WeightOut(kilograms=len(thing) / 1000)


@router.get("/{thing}")
@version(2)
async def read_exact_weight(uow: Annotated[UnitOfWork, work(SignedIn())], thing: str) -> ExactWeightOut:
    """What a thing weighs, to the gram."""
    assert uow.actor.id is not None
    return ExactWeightOut(grams=len(thing))


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return Program(
        name="scales",
        title="Scales",
        description="Weighs things.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT, INTERFACE, Module(name="weights", routers=(router,))),
        migrations=("mainstay.migrations",),
    )
