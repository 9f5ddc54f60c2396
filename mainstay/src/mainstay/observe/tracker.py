"""Troubles in the form that Sentry and those who speak its language take (envelopes over HTTP), and where they go.

The form: https://develop.sentry.dev/sdk/data-model/envelopes/ and https://develop.sentry.dev/sdk/data-model/event-payloads/
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

import orjson
from pydantic import Field, SecretStr, field_validator

from mainstay import clock, ids
from mainstay.observe.troubles import Frame, Trouble
from mainstay.settings import Settings

CONTENT_TYPE: Final = "application/x-sentry-envelope"
CLIENT: Final = "mainstay/1"
BROWSER: Final = "browser"
_LEVELS: Final = {"error": "error", "critical": "fatal"}


class ErrorSettings(Settings):
    """Who gathers errors: the program itself, and a tracker besides, if there is one."""

    section = "errors"

    dsn: SecretStr | None = Field(
        default=None, description="The address that a tracker of errors (Sentry, GlitchTip, …) gives for a project"
    )
    queue: int = Field(default=100, ge=1, le=10_000, description="Errors that wait at most; others are dropped")
    keep_days: int = Field(
        default=90, ge=1, le=3650, description="Days after which an error that has not come again is forgotten"
    )
    most: int = Field(
        default=500,
        ge=10,
        le=10_000,
        description="Different errors that are kept of the program, and as many of browsers; of more, those go that "
        "came longest ago",
    )

    @field_validator("dsn", mode="after")
    @classmethod
    def _is_dsn(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            Place.of(value.get_secret_value())
        return value


@dataclass(frozen=True, slots=True)
class Place:
    """Where envelopes of a project go, and by which key."""

    url: str
    key: str

    @classmethod
    def of(cls, dsn: str) -> Self:
        """Read `https://key@host/project`; raises ValueError."""
        parts = urlsplit(dsn)
        way, _, project = parts.path.rstrip("/").rpartition("/")
        if parts.scheme not in {"http", "https"} or not (parts.username and parts.hostname and project):
            raise ValueError("it must be of the form https://key@host/project")
        host = parts.netloc.rpartition("@")[2]
        return cls(f"{parts.scheme}://{host}{way}/api/{project}/envelope/", parts.username)

    @property
    def headers(self) -> tuple[tuple[str, str], ...]:
        """What the tracker wants to see."""
        who = f"Sentry sentry_version=7, sentry_client={CLIENT}, sentry_key={self.key}"
        return (("Content-Type", CONTENT_TYPE), ("X-Sentry-Auth", who))


@dataclass(frozen=True, slots=True)
class Source:
    """Whose troubles they are: the release, the environment, the machine, and the part of the program."""

    release: str
    environment: str
    machine: str
    role: str


def envelope(source: Source, trouble: Trouble) -> bytes:
    """Return the body that tells of one trouble."""
    event = _event(source, trouble)
    content = orjson.dumps(event)
    head = orjson.dumps({"event_id": event["event_id"], "sent_at": event["timestamp"]})
    kind = orjson.dumps({"type": "event", "content_type": "application/json", "length": len(content)})
    return b"\n".join((head, kind, content, b""))


def _event(source: Source, trouble: Trouble) -> dict[str, object]:
    facts, is_browser = trouble.facts, trouble.logger == BROWSER
    event: dict[str, object] = {
        "event_id": ids.new_id().hex,
        "timestamp": clock.now().isoformat(),
        "platform": "javascript" if is_browser else "python",
        "level": _LEVELS.get(trouble.level, "error"),
        "logger": trouble.logger,
        "release": source.release,
        "environment": source.environment,
        "server_name": source.machine,
        "transaction": facts.get("route") or facts.get("job") or facts.get("page") or trouble.event,
        "fingerprint": list(trouble.fingerprint),
        "tags": {**facts, "role": BROWSER if is_browser else source.role},
        "logentry": {"formatted": trouble.event},
    }
    if trouble.kind is not None:
        frames = [_frame(each) for each in trouble.frames]
        raised = {"type": trouble.kind, "value": trouble.sentence, "stacktrace": {"frames": frames}}
        event["exception"] = {"values": [raised]}
    if "actor" in facts:
        event["user"] = {"id": facts["actor"]}
    if "trace_id" in facts:
        event["contexts"] = {"trace": {"trace_id": facts["trace_id"], "span_id": "0" * 16}}
    return event


def _frame(frame: Frame) -> Mapping[str, object]:
    place = {"filename": frame.file, "function": frame.function, "lineno": frame.line, "in_app": frame.is_ours}
    return {**place, "colno": frame.column} if frame.column else place
