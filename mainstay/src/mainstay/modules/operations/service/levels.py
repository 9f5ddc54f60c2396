"""How much loggers write: changed by people for a while, in all processes of all machines."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from mainstay import clock
from mainstay.messages.audit import Entry
from mainstay.modules.operations.errors import LoggerClosed
from mainstay.modules.operations.repository import levels as repository
from mainstay.modules.operations.schemas import ChangedOut, LevelIn, LogLevelsOut
from mainstay.observe.levels import Change
from mainstay.work import UnitOfWork

LEVELS: Final = "levels"
# Besides the program's own: those of libraries may write whole statements with the data of people.
OPEN: Final = ("access", "mainstay")


async def wanted(uow: UnitOfWork) -> Mapping[str, Change]:
    """Return what is to hold now besides the level for all, as each process reads it."""
    rows = await repository.wanted(uow, clock.now())
    return {row["logger"]: Change(row["level"], row["until"]) for row in rows}


async def shown(uow: UnitOfWork) -> LogLevelsOut:
    """Return what is to hold, and the processes of this machine, which have just looked."""
    rows = await repository.wanted(uow, clock.now())
    await uow.release()
    peers = uow.setup.peers
    replies = await peers.ask(LEVELS)
    own = next(reply for reply in replies if reply.name == peers.name)
    items = [ChangedOut.model_validate(dict(row)) for row in rows]
    return LogLevelsOut(base=str(own.content["base"]), items=items, processes=[reply.name for reply in replies])


async def change(uow: UnitOfWork, name: str, chosen: LevelIn) -> LogLevelsOut:
    """Have a logger, and those below it, write more or less in all processes for a while. Raises LoggerClosed."""
    _check(uow, name)
    until = clock.now() + timedelta(minutes=chosen.minutes)
    new = {"level": chosen.level, "until": until.isoformat()}
    # On its own, so that it is committed before the processes of this machine are asked to look.
    async with uow.beside() as apart:
        apart.record(Entry("operations.log_level_changed", "operations.logger", name, new=new))
        await repository.put(apart, name, chosen.level, until)
    return await shown(uow)


async def restore(uow: UnitOfWork, name: str) -> LogLevelsOut:
    """Have a logger follow the others again in all processes. Raises LoggerClosed."""
    _check(uow, name)
    async with uow.beside() as apart:
        apart.record(Entry("operations.log_level_restored", "operations.logger", name))
        await repository.remove(apart, name)
    return await shown(uow)


async def tidy(uow: UnitOfWork) -> None:
    """Forget what has ended."""
    await repository.forget_before(uow, clock.now())


def _check(uow: UnitOfWork, name: str) -> None:
    own = (*OPEN, uow.setup.about.name)
    if not any(name == each or name.startswith(f"{each}.") for each in own):
        raise LoggerClosed(f"Only these can be changed, and those below them: {', '.join(own)}.")
