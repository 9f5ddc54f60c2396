"""Mails that wait or were dealt with, and in which language a person wants them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base, HasId

STATES: Final = "state IN ('waiting', 'sent', 'refused', 'given_up', 'unsent')"


class Message(HasId, Base):
    """A mail. `letter_sealed` is what it says, encrypted, and goes when nobody will send it any more.

    `waiting` is tried again; `sent` was taken by the server; `refused` never will be; `given_up` waited in vain and can
    be tried again by hand; `unsent` was wanted while mail was off.
    """

    __tablename__ = "mail_message"
    __table_args__ = (
        CheckConstraint(STATES, name="state_known"),
        CheckConstraint(
            "(letter_sealed IS NOT NULL) = (state IN ('waiting', 'given_up'))", name="letter_kept_while_needed"
        ),
        CheckConstraint("(ended_at IS NULL) = (state = 'waiting')", name="ended_unless_waiting"),
        Index(None, "created_at", "id"),
        Index(None, "recipient", "created_at", "id"),
        Index(None, "state", "created_at", "id"),
    )

    name: Mapped[str] = mapped_column(Text)
    recipient: Mapped[str] = mapped_column(Text)
    recipient_name: Mapped[str] = mapped_column(Text)
    letter_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(server_default=text("0"))
    reason: Mapped[str | None] = mapped_column(Text)
    told: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]


class Reader(Base):
    """In which language a person wants mails."""

    __tablename__ = "mail_reader"
    __table_args__ = (CheckConstraint("language IN ('en', 'ru')", name="language_known"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("identity_person.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(Text)
