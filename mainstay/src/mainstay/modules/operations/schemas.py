"""What the routes of the operations module take and give."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Level = Literal["debug", "info", "warning", "error"]


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
    """The level that holds for all loggers, those with another one, and the processes of which it is true."""

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
    """What is promised of requests, how many missed it, and how much of what may be missed is left."""

    name: Literal["answered", "quick"] = Field(description="Without an error of the program, or within 100 ms")
    requests: int
    missed: int
    target: float = Field(description="The share that is promised", examples=[0.999])
    budget_left: float = Field(description="1 is untouched, 0 used up; below that the promise is broken")


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

    Numbers are counted from `since` on, by all API processes of this machine; samples are those of the last hour.
    """

    since: datetime
    checks: list[StatusCheckOut]
    objectives: list[ObjectiveOut]
    routes: list[RouteOut] = Field(description="Those with errors first, then the slowest; at most 50")
    slow_requests: list[SlowSampleOut]
    slow_statements: list[SlowSampleOut]
    processes: list[ProcessOut]
