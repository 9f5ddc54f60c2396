"""What people may have a running process do: log more or less for a while, and tell what its time goes into."""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Final

import structlog
from pydantic import JsonValue

from mainstay import clock
from mainstay.messages.job import Job, Schedule
from mainstay.observe.levels import LEVELS, Change
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

logger = structlog.stdlib.get_logger(__name__)


class Steering:
    """Answers this process's peers, itself among them."""

    def __init__(self, peers: Peers) -> None:
        self._peers = peers
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._profiling = asyncio.Lock()
        peers.answers[LEVELS_SUBJECT] = self._levels
        peers.answers[PROFILE_SUBJECT] = self._profile

    @asynccontextmanager
    async def followed(self) -> AsyncIterator[None]:
        """Take over at first what the others were told, and have the levels return to normal in the end."""
        for name in self._peers.others():
            reply = await self._peers.ask_one(name, LEVELS_SUBJECT)
            if reply is not None:
                self._take(reply.content)
        try:
            yield
        finally:
            for name in list(self._timers):
                self._restore(name)

    async def _levels(self, question: Content) -> Content:
        """Change what is asked for, and say what holds: `changes` by logger, a null where the logger is to follow."""
        self._take(question)
        changes: dict[str, JsonValue] = {
            name: {"level": change.level, "until": change.until.isoformat()}
            for name, change in LEVELS.changes().items()
        }
        return {"base": LEVELS.base, "changes": changes}

    def _take(self, content: Content) -> None:
        changes = content.get("changes", {})
        assert isinstance(changes, dict)  # noqa: S101  as `mainstay.modules.operations` asks
        for name, wanted in changes.items():
            if not isinstance(wanted, dict):
                self._restore(name)
                continue
            self._change(name, Change(str(wanted["level"]), datetime.fromisoformat(str(wanted["until"]))))

    def _change(self, name: str, change: Change) -> None:
        seconds = (change.until - clock.now()).total_seconds()
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()
        LEVELS.change(name, change)
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, self._restore, name)
        logger.info("log level", about=name, level=change.level, until=change.until, process=self._peers.name)

    def _restore(self, name: str) -> None:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()
            logger.info("log level", about=name, level=LEVELS.base, process=self._peers.name)
        LEVELS.restore(name)

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
