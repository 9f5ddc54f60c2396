"""What the identity routes take and give."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints

Role = Literal["owner", "cashier"]


# Joiners: invisible, and part of the spelling in Persian, in India's scripts and in emoji.
JOINERS = frozenset("\u200c\u200d")


def _printable(text: str) -> str:
    """Refuse control characters; letters of every script, spaces and marks are kept as they are."""
    if any(not (character.isprintable() or character in JOINERS) for character in text):
        raise ValueError("control characters are not allowed")
    return text


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_printable)
]
Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=3, max_length=254, pattern=r"^[^@\s]+@[^@\s]+$"),
    AfterValidator(_printable),
]
# A hash is costly: nothing longer than the longest allowed password is looked at.
Password = Annotated[SecretStr, Field(min_length=1, max_length=128)]
Token = Annotated[SecretStr, Field(min_length=20, max_length=100)]


class SetupOut(BaseModel):
    """Whether the program has an owner."""

    is_set_up: bool


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


class SignInIn(BaseModel):
    """Who wants to sign in."""

    model_config = ConfigDict(extra="forbid")

    email: Email = Field(examples=["ada@shop.example"])
    password: Password = Field(examples=["three quiet green trains"])


class InvitationIn(BaseModel):
    """Whom to invite, with an id that the client makes."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    name: Name = Field(examples=["Grace Hopper"])
    email: Email = Field(examples=["grace@shop.example"])
    role: Role


class InvitationOut(BaseModel):
    """The link to hand to the invited person; it is shown once and works once."""

    id: UUID
    link_path: str = Field(examples=["/join#2fOq…"])
    expires_at: datetime


class SignedInPersonOut(BaseModel):
    """Who is signed in."""

    id: UUID
    name: str
    email: str
    role: Role


class SessionOut(BaseModel):
    """The session of the browser that asks; writes carry `csrf_token` in the header `X-CSRF-Token`."""

    person: SignedInPersonOut
    permissions: list[str]
    csrf_token: str
    expires_at: datetime


class PersonOut(SignedInPersonOut):
    """Somebody who can sign in, or could."""

    is_active: bool
    created_at: datetime


class PeopleOut(BaseModel):
    """A page of people, oldest first."""

    items: list[PersonOut]
    next_cursor: str | None
    total: int
