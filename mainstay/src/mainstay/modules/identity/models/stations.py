"""Shared devices, the PINs that people have for them, and approvals that were given on them. Tokens as digests only."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, func
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId


class EnrolledStation(HasId, Base):
    """A browser on which people sign in by PIN; `place_id` is what it stands at, which another module keeps."""

    __tablename__ = "identity_station"
    __table_args__ = (Index(None, "place_id"),)

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    place_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("identity_person.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    last_used_at: Mapped[datetime | None]


class Pin(Base):
    """The PIN of a person: a slow hash, sealed with the program's secret."""

    __tablename__ = "identity_pin"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), primary_key=True)
    pin_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Approval(HasId, Base):
    """What somebody else agreed to: one act (`permission`) on one thing with one content, of one person at one device.

    It is used once, in the transaction of the act.
    """

    __tablename__ = "identity_approval"
    __table_args__ = (
        CheckConstraint("approver_id <> requester_id", name="nobodys_own"),
        CheckConstraint("used_at <= expires_at", name="used_in_time"),
        Index(None, "expires_at"),
    )

    token_digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    permission: Mapped[str] = mapped_column(Text)
    object_type: Mapped[str] = mapped_column(Text)
    object_id: Mapped[UUID]
    content_digest: Mapped[bytes] = mapped_column(LargeBinary)
    station_id: Mapped[UUID] = mapped_column(ForeignKey("identity_station.id", ondelete="CASCADE"), index=True)
    requester_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    approver_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
