"""What the routes of people give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from mainstay.modules.identity.schemas.fields import Role


class SignedInPersonOut(BaseModel):
    """Who is signed in."""

    id: UUID
    name: str
    email: str
    role: Role


class PersonOut(SignedInPersonOut):
    """Somebody who can sign in, or could."""

    is_active: bool
    created_at: datetime


class PeopleOut(BaseModel):
    """A page of people, oldest first."""

    items: list[PersonOut]
    next_cursor: str | None
    total: int
