"""The operations routes: how much is logged, and what the time of a process goes into."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request

from mainstay.modules.operations.permissions import MANAGE, READ
from mainstay.modules.operations.schemas import (
    LevelIn,
    LogLevelsOut,
    ProcessesOut,
    ProfileIn,
    ProfileOut,
    ProgramStatusOut,
)
from mainstay.modules.operations.service import levels, running
from mainstay.observe.health import examine_in_turn
from mainstay.web.health import checks_of
from mainstay.web.routing import Edge, actor, work
from mainstay.work import Actor, UnitOfWork

router = APIRouter(prefix="/operations", tags=["Operations"])

Name = Annotated[str, Path(max_length=100, pattern=r"^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*$", examples=["access"])]
ManageWork = Annotated[UnitOfWork, work(MANAGE)]
NO_PROCESS: dict[int | str, dict[str, Any]] = {404: {"$ref": "#/components/responses/NotFound"}}
FreshWork = Annotated[UnitOfWork, work(MANAGE, fresh=True)]


@router.get("/processes")
async def read_processes(uow: Annotated[UnitOfWork, work(READ)]) -> ProcessesOut:
    """The processes of this machine, with the processor time, memory and files that each takes."""
    return await running.processes(uow.setup.peers)


@router.get("/status")
async def read_status(request: Request, uow: Annotated[UnitOfWork, work(READ)]) -> ProgramStatusOut:
    """How the program stands: what it needs, its promises, errors and delays by route, the slowest, its processes."""
    known = await running.known(uow)
    await uow.release()
    return await running.status(uow.setup.peers, await examine_in_turn(checks_of(request)), known)


@router.get("/log-levels")
async def read_log_levels(uow: ManageWork) -> LogLevelsOut:
    """How much is logged: by all loggers, and by those that write more or less for a while."""
    return await levels.shown(uow)


@router.put("/log-levels/{logger}")
async def change_log_level(uow: FreshWork, logger: Name, wanted: LevelIn) -> LogLevelsOut:
    """Have a logger, and those below it, write more or less for a while, in all processes of all machines."""
    return await levels.change(uow, logger, wanted)


@router.delete("/log-levels/{logger}")
async def restore_log_level(uow: ManageWork, logger: Name) -> LogLevelsOut:
    """Have a logger follow the others again."""
    return await levels.restore(uow, logger)


@router.post("/profiles", responses=NO_PROCESS)
async def take_profile(request: Request, wanted: ProfileIn, taker: Annotated[Actor, actor(MANAGE)]) -> ProfileOut:
    """Look for some seconds at what a process does, and return which routes and functions its time went into."""
    taker.demand_fresh_factor()
    edge: Edge = request.app.state.edge
    async with edge.open_work(taker) as uow:
        running.record_profile(uow, wanted)
    # No transaction is open meanwhile.
    return await running.take_profile(edge.open_work.setup.peers, wanted)
