"""What is said of passkeys: challenges for the browser, and its answers. Bytes travel as base64url without padding."""

import base64
import binascii
import re
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema

from mainstay.modules.identity.schemas.fields import Name

_TEXT = re.compile(r"[A-Za-z0-9_-]+")
# The longest credential id (WebAuthn level 3, 5.1) and what no honest answer comes near.
_ID_BYTES, _MOST_BYTES = 1023, 8192


def _decode(value: object) -> bytes:
    if not isinstance(value, str) or _TEXT.fullmatch(value) is None:
        raise ValueError("must be base64url without padding")
    try:
        return base64.urlsafe_b64decode(value + "=" * (-len(value) % 4))
    except binascii.Error as failure:
        raise ValueError("must be base64url without padding") from failure


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


_ENCODED = PlainSerializer(_encode, return_type=str)
_SCHEMA = {"type": "string", "pattern": "^[A-Za-z0-9_-]+$", "minLength": 1}
CredentialId = Annotated[
    bytes,
    BeforeValidator(_decode),
    Field(max_length=_ID_BYTES),
    _ENCODED,
    WithJsonSchema(_SCHEMA | {"maxLength": 1364, "examples": ["AQIDBAUGBwg"]}),
]
Opaque = Annotated[
    bytes,
    BeforeValidator(_decode),
    Field(max_length=_MOST_BYTES),
    _ENCODED,
    WithJsonSchema(_SCHEMA | {"maxLength": 10_923, "examples": ["AQIDBAUGBwg"]}),
]
Bytes = Annotated[bytes, _ENCODED, WithJsonSchema(_SCHEMA)]


class PasskeyRequestOut(BaseModel):
    """What a passkey is to sign; `credentials` are those that may, and none means any of this site."""

    challenge: Bytes
    site: str
    credentials: list[Bytes]
    seconds: int


class PasskeyCreationOut(PasskeyRequestOut):
    """What a new passkey is made for; `credentials` are those that are there already."""

    title: str
    user: Bytes
    user_name: str
    user_title: str
    algorithms: list[int]


class AssertionIn(BaseModel):
    """A challenge signed by a passkey."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["passkey"]
    credential: CredentialId
    client_data: Opaque
    authenticator_data: Opaque
    signature: Opaque
    user_handle: CredentialId | None = None


class PasskeySignInIn(AssertionIn):
    """A challenge signed by a passkey that signs in by itself."""

    ends_with_browser: bool = Field(
        default=False, description="The cookie is not kept: closing the browser signs out, as on a shared computer"
    )


class RegistrationIn(BaseModel):
    """A new passkey as the browser made it, with a name to tell it by."""

    model_config = ConfigDict(extra="forbid")

    name: Name = Field(examples=["Ada's phone"])
    credential: CredentialId
    client_data: Opaque
    attestation: Opaque


class PasskeyOut(BaseModel):
    """A passkey of the person who asks; `site` is the name of this program that it works at."""

    id: UUID
    name: str
    site: str
