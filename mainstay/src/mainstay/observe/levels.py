"""How much each logger of this process writes: one level for all, and others for some of them for a while."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import structlog

from mainstay import clock

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Change:
    """A level that holds for a logger, and those below it, until a moment."""

    level: str
    until: datetime


class Levels:
    """The levels of structlog's loggers and of the standard library's, by name; `a.b` is below `a`.

    Each name has a class of its own, whose base is exchanged: loggers that are in somebody's hands follow too, and a
    line that is not written costs no more than before.
    """

    def __init__(self) -> None:
        self._base = logging.INFO
        self._changes: dict[str, Change] = {}
        self._classes: dict[str, type[Any]] = {}

    @property
    def base(self) -> str:
        """The level that holds for all others."""
        return logging.getLevelName(self._base).lower()

    def start(self, base: int) -> None:
        """Take `base` for all."""
        self._base = base
        for name in list(self._changes):
            self.restore(name)
        self._follow()

    def change(self, name: str, change: Change) -> None:
        """Have another level hold for a logger and those below it."""
        self._changes[name] = change
        logging.getLogger(name).setLevel(_number(change.level))
        self._follow()

    def restore(self, name: str) -> None:
        """Have a logger follow the others again; harmless when it does."""
        if self._changes.pop(name, None) is not None:
            logging.getLogger(name).setLevel(logging.NOTSET)
            self._follow()

    def changes(self) -> Mapping[str, Change]:
        """Return what holds at present besides the level for all."""
        return dict(self._changes)

    def bound(self, logger: structlog.BytesLogger, processors: Iterable[Any], context: Any) -> Any:  # noqa: ANN401
        """Return structlog's logger for the name of `logger`; structlog leaves these types open."""
        name = logger.name or "root"
        kind = self._classes.get(name) or self._made(name)
        return kind(logger, processors, context)

    def _made(self, name: str) -> type[Any]:
        kind = self._classes[name] = type("BoundLogger", (self._filter(name),), {})
        return kind

    def _follow(self) -> None:
        for name, kind in self._classes.items():
            kind.__bases__ = (self._filter(name),)

    def _filter(self, name: str) -> type[Any]:
        above = (part for part in self._changes if name == part or name.startswith(f"{part}."))
        nearest = max(above, key=len, default=None)
        return structlog.make_filtering_bound_logger(
            self._base if nearest is None else _number(self._changes[nearest].level)
        )


class Held:
    """The changes that somebody wants to hold in this process: each ends by itself, whether anybody is heard or not."""

    def __init__(self, levels: Levels, process: str) -> None:
        self._levels, self._process = levels, process
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def hold(self, changes: Mapping[str, Change]) -> None:
        """Have these hold and no others, as long as each may; to be called in the loop of the process."""
        now = clock.now()
        wanted = {name: change for name, change in changes.items() if change.until > now}
        present = self._levels.changes()
        for name in present.keys() - wanted.keys():
            self._restore(name)
        for name, change in wanted.items():
            if present.get(name) != change:
                self._change(name, change)

    def _change(self, name: str, change: Change) -> None:
        self._stop(name)
        self._levels.change(name, change)
        seconds = (change.until - clock.now()).total_seconds()
        self._timers[name] = asyncio.get_running_loop().call_later(seconds, self._restore, name)
        logger.info("log level", about=name, level=change.level, until=change.until, process=self._process)

    def _restore(self, name: str) -> None:
        if self._stop(name):
            logger.info("log level", about=name, level=self._levels.base, process=self._process)
        self._levels.restore(name)

    def _stop(self, name: str) -> bool:
        if (timer := self._timers.pop(name, None)) is not None:
            timer.cancel()
        return timer is not None


def _number(level: str) -> int:
    number: int = getattr(logging, level.upper())
    return number


# Loggers belong to the process, as those of the standard library do.
LEVELS: Final = Levels()
