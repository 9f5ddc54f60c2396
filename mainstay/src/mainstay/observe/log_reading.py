"""Reading the log files of all processes as one: the lines of a request, of a person or about a record, in their order.

A request is a story that several processes write: the API, and the worker for its jobs and webhooks. What is asked for
picks stories by any of their lines, and gives them whole.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import orjson

from mainstay.context import NOBODYS
from mainstay.observe.logs import LogSettings

Line = dict[str, Any]

LEVELS: Final = ("debug", "info", "warning", "error", "critical")
_NAME: Final = re.compile(r".+\.log(\.[0-9]+)?|.+\.[0-9]+")
_FIRST: Final = ("time", "level", "event")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which stories, by an id; and which of their lines, by level and moment. What is None does not matter."""

    request: str | None = None
    trace: str | None = None
    actor: str | None = None
    record: str | None = None
    level: str = "debug"
    since: datetime | None = None

    @property
    def is_any(self) -> bool:
        """Whether all stories are wanted."""
        return not (self.request or self.trace or self.actor or self.record)

    def picks(self, line: Line) -> bool:
        """Whether a line makes its story one of those that are wanted."""
        return (
            (self.request is None or line.get("request_id") == self.request)
            and (self.trace is None or line.get("trace_id") == self.trace)
            and (self.actor is None or line.get("actor") == self.actor)
            and (self.record is None or _is_about(line, self.record))
        )

    def keeps(self, line: Line) -> bool:
        """Whether a line of a story that is wanted is shown."""
        level = line.get("level")
        if level in LEVELS and LEVELS.index(level) < LEVELS.index(self.level):
            return False
        return self.since is None or (moment := _moment(line)) is None or moment >= self.since


def files_of(settings: LogSettings, folder: Path) -> list[Path]:
    """Return the log's files: the one of the settings with those before it, or all in the `folder` for terminals."""
    if settings.file is not None:
        found = [settings.file, *settings.file.parent.glob(f"{settings.file.name}.*")]
    else:
        found = list(folder.glob("*.log*"))
    return sorted(path for path in found if path.is_file() and (path == settings.file or _NAME.fullmatch(path.name)))


def found_in(paths: Iterable[Path], wanted: Wanted) -> list[Line]:
    """Return the lines that are wanted, in the order of time. Raises OSError for a file that cannot be read."""
    files = list(paths)
    if wanted.is_any:
        found = [line for line in _lines(files) if wanted.keeps(line)]
    else:
        stories = {line.get("request_id") for line in _lines(files) if wanted.picks(line)} - {None, NOBODYS}
        found = [
            line
            for line in _lines(files)
            if (line.get("request_id") in stories or wanted.picks(line)) and wanted.keeps(line)
        ]
    return sorted(found, key=lambda line: str(line.get("time")))


def shown(line: Line) -> str:
    """Return a line for people: time, level and what happened, what is known of it, and the trace below."""
    facts = [f"{name}={_text(value)}" for name, value in line.items() if name not in {*_FIRST, "exception"}]
    head = _plain(" ".join([*(str(line.get(name)) for name in _FIRST), *facts]))
    if "exception" not in line:
        return head
    return "\n".join([head, *(_plain(each) for each in str(line["exception"]).rstrip().split("\n"))])


def _lines(files: Iterable[Path]) -> Iterator[Line]:
    """Yield the lines of all files; what is no line of ours, such as one that a full disk cut, is passed over."""
    for path in files:
        with path.open("rb") as file:
            for text in file:
                try:
                    line = orjson.loads(text)
                except orjson.JSONDecodeError:
                    continue
                if isinstance(line, dict):
                    yield line


def _is_about(line: Line, record: str) -> bool:
    return record in line.get("about", ()) or record in str(line.get("path", "")).split("/") or record in line.values()


def _moment(line: Line) -> datetime | None:
    try:
        return datetime.fromisoformat(str(line.get("time")))
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Return a text whose control characters are spelled out: a stranger's words command nobody's terminal."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found.group()):02x}", text)


def _text(value: object) -> str:
    return value if isinstance(value, str) and " " not in value else orjson.dumps(value).decode()
