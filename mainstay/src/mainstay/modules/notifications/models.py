"""What people were told, how they want to be told, and whose address mail does not reach."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

PERSON: Final = "identity_person.id"
MAILS: Final = "mail IN ('off', 'sent', 'digest', 'digested', 'unreachable')"
UNREAD: Final = "in_app AND read_at IS NULL AND removed_at IS NULL"


class Item(HasId, Base):
    """What one person was told of; texts are made of `told` when it is read, in the language of whoever reads.

    `once` keeps a person from being told of the same thing again. One that was removed stays for a while, out of sight,
    for the same reason. `mail` says what becomes of it there: `digest` waits to be gathered, `unreachable` was not sent
    because mail does not reach the person.
    """

    __tablename__ = "notifications_item"
    __table_args__ = (
        CheckConstraint(MAILS, name="mail_known"),
        Index(None, "person_id", "created_at", "id"),
        Index("ix_notifications_item_unread", "person_id", postgresql_where=text(UNREAD)),
        Index("ix_notifications_item_digest", "person_id", "created_at", postgresql_where=text("mail = 'digest'")),
        Index(
            "uq_notifications_item_once",
            "person_id",
            "kind",
            "once",
            unique=True,
            postgresql_where=text("once IS NOT NULL"),
        ),
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON, ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(Text)
    told: Mapped[dict[str, str]] = mapped_column(JSONB)
    path: Mapped[str | None] = mapped_column(Text)
    once: Mapped[str | None] = mapped_column(Text)
    in_app: Mapped[bool]
    mail: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    read_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Preference(Base):
    """How a person wants to be told of one kind, where they chose."""

    __tablename__ = "notifications_preference"
    __table_args__ = (CheckConstraint("mail IN ('now', 'digest', 'off')", name="mail_known"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON, ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    in_app: Mapped[bool]
    mail: Mapped[str] = mapped_column(Text)


class Reader(Base):
    """At which hour of their day a person wants what is gathered, where they chose."""

    __tablename__ = "notifications_reader"
    __table_args__ = (CheckConstraint("digest_hour BETWEEN 0 AND 23", name="hour_of_a_day"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON, ondelete="CASCADE"), primary_key=True)
    digest_hour: Mapped[int] = mapped_column(SmallInteger)
    time_zone: Mapped[str] = mapped_column(Text)


class Bounce(Base):
    """That mail does not reach a person at an address; it counts only while that is their address."""

    __tablename__ = "notifications_bounce"

    person_id: Mapped[UUID] = mapped_column(ForeignKey(PERSON, ondelete="CASCADE"), primary_key=True)
    address: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    told: Mapped[str | None] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(server_default=func.now())
