"""Logs: one JSON object per line on one stream, whoever writes it: this program, a library, a warning or a crash."""

import json
import logging
import sys
import threading
import traceback
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Literal, cast

import orjson
import structlog
from pydantic import Field

from mainstay import clock, context
from mainstay.observe import troubles
from mainstay.observe.levels import LEVELS
from mainstay.observe.log_file import LogFile
from mainstay.observe.patterns import REDACTED, cleaned
from mainstay.observe.redaction import is_secret, redacted
from mainstay.observe.traces import current
from mainstay.settings import Settings

Level = Literal["debug", "info", "warning", "error"]

# Fields that only the program itself fills, and whose lines are many: they are not looked through.
_KNOWN: Final = frozenset({"method", "route", "status", "duration_ms", "actor", "statements", "database_ms", "job"})
# What every record of the standard library has; the rest of it was given with `extra`.
_RECORD_FIELDS = frozenset({*logging.makeLogRecord({}).__dict__, "message", "asctime", "color_message"})


class LogSettings(Settings):
    """How much is logged, and where to."""

    section = "log"

    level: Level = Field(default="info", description="The least serious line that is written")
    file: Path | None = Field(default=None, description="Write to this file instead of standard output")
    file_mib: int = Field(default=20, ge=1, le=10_000, description="A file that is as large makes room for a new one")
    files_kept: int = Field(default=5, ge=0, le=1000, description="Earlier files that stay beside it")

    def stream(self, otherwise: Path | None = None) -> BinaryIO | None:
        """Return the file to write to, `otherwise` where no other is set; None is standard output."""
        path = self.file or otherwise
        if path is None:
            return None
        # structlog's loggers write and flush, nothing else.
        return cast(BinaryIO, LogFile(path, self.file_mib * 1024 * 1024, self.files_kept))


def configure_logging(level: Level = "info", stream: BinaryIO | None = None) -> None:
    """Send everything that this process logs to `stream` (standard output by default) as JSON lines.

    It takes over the standard library's loggers, warnings and uncaught exceptions; calling it again replaces what it
    set up before. Lines carry time, level, logger, event and request id, and neither secrets nor what looks like
    personal data.
    """
    number: int = getattr(logging, level.upper())
    LEVELS.start(number)
    out = structlog.BytesLogger(stream or sys.stdout.buffer)
    structlog.configure(
        processors=[_line],
        # structlog calls it as it would a class.
        wrapper_class=LEVELS.bound,  # type: ignore[arg-type]  # see above
        logger_factory=lambda name="root": structlog.BytesLogger(stream or sys.stdout.buffer, name=name),
        cache_logger_on_first_use=False,
    )
    _bridge(number, out)
    sys.excepthook = _log_crash
    threading.excepthook = lambda crash: _log_crash(
        crash.exc_type, crash.exc_value or crash.exc_type(), crash.exc_traceback
    )


def configure_logging_by(settings: LogSettings) -> None:
    """Log as the settings say."""
    configure_logging(settings.level, settings.stream())


def _bridge(level: int, out: structlog.BytesLogger) -> None:
    """Give the root logger one handler, ours, and take away those that libraries brought."""
    known = logging.Logger.manager.loggerDict.values()
    for logger in (each for each in known if isinstance(each, logging.Logger)):
        logger.handlers.clear()
        logger.propagate = True
    logging.root.handlers[:] = [_Bridge(out)]
    logging.root.setLevel(level)
    logging.captureWarnings(capture=True)


class _Bridge(logging.Handler):
    """Writes the records of the standard library as the same JSON lines."""

    def __init__(self, out: structlog.BytesLogger) -> None:
        super().__init__()
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        """Write one record; what it cannot write, it reports on standard error."""
        try:
            fields = {name: value for name, value in record.__dict__.items() if name not in _RECORD_FIELDS}
            if record.exc_info:
                fields["exc_info"] = record.exc_info
            self._out.msg(render(record.levelname.lower(), record.name, record.getMessage(), fields))
        except Exception:  # noqa: BLE001  the standard library's own rule: logging never breaks the program
            self.handleError(record)


def _line(logger: structlog.BytesLogger, method: str, fields: structlog.typing.EventDict) -> bytes:
    return render(method, logger.name or "root", fields.pop("event"), fields)


def render(level: str, logger: str, event: object, fields: Mapping[str, object]) -> bytes:
    """Return one line without its end: time, level, logger, event, request id, then `fields`."""
    line: dict[str, object] = {
        "time": clock.now(),
        "level": level,
        "logger": logger,
        "event": cleaned(event) if type(event) is str else redacted(event),
        "request_id": context.request_id.get(),
    }
    _add_story(line)
    for name, value in fields.items():
        if name in _KNOWN:
            line[name] = value
        elif name == "exc_info":
            if value:
                line["exception"] = cleaned(_trace(value))
        elif is_secret(name):
            line[name] = REDACTED
        elif type(value) is str:
            line[name] = cleaned(value)
        else:
            line[name] = redacted(value)
    if level in troubles.SERIOUS:
        troubles.tell(line, event, fields)
    try:
        return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z)
    except TypeError:  # a key that is no text, a number of more than 64 bits, half of a surrogate pair
        return json.dumps(line, default=str, skipkeys=True).encode()


def _add_story(line: dict[str, object]) -> None:
    """Say of which trace a line is, who acts, and on what."""
    if (step := current.get()) is not None:
        line["trace_id"] = step.trace_id
    if (story := context.story.get()) is not None:
        if story.actor is not None:
            line["actor"] = story.actor
        if story.about:
            line["about"] = story.about


def _trace(info: object) -> str:
    """Return the trace that structlog and the standard library denote by an exception, a triple or True."""
    if isinstance(info, BaseException):
        return "".join(traceback.format_exception(info))
    if isinstance(info, tuple):
        return "".join(traceback.format_exception(*info))
    return traceback.format_exc()


def _log_crash(kind: type[BaseException], crash: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, crash, trace)
        return
    structlog.get_logger("mainstay.crash").critical("uncaught exception", exc_info=(kind, crash, trace))
