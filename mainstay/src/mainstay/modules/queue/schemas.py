"""What the routes of the queue take and give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

State = Literal["waiting", "retrying", "running", "cancelling", "failed", "cancelled", "done"]
Act = Literal["retry", "cancel", "discard"]


class WorkerOut(BaseModel):
    """A process that runs jobs."""

    id: int
    last_heartbeat: datetime
    running: int


class StandingOut(BaseModel):
    """How the queue stands. `waiting_since` is when the oldest job that nobody has tried yet was wanted."""

    waiting: int
    retrying: int
    running: int
    failed: int
    waiting_since: datetime | None
    workers: list[WorkerOut]


class JobOut(BaseModel):
    """A job in the queue; those that are done are not kept. `can` says what may be done with it now."""

    id: int
    name: str = Field(examples=["crm.read_file"])
    queue: str
    priority: int
    state: State
    attempts: int = Field(description="Tries that have ended")
    tries: int | None = Field(description="Tries that it has; null when this version of the program has no such job")
    due_at: datetime | None = Field(description="When its next try is due")
    event_name: str | None
    event_id: str | None
    request_id: str | None
    happened_at: datetime | None = Field(description="When its event happened")
    moment: datetime | None = Field(description="For the job of a schedule: the moment it is for")
    error: str | None = Field(description="What its latest try failed with")
    reason: str | None
    failed_at: datetime | None
    progress_done: int | None = Field(description="How far it has come, or came at its latest try, if it says so")
    progress_total: int | None = Field(description="Of how many; null where nobody knows")
    can: list[Act]


class JobsOut(BaseModel):
    """A page of jobs, the newest first."""

    items: list[JobOut]
    next_cursor: str | None


class FailureOut(BaseModel):
    """A try that failed: what with, and where in the code."""

    attempt: int
    error: str
    reason: str | None
    stack: str
    request_id: str
    duration_ms: int
    failed_at: datetime


class JobDetailOut(JobOut):
    """A job with what its event says and how its tries failed, the latest first."""

    payload: dict[str, JsonValue]
    failures: list[FailureOut]


class ManyIn(BaseModel):
    """Which jobs something is to be done with."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Annotated[int, Field(ge=1, lt=2**63)]] = Field(min_length=1, max_length=100)


class OutcomeOut(BaseModel):
    """What became of one of many: `code` tells why it was refused."""

    id: int
    is_done: bool
    code: str | None = None
    detail: str | None = None


class ManyOut(BaseModel):
    """What became of each, in the order of the request."""

    items: list[OutcomeOut]


class ScheduleOut(BaseModel):
    """A schedule: when it runs and how its latest run went."""

    name: str = Field(examples=["audit.seal"])
    cron: str = Field(examples=["* * * * *"], description="In UTC")
    queue: str
    next_at: datetime
    is_pending: bool = Field(description="Whether it waits for a worker or runs at present")
    last_moment: datetime | None
    last_ended_at: datetime | None
    last_outcome: Literal["done", "retried", "failed"] | None
    last_error: str | None
    last_duration_ms: int | None


class SchedulesOut(BaseModel):
    """All schedules of the program, by name."""

    items: list[ScheduleOut]
