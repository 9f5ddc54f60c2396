"""What the routes of API keys take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from mainstay.modules.identity.schemas.fields import Name

Right = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class KeyIn(BaseModel):
    """A key to be made, with an id that the client makes."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: Name = Field(examples=["Stock robot"])
    permissions: list[Right] = Field(min_length=1, max_length=100, examples=[["audit.read"]])
    expires_in_days: int = Field(ge=1, le=366, examples=[90])


class KeyPatch(BaseModel):
    """Another name for a key."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(examples=["Stock robot"])


class KeyOut(BaseModel):
    """A key without its secret: `hint` is how it begins and ends."""

    id: UUID
    name: str
    hint: str = Field(examples=["tp_3kf9…Qz81aB"])
    permissions: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="Written at most once a minute")


class KeyMadeOut(KeyOut):
    """A new key; `key` is shown in this answer alone."""

    key: str


class KeysOut(BaseModel):
    """All keys of a person, or of services, the newest first; and the rights that the caller may give to one."""

    items: list[KeyOut]
    grantable: list[str]
