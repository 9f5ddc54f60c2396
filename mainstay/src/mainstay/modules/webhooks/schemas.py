"""What the routes of webhooks take and give."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, model_validator

from mainstay.bulk.schemas import BulkIn, BulkItemIn

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]*$")
]
EventName = Annotated[str, StringConstraints(pattern=r"^(\*|[a-z]+\.(\*|[a-z_]+))$", max_length=100)]
Value = Annotated[str, StringConstraints(max_length=200)]
Version = Annotated[int, Field(ge=1, le=2_147_483_647, examples=[1])]
Position = Annotated[int, Field(ge=0, le=9_223_372_036_854_775_807)]
State = Literal["active", "paused", "disabled"]
DeliveryState = Literal["waiting", "delivered", "given_up"]


class Filter(BaseModel):
    """A field of the event and the values that it may have, as text."""

    model_config = ConfigDict(extra="forbid")

    field: Annotated[str, StringConstraints(pattern=r"^[a-z_]+$", max_length=60)] = Field(examples=["store_id"])
    values: list[Value] = Field(min_length=1, max_length=100)


class SubscriptionFields(BaseModel):
    """Where events are sent, and which."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, StringConstraints(min_length=8, max_length=2000)] = Field(
        examples=["https://hooks.example.com"]
    )
    description: Line = Field(examples=["Accounting"])
    events: list[EventName] = Field(
        min_length=1, max_length=100, description="Names, `module.*` or `*`", examples=[["pos.sale_completed"]]
    )
    filters: list[Filter] = Field(default_factory=list, max_length=10, description="All of them must hold")


class SubscriptionIn(SubscriptionFields):
    """A webhook to be added, with an id that the client makes."""

    id: UUID


class SubscriptionPatch(SubscriptionFields):
    """A webhook as it shall be, and the version that was looked at."""

    version: Version


class VersionIn(BaseModel):
    """The version that was looked at."""

    model_config = ConfigDict(extra="forbid")

    version: Version


class SubscriptionOut(BaseModel):
    """A webhook, without its secret."""

    id: UUID
    url: str
    description: str
    events: list[str]
    filters: list[Filter]
    state: State
    reason: str | None = Field(description="Why it was switched off: `gone` (410) or `failing` (for days)")
    failures: int = Field(description="Failures in a row; while there are any, one delivery at a time is tried")
    failing_since: datetime | None
    former_until: datetime | None = Field(description="Until when messages carry the former secret's signature too")
    version: int
    created_at: datetime
    waiting: int = Field(description="Deliveries that wait")
    delivered_at: datetime | None


class SubscriptionMadeOut(SubscriptionOut):
    """A webhook with its secret, which is shown in this answer alone."""

    secret: str = Field(examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"])


class SubscriptionsOut(BaseModel):
    """All webhooks, and the events that they can name."""

    items: list[SubscriptionOut]
    events: list[str]


class AgainIn(BaseModel):
    """Which events are sent again: by time, by position, or both; both ends are open unless given."""

    model_config = ConfigDict(extra="forbid")

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    first_position: Position | None = Field(default=None, examples=[1])
    last_position: Position | None = None

    @model_validator(mode="after")
    def _begins_somewhere(self) -> Self:
        if self.since is None and self.first_position is None:
            raise ValueError("say where to begin: `since` or `first_position`")
        return self


class CountOut(BaseModel):
    """How many deliveries are sent again; at most the first 10,000 events of the part are looked at."""

    count: int


class DeliveryOut(BaseModel):
    """What became of one event for one webhook; `id` is the message's `webhook-id`."""

    id: UUID
    event_id: UUID
    event_name: str
    position: int
    state: DeliveryState
    tries: int
    next_at: datetime
    created_at: datetime
    ended_at: datetime | None
    outcome: str | None = Field(default=None, description="How the last try went", examples=["status_200", "timeout"])
    status: int | None = None
    duration_ms: int | None = None


class DeliveriesOut(BaseModel):
    """A page of deliveries, the newest first."""

    items: list[DeliveryOut]
    next_cursor: str | None


class DeliveriesChange(BaseModel):
    """Send them again: each keeps the id by which its receiver knows it."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["send_again"]


class DeliveriesBulkIn(BulkIn[DeliveriesChange, BulkItemIn]):
    """What is to be done with many deliveries."""


class AttemptOut(BaseModel):
    """One try: what was sent besides the body, and the first 2,000 bytes of the answer."""

    outcome: str
    status: int | None
    duration_ms: int
    request: str
    answer: str | None
    tried_at: datetime


class DeliveryDetailOut(BaseModel):
    """A delivery with what is sent and its newest tries."""

    delivery: DeliveryOut
    body: str
    attempts: list[AttemptOut]


class SourceSecret(BaseModel):
    """The secret that the sender made; without one it is made here."""

    model_config = ConfigDict(extra="forbid")

    secret: SecretStr | None = Field(default=None, max_length=200)


class SourceIn(SourceSecret):
    """Who may send messages, at an address with this name."""

    id: UUID
    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")] = Field(examples=["web-shop"])
    description: Line = Field(examples=["Orders of the web shop"])


class SourceRotation(SourceSecret):
    """Another secret, and the version that was looked at."""

    version: Version


class SourceOut(BaseModel):
    """A source, without its secret."""

    id: UUID
    name: str
    description: str
    former_until: datetime | None
    version: int
    created_at: datetime
    received_at: datetime | None = Field(description="When the last message came")


class SourceMadeOut(SourceOut):
    """A source with its secret, which is shown in this answer alone."""

    secret: str


class SourcesOut(BaseModel):
    """All sources, by name."""

    items: list[SourceOut]


class TakenOut(BaseModel):
    """That a message is kept; `is_new` is false for one that was taken before."""

    is_new: bool


class EventOut(BaseModel):
    """An event of the log."""

    position: int
    id: UUID
    name: str
    happened_at: datetime
    payload: dict[str, object]


class EventsOut(BaseModel):
    """Events in the order of the log; `next_after` asks for what follows them."""

    items: list[EventOut]
    next_after: int
    oldest: int | None = Field(description="Where the log begins; null while it is empty")
