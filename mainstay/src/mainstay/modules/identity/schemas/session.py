"""What the routes of the session take and give."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from mainstay.modules.identity.schemas.fields import Email, Password
from mainstay.modules.identity.schemas.people import SignedInPersonOut


class SignInIn(BaseModel):
    """Who wants to sign in."""

    model_config = ConfigDict(extra="forbid")

    email: Email = Field(examples=["ada@shop.example"])
    password: Password = Field(examples=["three quiet green trains"])


class SessionOut(BaseModel):
    """The session of the browser that asks; writes carry `csrf_token` in the header `X-CSRF-Token`."""

    person: SignedInPersonOut
    permissions: list[str]
    csrf_token: str
    expires_at: datetime
