"""Repeats: calls that may be made again, with what they were answered; see `mainstay.web.repeats`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, LargeBinary, SmallInteger, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

# A second call with the key finds the lock taken, or what the first has left: the lock is held until it is there.
HOLD = "SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0)) AS is_held"
FIND = """
SELECT fingerprint, status, headers, content FROM mainstay_repeat WHERE actor_id = $1 AND call = $2 AND key = $3
"""
KEEP = """
INSERT INTO mainstay_repeat (actor_id, call, key, fingerprint, status, headers, content)
VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7)
"""
# Deletes those that are older than an interval: a call with such a key is a new one.
FORGET = "DELETE FROM mainstay_repeat WHERE made_at < now() - $1::interval"


class Repeat(Base):
    """A call that may be made again: which one (`call`, a method and a path), by whom, and what it was answered."""

    __tablename__ = "mainstay_repeat"
    __table_args__ = (Index(None, "made_at"),)

    actor_id: Mapped[UUID] = mapped_column(primary_key=True)
    call: Mapped[str] = mapped_column(Text, primary_key=True)
    key: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
