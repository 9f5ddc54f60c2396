"""What the audit routes give."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field, JsonValue


class ActorOut(BaseModel):
    """Who acted; `name` and `address` are null where they were erased or never known."""

    kind: str = Field(examples=["person"])
    id: UUID | None
    role: str = Field(examples=["owner"])
    name: str | None = Field(examples=["Ada Lovelace"])
    address: str | None = Field(description="Network address of the caller", examples=["192.0.2.7"])


class EntryOut(BaseModel):
    """An act on record. `sequence` is its place in the chain of hashes, null until it is sealed (within a minute)."""

    id: UUID
    happened_at: datetime
    act: str = Field(examples=["identity.signed_in"])
    object_type: str = Field(examples=["identity.person"])
    object_id: str | None
    actor: ActorOut
    approver_id: UUID | None
    request_id: str
    old: dict[str, JsonValue] | None
    new: dict[str, JsonValue] | None
    reason: str | None
    erased: list[Literal["actor", "change"]] = Field(description="What was erased of the entry on request")
    sequence: int | None


class EntriesOut(BaseModel):
    """A page of the trail, newest first."""

    items: list[EntryOut]
    next_cursor: str | None


class StoryOut(BaseModel):
    """A page of what is on record about one thing, oldest first."""

    items: list[EntryOut]
    next_cursor: str | None


class ActsOut(BaseModel):
    """The acts that there are entries of."""

    items: list[str]
