"""What people may have a running process do: log more or less for a while, and tell what its time goes into."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

from pydantic import JsonValue

from mainstay.messages.job import Job, Schedule
from mainstay.observe.levels import LEVELS, Change, Held, Levels
from mainstay.observe.peers import Content, Peers
from mainstay.observe.profiler import Profile, profile
from mainstay.web.access_log import AccessLog
from mainstay.web.place import place_of
from mainstay.worker.body import perform, perform_scheduled

LEVELS_SUBJECT: Final = "levels"
PROFILE_SUBJECT: Final = "profile"
LOCK: Final = "profile.lock"
# Functions and stacks of a profile that are told: the rest is noise.
MOST_FUNCTIONS: Final = 30

# What runs a job, and what it calls it.
_JOBS: Final = {perform.__code__: "job", perform_scheduled.__code__: "schedule"}


class Steering:
    """Answers this process's peers, itself among them."""

    def __init__(self, peers: Peers, levels: Levels = LEVELS) -> None:
        self._peers, self._of_loggers = peers, levels
        self._held = Held(levels, peers.name)
        self._profiling = asyncio.Lock()
        # Reads what levels are to hold, and has them hold; of whoever follows the database, once it does.
        self.look: Callable[[], Awaitable[None]] | None = None
        peers.answers[LEVELS_SUBJECT] = self._levels
        peers.answers[PROFILE_SUBJECT] = self._profile

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[None]:
        """Have the levels return to normal in the end."""
        try:
            yield
        finally:
            self.hold({})

    def hold(self, changes: Mapping[str, Change]) -> None:
        """Have loggers write what is wanted as long as it is, and all others as always."""
        self._held.hold(changes)

    async def _levels(self, _question: Content) -> Content:
        """Look what is wanted now, and say what holds then."""
        if self.look is not None:
            await self.look()
        changes: dict[str, JsonValue] = {
            name: {"level": change.level, "until": change.until.isoformat()}
            for name, change in self._of_loggers.changes().items()
        }
        return {"base": self._of_loggers.base, "changes": changes}

    async def _profile(self, question: Content) -> Content:
        """Look for some `seconds` at what this process does; one at a time of this machine."""
        seconds = question["seconds"]
        assert isinstance(seconds, int | float)  # noqa: S101  as above
        if self._profiling.locked():
            return {"is_busy": True}
        async with self._profiling:
            with _alone(self._peers.folder) as is_alone:
                if not is_alone:
                    return {"is_busy": True}
                return _told(await asyncio.to_thread(profile, seconds, _place))


@contextmanager
def _alone(folder: Path | None) -> Iterator[bool]:
    """Hold the machine's one profile inside the block, if nobody does."""
    if folder is None:
        yield True
        return
    with (folder / LOCK).open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _place(frame: FrameType) -> str | None:
    """Return the route of the request, or the name of the job, whose outermost frame of ours this is."""
    if frame.f_code is AccessLog.__call__.__code__:
        scope = frame.f_locals["scope"]
        route = place_of(scope).route
        return None if route is None else f"{scope['method']} {route}"
    if frame.f_code in _JOBS:
        job: Job | Schedule = frame.f_locals[_JOBS[frame.f_code]]
        return job.name
    return None


def _told(made: Profile) -> Content:
    return {
        "seconds": round(made.seconds, 2),
        "looks": made.looks,
        "samples": made.samples,
        "places": [{"place": place, "samples": count} for place, count in made.places()],
        "functions": [
            {"name": each.name, "file": each.file, "line": each.line, "own": own, "whole": whole}
            for each, own, whole in made.functions(MOST_FUNCTIONS)
        ],
        "stacks": made.collapsed(),
    }
