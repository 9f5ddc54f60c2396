"""What the routes of shared devices and of PINs take and give."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from mainstay.modules.identity.schemas.fields import Name


def _digits(pin: SecretStr) -> SecretStr:
    text = pin.get_secret_value()
    if not (text.isascii() and text.isdigit()):
        raise ValueError("a PIN has digits only")
    return pin


Pin = Annotated[
    SecretStr,
    Field(min_length=4, max_length=8, examples=["4711"], json_schema_extra={"pattern": "^[0-9]{4,8}$"}),
    AfterValidator(_digits),
]


class PinIn(BaseModel):
    """A PIN of four to eight digits, for shared devices."""

    model_config = ConfigDict(extra="forbid")

    pin: Pin


class PinOut(BaseModel):
    """Whether a PIN is set, and since when."""

    is_set: bool
    changed_at: datetime | None


class StationIn(BaseModel):
    """The browser that asks becomes a shared device that stands at a place, such as a register."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    place_id: UUID
    name: Name = Field(examples=["Tablet by the door"])


class StationOut(BaseModel):
    """A shared device; `place_name` is null when what it stood at is gone, and it takes no PINs then."""

    id: UUID
    place_id: UUID
    place_name: str | None
    name: str
    created_at: datetime
    created_by_name: str | None
    last_used_at: datetime | None
    is_here: bool


class StationsOut(BaseModel):
    """All shared devices, the first one first."""

    items: list[StationOut]


class StationPersonOut(BaseModel):
    """Somebody who can give a PIN on a device."""

    id: UUID
    name: str


class HereStationOut(BaseModel):
    """What this browser is."""

    id: UUID
    name: str
    place_id: UUID
    place_name: str


class HereOut(BaseModel):
    """The shared device that this browser is (null: none), and who can sign in on it by PIN."""

    station: HereStationOut | None
    people: list[StationPersonOut]


class PinSignInIn(BaseModel):
    """Who signs in by PIN on the shared device that asks."""

    model_config = ConfigDict(extra="forbid")

    person_id: UUID
    pin: Pin


class ApproversOut(BaseModel):
    """Who can approve by PIN on the device that asks."""

    items: list[StationPersonOut]
