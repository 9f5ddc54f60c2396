"""What the routes of set-up and invitations take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.modules.identity.schemas.fields import Email, Name, Password, Places, Role, Token


class SetupOut(BaseModel):
    """Whether the program has an owner, and what people can do for themselves before they sign in."""

    is_set_up: bool
    sends_mail: bool = Field(description="Whoever forgot their password can ask for a link")
    takes_sign_ups: bool = Field(description="People may sign up by themselves, and wait for approval")


class TokenIn(BaseModel):
    """A one-time link's token, from the part of the address after `#`."""

    model_config = ConfigDict(extra="forbid")

    token: Token = Field(examples=["the-part-of-the-link-behind-the-number-sign"])


class InvitationCheckOut(BaseModel):
    """What a link invites to; `name` and `email` are null where the invited person gives them."""

    role: Role
    name: str | None
    email: str | None
    expires_at: datetime


class AcceptIn(TokenIn):
    """Accepting an invitation: `name` and `email` count where the invitation leaves them open."""

    name: Name | None = Field(default=None, examples=["Ada Lovelace"])
    email: Email | None = Field(default=None, examples=["ada@shop.example"])
    password: Password = Field(examples=["three quiet green trains"])


class InvitationIn(BaseModel):
    """Whom to invite, with an id that the client makes."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: Name = Field(examples=["Grace Hopper"])
    email: Email = Field(examples=["grace@shop.example"])
    role: Role
    place_ids: Places | None = Field(default=None, description="The places that the person is limited to")


class InvitationOut(BaseModel):
    """The link to hand to the invited person, shown once; null where it was mailed to them, and only to them."""

    id: UUID
    link_path: str | None = Field(examples=["/join#2fOq…"])
    is_mailed: bool
    expires_at: datetime
