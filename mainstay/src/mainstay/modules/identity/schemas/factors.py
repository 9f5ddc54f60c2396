"""What the routes of second factors take and give."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from mainstay.modules.identity.schemas.fields import Password, Role
from mainstay.modules.identity.schemas.passkeys import AssertionIn, PasskeyOut

FactorKind = Literal["totp", "passkey", "recovery_code"]


class CodeIn(BaseModel):
    """A code of an authenticator app, or a recovery code."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["totp", "recovery_code"]
    code: SecretStr = Field(min_length=6, max_length=40, examples=["123456"])


class PasswordProofIn(BaseModel):
    """The present password, of somebody who has no second factor."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["password"]
    password: Password = Field(examples=["three quiet green trains"])


FactorIn = Annotated[CodeIn | AssertionIn, Field(discriminator="kind")]
ProofIn = Annotated[CodeIn | AssertionIn | PasswordProofIn, Field(discriminator="kind")]


class SecondStepOut(BaseModel):
    """The password was right, and nobody is signed in yet: one of `factors` is to be given before `expires_at`."""

    factors: list[FactorKind]
    expires_at: datetime


class TotpOut(BaseModel):
    """The authenticator app of the person who asks."""

    confirmed_at: datetime
    last_used_at: datetime | None


class OwnPasskeyOut(PasskeyOut):
    """A passkey with its story."""

    created_at: datetime
    last_used_at: datetime | None


class FactorsOut(BaseModel):
    """The second factors of the person who asks; `is_required` says that their role must have one."""

    totp: TotpOut | None
    passkeys: list[OwnPasskeyOut]
    recovery_codes_left: int
    is_required: bool


class TotpKeyOut(BaseModel):
    """The key for an authenticator app, shown once: as text, as an address, and as a QR code (SVG)."""

    key: str
    uri: str
    picture: str


class TotpCodeIn(BaseModel):
    """The first code of an authenticator app that is being set up."""

    model_config = ConfigDict(extra="forbid")

    code: SecretStr = Field(min_length=6, max_length=10, examples=["123456"])


class RecoveryCodesOut(BaseModel):
    """Ten codes that work once each; they are shown in this answer alone."""

    codes: list[str]


class FactorPolicyOut(BaseModel):
    """The roles whose people must have a second factor; `version` 0 is what holds before anybody has stated it."""

    roles: list[Role]
    version: int


class FactorPolicyIn(BaseModel):
    """The roles whose people are to have a second factor, and no others."""

    model_config = ConfigDict(extra="forbid")

    version: Annotated[int, Field(ge=0, le=2_147_483_647, description="0: nobody has stated it yet", examples=[0])]
    roles: list[Role] = Field(max_length=20)
