"""What the routes of people give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.modules.identity.schemas.fields import Name, Role, Version


class SignedInPersonOut(BaseModel):
    """Who is signed in."""

    id: UUID
    name: str
    email: str
    role: Role


class PersonOut(SignedInPersonOut):
    """Somebody who can sign in, or could."""

    is_active: bool
    version: int
    created_at: datetime


class PeopleOut(BaseModel):
    """A page of people, oldest first."""

    items: list[PersonOut]
    next_cursor: str | None
    total: int


class PersonPatch(BaseModel):
    """Another name, role or state; `version` is the one that was read, what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    name: Name | None = Field(default=None, examples=["Grace Hopper"])
    role: Role | None = None
    is_active: bool | None = None
