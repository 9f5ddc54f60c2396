"""What the routes of one's own account take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from mainstay.modules.identity.schemas.fields import Email, Name, Password, Role, Token, Version

Problem = Literal["too_short", "too_long", "needs_mix", "too_simple", "holds_own_words", "too_common"]


class AccountOut(BaseModel):
    """One's own account."""

    id: UUID
    name: str
    email: str
    role: Role
    version: int
    created_at: datetime
    password_changed_at: datetime


class AccountPatch(BaseModel):
    """Another name; `version` is the one that was read."""

    model_config = ConfigDict(extra="forbid")

    version: Version
    name: Name = Field(examples=["Ada King"])


class PasswordChangeIn(BaseModel):
    """Another password; the present one shows that it is not somebody else at an open browser."""

    model_config = ConfigDict(extra="forbid")

    present_password: Password = Field(examples=["three quiet green trains"])
    password: Password = Field(examples=["four slow yellow boats"])


class DeviceOut(BaseModel):
    """A signed-in browser, as it described itself when it signed in; `browser` and `system` are null when unknown."""

    id: UUID
    browser: str | None = Field(examples=["Firefox"])
    system: str | None = Field(examples=["Linux"])
    address: str = Field(examples=["192.0.2.7"])
    created_at: datetime
    last_seen_at: datetime
    ends_with_browser: bool
    is_current: bool


class DevicesOut(BaseModel):
    """One's own devices, the one used last first."""

    items: list[DeviceOut]


class PasswordCheckIn(BaseModel):
    """A password to judge, for the person who is signed in, or holds a link (`token`), or says who they are."""

    model_config = ConfigDict(extra="forbid")

    password: Annotated[SecretStr, Field(max_length=1000)] = Field(examples=["three quiet green trains"])
    token: Token | None = None
    name: Name | None = None
    email: Email | None = None


class PasswordVerdictOut(BaseModel):
    """What is demanded of the password, what is wrong with it (null: nothing), and its strength from 0 to 3."""

    min_length: int
    max_length: int
    needs_mix: bool
    problem: Problem | None
    strength: int
