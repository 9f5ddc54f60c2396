"""Who is told of events, what became of each delivery, who may send messages, and which came."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

STATES: Final = "state IN ('active', 'paused', 'disabled')"
DELIVERY_STATES: Final = "state IN ('waiting', 'delivered', 'given_up')"
WAITING: Final = "state = 'waiting'"


class Subscription(HasId, Base):
    """Where events are sent. `events` are names, `module.*` or `*`; `filters` fields of the event and their values.

    `former_sealed` signs beside `secret_sealed` until `former_until`. `failing_since` is when the last good answer's
    luck ended; until `resting_until` nothing is sent.
    """

    __tablename__ = "webhooks_subscription"
    __table_args__ = (
        CheckConstraint(STATES, name="state_known"),
        CheckConstraint("cardinality(events) > 0", name="wants_something"),
        CheckConstraint("(former_sealed IS NULL) = (former_until IS NULL)", name="former_until_a_moment"),
        CheckConstraint("(state = 'disabled') = (reason IS NOT NULL)", name="disabled_for_a_reason"),
    )

    url: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    events: Mapped[list[str]] = mapped_column(ARRAY(Text))
    filters: Mapped[list[object]] = mapped_column(JSONB)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    former_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_until: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(Text, server_default=text("'active'"))
    reason: Mapped[str | None] = mapped_column(Text)
    failures: Mapped[int] = mapped_column(server_default=text("0"))
    failing_since: Mapped[datetime | None]
    resting_until: Mapped[datetime] = mapped_column(server_default=func.now())
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Cursor(Base):
    """How far the log has been read for all subscriptions: one row, and none before the first subscription."""

    __tablename__ = "webhooks_cursor"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    transaction_id: Mapped[int] = mapped_column(BigInteger)
    position: Mapped[int] = mapped_column(BigInteger)


class Delivery(HasId, Base):
    """One event for one subscription; its id is the message's, the same at each try."""

    __tablename__ = "webhooks_delivery"
    __table_args__ = (
        CheckConstraint(DELIVERY_STATES, name="state_known"),
        CheckConstraint("(ended_at IS NULL) = (state = 'waiting')", name="ended_unless_waiting"),
        UniqueConstraint("subscription_id", "event_id"),
        Index(None, "subscription_id", "created_at", "id"),
        Index(None, "subscription_id", "state", "created_at", "id"),
        Index("ix_webhooks_delivery_waiting", "subscription_id", "position", postgresql_where=text(WAITING)),
        Index(
            "ix_webhooks_delivery_waiting_object",
            *("subscription_id", "object_key", "position"),
            postgresql_where=text(WAITING),
        ),
    )

    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks_subscription.id", ondelete="CASCADE"))
    event_id: Mapped[UUID]
    event_name: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(BigInteger)
    object_key: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, server_default=text("'waiting'"))
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    next_at: Mapped[datetime] = mapped_column(server_default=func.now())
    wanted_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class Attempt(Base):
    """One try of a delivery, and how the receiver answered."""

    __tablename__ = "webhooks_attempt"
    __table_args__ = (Index(None, "delivery_id", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    delivery_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks_delivery.id", ondelete="CASCADE"))
    outcome: Mapped[str] = mapped_column(Text)
    status: Mapped[int | None]
    duration_ms: Mapped[int]
    request: Mapped[str] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    tried_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Source(HasId, Base):
    """Who may send messages, at an address with its `name`."""

    __tablename__ = "webhooks_source"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("(former_sealed IS NULL) = (former_until IS NULL)", name="former_until_a_moment"),
    )

    name: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text)
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    former_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    former_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Received(HasId, Base):
    """A message of a source, as it came; `signed_at` is the newest moment at which it was signed."""

    __tablename__ = "webhooks_received"
    __table_args__ = (UniqueConstraint("source_id", "message_id"), Index(None, "received_at"))

    source_id: Mapped[UUID] = mapped_column(ForeignKey("webhooks_source.id", ondelete="CASCADE"))
    message_id: Mapped[str] = mapped_column(Text)
    signed_at: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime] = mapped_column(server_default=func.now())
