"""What the routes of the operations module take and give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.bulk.schemas import BulkIn, SeenItemIn

Level = Literal["debug", "info", "warning", "error"]
ErrorState = Literal["open", "resolved", "ignored"]
ErrorAct = Literal["resolve", "ignore", "reopen"]
ErrorRole = Literal["api", "worker", "browser", "supervisor"]


class LevelIn(BaseModel):
    """How much a logger is to write, and for how long."""

    model_config = ConfigDict(extra="forbid")

    level: Level
    minutes: int = Field(default=30, ge=1, le=1440, description="After so many it follows the others again")


class ChangedOut(BaseModel):
    """A logger with a level of its own for a while."""

    logger: str = Field(examples=["mainstay.net"])
    level: Level
    until: datetime


class LogLevelsOut(BaseModel):
    """The level that holds for all loggers, those with another one, and the processes of this machine, which follow.

    Those of other machines follow within a second.
    """

    base: str
    items: list[ChangedOut]
    processes: list[str]


class ProcessOut(BaseModel):
    """A process of this machine, and what it takes: seconds of processors since its start, and bytes of memory."""

    name: str = Field(examples=["api-1"])
    cpu_seconds: float
    memory_bytes: int | None = Field(description="Null where the system does not tell")
    open_files: int | None
    threads: int


class ProcessesOut(BaseModel):
    """The processes of this machine that answer, by name."""

    items: list[ProcessOut]


class ProfileIn(BaseModel):
    """Which process is to be looked at, and for how long."""

    model_config = ConfigDict(extra="forbid")

    process: str = Field(default="api-1", pattern=r"^[a-z]+-[0-9]{1,3}$", examples=["api-1", "worker-1"])
    seconds: float = Field(default=5, ge=0.1, le=30)


class CodePlaceOut(BaseModel):
    """A route or a job, and in how many samples the process worked for it."""

    place: str = Field(examples=["GET /api/v1/catalog/products"])
    samples: int


class FunctionOut(BaseModel):
    """A function, with samples in itself (`own`) and in all that it calls (`whole`)."""

    name: str
    file: str
    line: int
    own: int
    whole: int


class ProfileOut(BaseModel):
    """What a process was doing: `looks` is how often it was looked at, `samples` how often a thread was at work.

    `stacks` are for tools that draw them (flame graphs): `place;outer;inner 42`, one a line.
    """

    process: str
    seconds: float
    looks: int
    samples: int
    places: list[CodePlaceOut]
    functions: list[FunctionOut]
    stacks: str


class StatusCheckOut(BaseModel):
    """What the program found when it asked something that it needs or uses."""

    name: str = Field(examples=["database"])
    is_ok: bool
    is_needed: bool = Field(description="Without it the program is not ready; without the others it goes on")
    ms: float = Field(description="How long the answer took")
    reason: str | None = Field(description="What is wrong, as a sentence; null when nothing is")


class ObjectiveOut(BaseModel):
    """What is promised of requests, how many of the last 30 days missed it, and how much of what may be missed is left.

    Both burn rates say how many times as fast as allowed requests miss it: 1 uses the budget up in just 30 days.
    """

    name: Literal["answered", "quick"] = Field(description="Without an error of the program, or within 100 ms")
    requests: int
    missed: int
    target: float = Field(description="The share that is promised", examples=[0.999])
    budget_left: float = Field(description="1 is untouched, 0 used up; below that the promise is broken")
    burn_hour: float | None = Field(description="In the last hour; null when there were no requests", examples=[0.5])
    burn_six_hours: float | None = Field(description="In the last six hours; null when there were no requests")


class RouteOut(BaseModel):
    """The requests of one route since the start."""

    method: str
    route: str = Field(examples=["/api/v1/catalog/products"])
    requests: int
    failed: int = Field(description="Those that the program answered with an error of its own (5xx)")
    p95_ms: int | None = Field(
        description="95 of 100 answers began within so many milliseconds, the end of a bucket; null beyond the last "
        "one, and without answers"
    )
    p95_over_ms: int | None = Field(description="And not all of them within so many; null without answers")


class SlowSampleOut(BaseModel):
    """One request that took long; its id finds its lines in the log and its trace."""

    place: str = Field(examples=["GET /api/v1/catalog/products"])
    ms: float
    at: datetime
    request_id: str | None
    process: str
    statement: str | None = Field(description="What was asked of the database, without values; null for a request")


class ProgramStatusOut(BaseModel):
    """How the program stands: what it needs, what it promises, and what its processes take.

    Objectives are of the last 30 days, by all processes of all machines, those of others a minute late; of less as long
    as nothing was counted before `objectives_since`. Routes are counted from `since` on, by all API processes of this
    machine; samples are those of the last hour.
    """

    since: datetime
    objectives_since: datetime
    checks: list[StatusCheckOut]
    objectives: list[ObjectiveOut]
    routes: list[RouteOut] = Field(description="Those with errors first, then the slowest; at most 50")
    slow_requests: list[SlowSampleOut]
    slow_statements: list[SlowSampleOut]
    processes: list[ProcessOut]
    open_errors: int = Field(description="Different errors that nobody has resolved or ignored")


class ErrorVersionIn(BaseModel):
    """The version that was looked at."""

    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=1, le=2_147_483_647, examples=[1])


class ErrorsChange(BaseModel):
    """Say that their causes are mended, have them counted only, or have them open again."""

    model_config = ConfigDict(extra="forbid")

    kind: ErrorAct


class ErrorsBulkIn(BulkIn[ErrorsChange, SeenItemIn]):
    """What is to be done with many errors, each in the version that was looked at."""


class ErrorOut(BaseModel):
    """What went wrong in the same way at the same place, however often."""

    id: UUID
    role: ErrorRole = Field(description="The part of the program")
    kind: str | None = Field(
        description="What was raised; null for a line of the log that is an error by itself", examples=["ValueError"]
    )
    place: str = Field(
        description="The innermost place of the program's own code, or the logger", examples=["shop/tax.py:rate_of"]
    )
    event: str = Field(description="What the line of the log says", examples=["unhandled error"])
    count: int
    first_at: datetime
    last_at: datetime
    first_release: str = Field(examples=["1.4.0"])
    last_release: str = Field(examples=["1.4.2"])
    state: ErrorState
    resolved_at: datetime | None
    resolved_release: str | None
    returns: int = Field(description="How often it came again after somebody had resolved it")
    returned_at: datetime | None
    returned_release: str | None = Field(description="The release in which it came again the last time")
    version: int


class ErrorsOut(BaseModel):
    """A page of errors, those first that came last."""

    items: list[ErrorOut]
    next_cursor: str | None


class ErrorFrameOut(BaseModel):
    """A place in the code; `is_ours` is false for libraries, `column` 0 where nobody tells."""

    file: str
    line: int
    column: int
    function: str
    is_ours: bool


class OccurrenceOut(BaseModel):
    """One of the last times: `facts` tell in which route, job or page; `frames` the way there, innermost last."""

    number: int = Field(description="1 for the first time, and so on")
    at: datetime
    release: str
    machine: str
    request_id: str | None = Field(description="Finds its lines in the log")
    trace_id: str | None
    sentence: str = Field(description="What the error says, without what may be somebody's; often nothing")
    facts: dict[str, str]
    frames: list[ErrorFrameOut]


class ErrorDetailOut(ErrorOut):
    """An error with the last times that it came."""

    occurrences: list[OccurrenceOut] = Field(description="The latest first; none of an ignored one is added")
