"""The numbers of all API processes of a machine as one: whichever of them is asked, it asks the others.

What a process counted stays counted when it has ended: at each reading and in its end it is kept in the folder of the
processes, and whoever takes the place goes on from there.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import JsonValue

from mainstay import clock
from mainstay.bootstrap.observing import Refresh, tell_pool
from mainstay.observe.counters import Counters
from mainstay.observe.exposition import Exposition, labelled
from mainstay.observe.peers import Content, Peers, Reply
from mainstay.observe.runtime import lag_watched, runtime
from mainstay.observe.slowest import Sample, Slowest
from mainstay.work import WorkOpener

SUBJECT: Final = "figures"
# What one process asks itself: the numbers of all, as the screen of the status shows them.
TOGETHER: Final = "figures together"
SLOWEST: Final = "slowest"
KEPT: Final = ".figures"
# Since when the numbers in the folder are counted.
BEGAN: Final = "began"


class Figures:
    """What this process counts and takes, what took longest in it, and the same of its peers."""

    def __init__(self, peers: Peers, counters: Counters, open_work: WorkOpener | None = None) -> None:
        self._peers = peers
        self._counters = counters
        self._open_work = open_work
        self._before = ""
        self._since = clock.now()
        self.slowest = Slowest()
        peers.answers.update({SUBJECT: self._answer, TOGETHER: self._answer_together, SLOWEST: self._answer_slowest})

    @asynccontextmanager
    async def told(self) -> AsyncIterator[None]:
        """Go on inside the block from where a process of the same name ended, and keep what was counted in the end."""
        if (path := self._path(self._peers.name)) is not None and path.exists():
            self._before = Exposition.of([path.read_text()]).text(has_exemplars=True)
        self._begin()
        try:
            async with lag_watched(self._counters):
                yield
        finally:
            self._keep(self._peers.name, self.own())

    def own(self) -> str:
        """Return what this process, and those that had its name before, have counted, and how things stand with it."""
        if self._open_work is not None:
            tell_pool(self._open_work.engine, self._counters)
        if not self._before:
            return self._counters.text(has_exemplars=True)
        both = Exposition.of([self._before])
        both.add(self._counters.text(has_exemplars=True))
        return both.text(has_exemplars=True)

    async def all(self) -> Exposition:
        """Return the numbers of all processes with this one's role, those that have ended among them."""
        replies = [reply for reply in await self._peers.ask(SUBJECT) if reply.name.startswith(f"{self._peers.role}-")]
        return await asyncio.to_thread(self._together, replies)

    async def _answer(self, _question: Content) -> Content:
        return {"text": self.own(), "runtime": dict(runtime())}

    async def _answer_together(self, _question: Content) -> Content:
        return {"text": (await self.all()).text(), "since": self._since.isoformat()}

    async def _answer_slowest(self, _question: Content) -> Content:
        return {"requests": _told(self.slowest.requests()), "statements": _told(self.slowest.statements())}

    def _begin(self) -> None:
        """Take over since when is counted; the first process says it."""
        if self._peers.folder is None:
            return
        path = self._peers.folder / BEGAN
        with suppress(FileExistsError), path.open("x") as file:
            file.write(self._since.isoformat())
        with suppress(ValueError):  # the other one has not written yet, and says the same
            self._since = datetime.fromisoformat(path.read_text())

    def _together(self, replies: list[Reply]) -> Exposition:
        present = {reply.name: str(reply.content["text"]) for reply in replies}
        made = Exposition.of(self._of_the_ended(present.keys()))
        for name, text in present.items():
            made.add(text, name)
            self._keep(name, text)
        for reply in replies:
            made.add(runtime_text(reply))
        return made

    def _of_the_ended(self, present: Container[str]) -> list[str]:
        folder = self._peers.folder
        if folder is None:
            return []
        paths = folder.glob(f"{self._peers.role}-*{KEPT}")
        return [path.read_text() for path in paths if path.name.removesuffix(KEPT) not in present]

    def _keep(self, name: str, text: str) -> None:
        if (path := self._path(name)) is not None:
            fresh = path.with_name(f"{path.name}.{self._peers.name}")
            with suppress(OSError):  # the folder went with the program, or the disk is full
                fresh.write_text(text)
                fresh.replace(path)

    def _path(self, name: str) -> Path | None:
        return None if self._peers.folder is None else self._peers.folder / f"{name}{KEPT}"


def _told(samples: list[Sample]) -> list[JsonValue]:
    return [{**asdict(sample), "at": sample.at.isoformat()} for sample in samples]


def runtime_text(reply: Reply) -> str:
    """Return what a process takes of its machine, with its name, in Prometheus' form."""
    found = reply.content["runtime"]
    assert isinstance(found, dict)  # noqa: S101  as `Figures` answers
    lines = []
    for series, value in found.items():
        name = series.partition("{")[0]
        lines.append(f"# TYPE {name} {'counter' if name.endswith('_total') else 'gauge'}")
        lines.append(f"{labelled(series, reply.name)} {value}")
    return "\n".join(lines)


def telling(figures: Figures, refresh: Refresh | None = None) -> Callable[[], Awaitable[Exposition]]:
    """Return what tells the numbers of all processes, and, brought by `refresh`, those that the database knows."""

    async def tell() -> Exposition:
        known = Counters()
        if refresh is not None:
            await refresh(known)
        made = await figures.all()
        made.add(known.text())
        return made

    return tell
