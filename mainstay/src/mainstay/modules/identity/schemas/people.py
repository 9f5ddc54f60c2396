"""What the routes of people give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.modules.identity.schemas.fields import Name, Places, Role, Version


class SignedInPersonOut(BaseModel):
    """Who is signed in."""

    id: UUID
    name: str
    email: str
    role: Role


class PersonOut(SignedInPersonOut):
    """Somebody who can sign in, or could; `place_ids` are the places that they are limited to, null: to none."""

    is_active: bool
    place_ids: list[UUID] | None
    version: int
    created_at: datetime


class PlaceOut(BaseModel):
    """What people can be limited to, such as a store."""

    id: UUID
    name: str


class PlacesOut(BaseModel):
    """The places that people can be limited to."""

    items: list[PlaceOut]


class PeopleOut(BaseModel):
    """A page of people, oldest first."""

    items: list[PersonOut]
    next_cursor: str | None
    total: int


class PersonPatch(BaseModel):
    """Another name, role, state or limit; `version` is the one that was read, what is left out stays.

    `place_ids` limit the person to these places; null takes the limit away.
    """

    model_config = ConfigDict(extra="forbid")

    version: Version
    name: Name | None = Field(default=None, examples=["Grace Hopper"])
    role: Role | None = None
    is_active: bool | None = None
    place_ids: Places | None = None
