"""Troubles: every line of the log that is an error, handed to whoever gathers errors, without anybody's data.

Of an exception its kind and its places in the code are told. What it says may hold anybody's data: only a domain
error's sentence is told (as in `mainstay.worker.record`), and of the line's fields those that name a place or an id.
"""

import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mainstay.errors import DomainError

SERIOUS: Final = frozenset({"error", "critical"})
# Of a line only these are told: ids and places, never what somebody wrote.
TOLD: Final = frozenset(
    {
        *("request_id", "trace_id", "actor", "method", "route", "job", "job_id", "attempt", "event_name", "event_id"),
        *("loop", "module", "child", "code", "delivery_id", "page", "browser"),
    }
)
MOST_FRAMES: Final = 50
MOST_TEXT: Final = 300
# Of a text so much is looked through at all: searching takes time that grows with the square of it.
MOST_READ: Final = 1000
# Through these all statements go: what the database refuses is the mistake of whoever asked.
CARRIERS: Final = ("mainstay/db/", "mainstay/work.py")
# What might be somebody's in a text that comes from outside: addresses of mail, long numbers, whatever looks random,
# what is quoted, and the values of a key, as PostgreSQL tells them.
_PRIVATE: Final = re.compile(
    r"[^\s@]+@[^\s@]+|\+?\d[\d\s().-]{5,}\d|[A-Za-z0-9_-]{24,}|\"[^\"]*\"|“[^”]*”|(?<!\w)'.*?'(?!\w)|=\(.*\)"
)


@dataclass(frozen=True, slots=True)
class Frame:
    """A place in the code; `is_ours` says that it is of this program and no library's. Browsers tell a column."""

    file: str
    line: int
    function: str
    is_ours: bool = True
    column: int = 0


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong: in which program part, as what, where in the code (innermost last), and in whose request."""

    level: str
    logger: str
    event: str
    kind: str | None
    sentence: str
    frames: tuple[Frame, ...]
    facts: Mapping[str, str]

    @property
    def place(self) -> Frame | None:
        """Where the mistake is: the innermost place of our own, but not what carries every statement."""
        own = [each for each in reversed(self.frames) if each.is_ours]
        asking = (each for each in own if not each.file.startswith(CARRIERS))
        return next(asking, own[0] if own else None)

    @property
    def fingerprint(self) -> tuple[str, ...]:
        """What troubles have in common that are the same mistake: the kind and the place."""
        place = self.place
        if self.kind is None or place is None:
            return (self.logger, self.event)
        return (self.kind, f"{place.file}:{place.function}")


_listeners: list[Callable[[Trouble], None]] = []


@contextmanager
def heard(listener: Callable[[Trouble], None]) -> Iterator[None]:
    """Have `listener` told of every trouble that this process logs inside the block."""
    _listeners.append(listener)
    try:
        yield
    finally:
        _listeners.remove(listener)


def tell(line: Mapping[str, object], failure: object) -> None:
    """Tell of a line of the log that is an error; `failure` is what `exc_info` held."""
    if not _listeners:
        return
    raised = _raised(failure)
    facts = {name: str(value)[:MOST_TEXT] for name, value in line.items() if name in TOLD and value is not None}
    given = line.get("frames")
    frames = _frames(raised) if raised is not None else given if isinstance(given, tuple) else ()
    said = raised.detail if isinstance(raised, DomainError) else str(line.get("reported", ""))
    kind = _kind(raised) if raised is not None else _text(line.get("kind"))
    # Libraries log sentences with whatever they had in hand, and below the first line the loop its tasks and failures.
    event, logger = scrubbed(str(line["event"]).partition("\n")[0]), str(line["logger"])
    trouble = Trouble(str(line["level"]), logger, event, kind, scrubbed(said), frames, facts)
    for listener in _listeners:
        listener(trouble)


def scrubbed(text: str) -> str:
    """Return a text without what might be somebody's data or a secret, cut to a length that a reader takes in."""
    return _PRIVATE.sub("…", text[:MOST_READ])[:MOST_TEXT]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _raised(failure: object) -> BaseException | None:
    if failure is True:
        failure = sys.exc_info()[1]
    elif isinstance(failure, tuple) and len(failure) == 3:
        failure = failure[1]
    return failure if isinstance(failure, BaseException) else None


def _kind(failure: BaseException) -> str:
    kind = type(failure)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"


def _frames(failure: BaseException) -> tuple[Frame, ...]:
    found = traceback.extract_tb(failure.__traceback__)[-MOST_FRAMES:]
    return tuple(_frame(each) for each in found)


def _frame(frame: traceback.FrameSummary) -> Frame:
    parts = Path(frame.filename).parts
    # What was compiled (Cython) tells the path that it had where it was made: it is no file of ours.
    is_library = "site-packages" in parts or "lib" in parts or not frame.filename.endswith(".py")
    root = next((name for name in ("site-packages", "src") if name in parts), None)
    cut = len(parts) - parts[::-1].index(root) if root is not None else len(parts) - 1
    return Frame("/".join(parts[cut:]), frame.lineno or 0, frame.name, not is_library)
