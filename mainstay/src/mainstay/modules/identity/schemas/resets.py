"""What the routes of links that reset a password take and give."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from mainstay.modules.identity.schemas.fields import Email, Password
from mainstay.modules.identity.schemas.invitations import TokenIn


class ResetRequestIn(BaseModel):
    """Whose password is to be set anew."""

    model_config = ConfigDict(extra="forbid")

    email: Email = Field(examples=["ada@shop.example"])


class ResetRequestOut(BaseModel):
    """The same for every address: if somebody has it, they get a link, which works for so long."""

    link_minutes: int = Field(examples=[60])


class ResetLinkOut(BaseModel):
    """The link to hand to the person; it is shown once and works once."""

    link_path: str | None = Field(examples=["/reset#2fOq…"])
    is_mailed: bool
    expires_at: datetime


class ResetCheckOut(BaseModel):
    """Whose password a link resets."""

    name: str
    email: str
    expires_at: datetime


class ResetIn(TokenIn):
    """The new password."""

    password: Password = Field(examples=["three quiet green trains"])
