"""The lab: a bell that can be switched, a price tag that is tried in two colours, and what came of it."""

import os
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel

from mainstay.bootstrap.asgi import Application, api_from_environment
from mainstay.bootstrap.program import Program
from mainstay.flags.experiment import Experiment, Plan
from mainstay.flags.flag import Flag, Said
from mainstay.module import Module
from mainstay.modules.audit.module import AUDIT
from mainstay.modules.flags import api as flags
from mainstay.modules.flags.module import FLAGS
from mainstay.modules.identity.module import IDENTITY
from mainstay.permission import SignedIn
from mainstay.web.routing import work
from mainstay.work import UnitOfWork

BELL = Flag("lab.bell", Said("The bell rings.", "Колокольчик звонит."), default=False)
SIGN = Flag("lab.sign", Said("The sign.", "Вывеска."), "plain", ("plain", "large"))
COLOUR = Experiment(
    "lab.colour",
    Said("The colour of the price tag.", "Цвет ценника."),
    ("white", "red"),
    Plan("share", baseline=0.1, effect=0.6, window=timedelta(minutes=30)),
)
router = APIRouter(prefix="/lab", tags=["Lab"])
Anybody = Annotated[UnitOfWork, work(SignedIn())]


class OfferOut(BaseModel):
    """What somebody meets, and which process answered."""

    bell: bool
    sign: str
    colour: str
    process: int


class BoughtIn(BaseModel):
    """Whether somebody bought."""

    value: float


@router.post("/offers")
async def make_offer(uow: Anybody) -> OfferOut:
    """Show the offer to whoever asks."""
    colour = await flags.variant_of(uow, COLOUR)
    sign = flags.value_of(uow, SIGN)
    return OfferOut(bell=flags.is_on(uow, BELL), sign=str(sign), colour=colour, process=os.getpid())


@router.get("/bell")
async def read_bell(uow: Anybody) -> OfferOut:
    """Tell whether the bell rings for whoever asks, without showing them anything."""
    flags.demand_on(uow, BELL)
    return OfferOut(bell=True, sign=str(flags.value_of(uow, SIGN)), colour="", process=os.getpid())


@router.post("/bought", status_code=204)
async def note_bought(uow: Anybody, bought: BoughtIn) -> None:
    """Note what came of whoever asks."""
    await flags.record_outcome(uow, COLOUR, bought.value)


LAB = Module(name="lab", routers=(router,), flags=(BELL, SIGN), experiments=(COLOUR,))


def make_program() -> Program:
    """Return the lab."""
    return Program(
        name="lab",
        title="Lab",
        description="Tries things out.",
        version="1.0.0",
        modules=(IDENTITY, AUDIT, FLAGS, LAB),
        migrations=("mainstay.migrations",),
    )


def api() -> Application:
    """Return its API, with the settings of the environment."""
    return api_from_environment(make_program())
