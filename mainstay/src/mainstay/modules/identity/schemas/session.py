"""What the routes of the session take and give."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mainstay.modules.identity.schemas.fields import Email, Password
from mainstay.modules.identity.schemas.people import SignedInPersonOut
from mainstay.permission import Extent
from mainstay.work import FactorState


class SignInIn(BaseModel):
    """Who wants to sign in."""

    model_config = ConfigDict(extra="forbid")

    email: Email = Field(examples=["ada@shop.example"])
    password: Password = Field(examples=["three quiet green trains"])
    ends_with_browser: bool = Field(
        default=False, description="The cookie is not kept: closing the browser signs out, as on a shared computer"
    )


class SessionStationOut(BaseModel):
    """The shared device on which somebody signed in by their PIN, and what it stands at.

    The till locks after `idle_seconds` without a touch. What is sent later, perhaps when somebody else has signed in,
    carries `mark`, which proves whose it was.
    """

    id: UUID
    place_id: UUID
    idle_seconds: int
    mark: str


class SessionOut(BaseModel):
    """The session of the browser that asks; writes carry `csrf_token` in the header `X-CSRF-Token`.

    `factor` tells of the second factor: there is none, it was given lately (`fresh`) or longer ago (`stale`: so is the
    password of those who have no factor; dangerous acts ask for it anew), or the
    role must have one that is not set up yet (`lacking`): then nothing else can be done before.

    `place_ids` are the places that the person is limited to, null: to none; `extents` whose records of some kinds they
    reach.
    """

    person: SignedInPersonOut
    permissions: list[str]
    place_ids: list[UUID] | None
    extents: dict[str, Extent]
    csrf_token: str
    factor: FactorState
    expires_at: datetime
    station: SessionStationOut | None = None
