"""What the routes of signing up by oneself take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.mail.settings import Language
from mainstay.modules.identity.schemas.fields import Email, Name, Password, Places, Role
from mainstay.modules.identity.schemas.invitations import TokenIn


class SignUpIn(BaseModel):
    """Who wants to join; which role they get is decided by whoever approves."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(examples=["Grace Hopper"])
    email: Email = Field(examples=["grace@shop.example"])
    password: Password = Field(examples=["three quiet green trains"])
    language: Language = Field(default="en", description="For the mails about it")


class SignUpOut(BaseModel):
    """The same for every address: a mail goes to it, and a link in it works for so long."""

    link_hours: int = Field(examples=[24])


class SignUpCheckOut(BaseModel):
    """Whose address a link confirms."""

    name: str
    email: str
    expires_at: datetime


class ConfirmIn(TokenIn):
    """The password that was chosen, which shows that it is the same person."""

    password: Password = Field(examples=["three quiet green trains"])


class WaitingOut(BaseModel):
    """Somebody who signed up, confirmed their address, and waits."""

    id: UUID
    name: str
    email: str
    created_at: datetime
    confirmed_at: datetime


class WaitingPageOut(BaseModel):
    """A page of people who wait, who has waited longest first."""

    items: list[WaitingOut]
    next_cursor: str | None


class ApproveIn(BaseModel):
    """The role that somebody gets, and the places that they are limited to; null: to none."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    place_ids: Places | None = None
