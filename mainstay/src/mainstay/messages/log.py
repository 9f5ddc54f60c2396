"""The event log: every event, appended in its own transaction, ordered and readable by position.

And what became of the jobs that answer events: that they were carried out, and how tries failed.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay import clock, context, ids
from mainstay.db.models import Base
from mainstay.messages.event import Event, object_id_of
from mainstay.messages.job import Job, Subscriptions
from mainstay.observe.traces import traceparent

# One statement for events and the jobs that answer them; the function lives in the migrations.
PUBLISH = "SELECT mainstay_publish($1::jsonb)"

# What events came of: the request, its trace and who asked. A statement may join it by `id`.
CAUSES = "SELECT id, request_id, trace, actor_id FROM mainstay_event"

# Of each name some: one that is committed later may stand before those that are there already.
LATEST = """
SELECT latest.position
FROM unnest($1::text[]) AS wanted
CROSS JOIN LATERAL (
    SELECT position FROM mainstay_event WHERE name = wanted ORDER BY position DESC LIMIT 30
) AS latest
ORDER BY latest.position DESC
"""

# Below the oldest running transaction nothing can be added any more, so that a reader passes nothing over.
_SETTLED = "transaction_id < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_COLUMNS = "position, transaction_id, id, name, payload, happened_at"

# Settled events behind a place (transaction, position), of all names or of some, without some modules'.
NEXT = f"""
SELECT {_COLUMNS} FROM mainstay_event
WHERE (transaction_id, position) > ($1, $2) AND {_SETTLED}
    AND ($3::text[] IS NULL OR name = ANY($3)) AND split_part(name, '.', 1) <> ALL($4::text[])
ORDER BY transaction_id, position LIMIT $5
"""  # noqa: S608  constants above

# Settled events of a part of the log: from a moment to another, from a position to another.
PART = f"""
SELECT {_COLUMNS} FROM mainstay_event
WHERE ($1::timestamptz IS NULL OR happened_at >= $1) AND ($2::timestamptz IS NULL OR happened_at < $2)
    AND ($3::bigint IS NULL OR position >= $3) AND ($4::bigint IS NULL OR position <= $4) AND {_SETTLED}
ORDER BY transaction_id, position LIMIT $5
"""  # noqa: S608  constants above

PLACE_OF = "SELECT transaction_id, position FROM mainstay_event WHERE position = $1"

OLDEST = "SELECT position FROM mainstay_event ORDER BY transaction_id, position LIMIT 1"

# The newest position, settled or not; an expression.
NEWEST = "(SELECT coalesce(max(position), 0) FROM mainstay_event)"

# Deletes events older than an interval, up to a place (transaction, position) or all; returns how many.
FORGET = "SELECT mainstay_forget_events(now() - $1::interval, $2, $3) AS removed"


class EventRecord(Base):
    """A row of the event log.

    Readers take rows by (transaction_id, position) below the oldest running transaction, so that a position that
    commits late is never passed over. `trace` is the `traceparent` of what caused the event, where that was traced.
    """

    __tablename__ = "mainstay_event"
    __table_args__ = (
        UniqueConstraint("id"),
        Index(None, "transaction_id", "position"),
        Index(None, "name", "position"),
    )

    position: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    transaction_id: Mapped[int] = mapped_column(BigInteger, server_default=text("pg_current_xact_id()::text::bigint"))
    id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    payload: Mapped[dict[str, object]] = mapped_column(JSONB)
    actor_id: Mapped[UUID | None]
    request_id: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    trace: Mapped[str | None] = mapped_column(Text)


class JobDone(Base):
    """That a job has carried out its effects for an event; written in the job's own transaction."""

    __tablename__ = "mainstay_job_done"

    event_id: Mapped[UUID] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(Text, primary_key=True)
    done_at: Mapped[datetime] = mapped_column(server_default=func.now())


class JobFailure(Base):
    """A try of a job in the queue that failed; it is forgotten some time after the job is gone.

    `reason` is a sentence that anybody may read, `stack` the places in the code; neither holds values of the business.
    """

    __tablename__ = "mainstay_job_failure"
    __table_args__ = (Index(None, "job_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    # The queue deletes jobs that are done as often as it can, and should not wait for this table.
    job_id: Mapped[int] = mapped_column(BigInteger)
    attempt: Mapped[int]
    error: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    stack: Mapped[str] = mapped_column(Text)
    request_id: Mapped[str] = mapped_column(Text)
    duration_ms: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class JobProgress(Base):
    """How far a job in the queue has come: `done` of `total`, where that is known; forgotten like its failures."""

    __tablename__ = "mainstay_job_progress"
    __table_args__ = (CheckConstraint("done >= 0 AND total >= 0", name="counts"),)

    # As with its failures, the queue does not wait for this table.
    job_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    done: Mapped[int] = mapped_column(BigInteger)
    total: Mapped[int | None] = mapped_column(BigInteger)
    told_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ScheduleRun(Base):
    """How the latest run of a schedule went; `moment` is the one that it was due at."""

    __tablename__ = "mainstay_schedule_run"
    __table_args__ = (CheckConstraint("outcome IN ('done', 'retried', 'failed')", name="outcome_known"),)

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    moment: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(Text)
    error: Mapped[str | None] = mapped_column(Text)
    duration_ms: Mapped[int]
    ended_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True, slots=True)
class Origin:
    """Who caused an event, and in which request."""

    actor_id: UUID | None
    request_id: str


def _job_entry(job: Job, event: Event) -> dict[str, object]:
    return {
        "queue": job.queue,
        "task": job.name,
        "priority": job.priority,
        "lock": job.lock(event) if job.lock else None,
    }


def envelope(events: Sequence[Event], subscriptions: Subscriptions, origin: Origin) -> str:
    """Return the JSON argument of `mainstay_publish`: the events, each with the jobs to defer for it."""
    context.note_about(key for event in events if (key := object_id_of(event)) is not None)
    at, trace = clock.now().isoformat(), traceparent()
    traced = {} if trace is None else {"trace": trace}
    entries = [
        {
            **traced,
            "id": str(ids.new_id()),
            "name": event.name,
            "payload": event.model_dump(mode="json"),
            "actor_id": str(origin.actor_id) if origin.actor_id else None,
            "request_id": origin.request_id,
            "happened_at": at,
            "jobs": [_job_entry(job, event) for job in subscriptions.answering(event)],
        }
        for event in events
    ]
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
