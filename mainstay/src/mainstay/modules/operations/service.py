"""What people do with the running processes of this machine; the processes answer in `mainstay.bootstrap.steering`."""

from datetime import timedelta
from typing import Final

from mainstay import clock
from mainstay.messages.audit import Entry
from mainstay.modules.operations.errors import LoggerClosed, ProcessUnknown, ProfileUnderWay
from mainstay.modules.operations.schemas import (
    ChangedOut,
    LevelIn,
    LevelsOut,
    ProcessesOut,
    ProcessOut,
    ProfileIn,
    ProfileOut,
)
from mainstay.observe.peers import Content, Peers
from mainstay.observe.runtime import CPU, FILES, MEMORY, THREADS
from mainstay.work import UnitOfWork

FIGURES: Final = "figures"
LEVELS: Final = "levels"
PROFILE: Final = "profile"
# Besides the program's own: those of libraries may write whole statements with the data of people.
OPEN: Final = ("access", "mainstay")
# Seconds that a process may take to answer after its profile is done.
PATIENCE: Final = 15.0


async def processes(peers: Peers) -> ProcessesOut:
    """Return the processes of this machine, and what each takes."""
    found = []
    for reply in await peers.ask(FIGURES):
        used = reply.content["runtime"]
        assert isinstance(used, dict)  # noqa: S101  as the processes answer
        fields = {
            "cpu_seconds": used[CPU],
            "memory_bytes": used.get(MEMORY),
            "open_files": used.get(FILES),
            "threads": used[THREADS],
        }
        found.append(ProcessOut.model_validate({"name": reply.name, **fields}))
    return ProcessesOut(items=found)


async def levels(peers: Peers) -> LevelsOut:
    """Return what holds in the processes of this machine."""
    return await _told(peers, {})


async def change_level(uow: UnitOfWork, name: str, wanted: LevelIn) -> LevelsOut:
    """Have a logger, and those below it, write more or less in all processes for a while. Raises LoggerClosed."""
    _check(uow, name)
    until = clock.now() + timedelta(minutes=wanted.minutes)
    new = {"level": wanted.level, "until": until.isoformat()}
    await _put_on_record(uow, Entry("operations.log_level_changed", "operations.logger", name, new=new))
    return await _told(uow.setup.peers, {name: {**new}})


async def restore_level(uow: UnitOfWork, name: str) -> LevelsOut:
    """Have a logger follow the others again in all processes. Raises LoggerClosed."""
    _check(uow, name)
    await _put_on_record(uow, Entry("operations.log_level_restored", "operations.logger", name))
    return await _told(uow.setup.peers, {name: None})


async def _put_on_record(uow: UnitOfWork, entry: Entry) -> None:
    """Record an act before it happens: a process that has been told cannot be told that it was a mistake."""
    async with uow.beside() as apart:
        apart.record(entry)
    await uow.release()


def record_profile(uow: UnitOfWork, wanted: ProfileIn) -> None:
    """Put on record that somebody takes a profile."""
    new = {"seconds": str(wanted.seconds)}
    uow.record(Entry("operations.profile_taken", "operations.process", wanted.process, new=new))


async def take_profile(peers: Peers, wanted: ProfileIn) -> ProfileOut:
    """Look at what a process does; takes as long as wanted. Raises ProcessUnknown and ProfileUnderWay."""
    patience = wanted.seconds + PATIENCE
    reply = await peers.ask_one(wanted.process, PROFILE, {"seconds": wanted.seconds}, patience=patience)
    if reply is None:
        raise ProcessUnknown(f"No process called {wanted.process} answers on this machine.")
    if reply.content.get("is_busy"):
        raise ProfileUnderWay("One at a time: try again when it is done.")
    return ProfileOut.model_validate({**reply.content, "process": wanted.process})


def _check(uow: UnitOfWork, name: str) -> None:
    own = (*OPEN, uow.setup.about.name)
    if not any(name == each or name.startswith(f"{each}.") for each in own):
        raise LoggerClosed(f"Only these can be changed, and those below them: {', '.join(own)}.")


async def _told(peers: Peers, changes: Content) -> LevelsOut:
    replies = await peers.ask(LEVELS, {"changes": changes})
    own = next(reply for reply in replies if reply.name == peers.name).content
    changed = own["changes"]
    assert isinstance(changed, dict)  # noqa: S101  as the processes answer
    items = [ChangedOut.model_validate({"logger": name, **_fields(each)}) for name, each in sorted(changed.items())]
    return LevelsOut(base=str(own["base"]), items=items, processes=[reply.name for reply in replies])


def _fields(each: object) -> dict[str, object]:
    assert isinstance(each, dict)  # noqa: S101  as above
    return each
