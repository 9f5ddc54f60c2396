"""What the routes of the queue take and give."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from mainstay.bulk.schemas import BulkIn, Number, NumberedBulkOut, NumberedItemIn

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


class JobsChange(BaseModel):
    """Try jobs again, do not run them, or forget them."""

    model_config = ConfigDict(extra="forbid")

    kind: Act


class JobsBulkIn(BulkIn[JobsChange, NumberedItemIn]):
    """Something that is to be done with many jobs."""


class ManyIn(BaseModel):
    """Which jobs something is to be done with, as it was asked before there was `POST /jobs/bulk`."""

    model_config = ConfigDict(extra="forbid")

    ids: list[Number] = Field(min_length=1, max_length=100)

    def bulk(self, kind: Act) -> JobsBulkIn:
        """Return the same as it is asked now; one that is named twice is meant once."""
        items = [NumberedItemIn(id=job_id) for job_id in dict.fromkeys(self.ids)]
        return JobsBulkIn(change=JobsChange(kind=kind), items=items)


class OutcomeOut(BaseModel):
    """What became of one of many: `code` tells why it was refused."""

    id: int
    is_done: bool
    code: str | None = None
    detail: str | None = None


class ManyOut(BaseModel):
    """What became of each, in the order of the request."""

    items: list[OutcomeOut]

    @classmethod
    def of(cls, told: NumberedBulkOut) -> Self:
        """Return what `POST /jobs/bulk` answers, as it was told before there was that."""
        items = [
            OutcomeOut(id=each.id, is_done=each.outcome == "changed", code=each.code, detail=each.detail)
            for each in told.items
        ]
        return cls(items=items)


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
