"""What the routes of the interface give."""

from datetime import datetime

from pydantic import BaseModel, Field


class CallerOut(BaseModel):
    """Who has called it: somebody, a service by its key, or anybody at a route that is open to all."""

    caller: str = Field(examples=["service:0192e0a4-3f1d-7c51-9d7e-5b2f3f6c9a01"])
    name: str | None = Field(description="What a person is called; null for others, and for those who are gone")
    calls: int
    first_at: datetime
    last_at: datetime


class OutdatedOut(BaseModel):
    """An operation that is going away, and its callers, the latest first; it answers `until` then at least."""

    operation: str = Field(examples=["GET /api/v1/notes/{note_id}"])
    since: datetime
    until: datetime | None
    successor: str | None
    callers: list[CallerOut]


class OutdatedListOut(BaseModel):
    """All operations that are going away."""

    items: list[OutdatedOut]
