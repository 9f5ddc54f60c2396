"""Former states of records: what each was at the versions that it had lately, written by the statement that changes it.

Who loses a race is told what they had read, see `mainstay.versioned`. Why so: docs/decisions/0060-three-sides.md.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, Integer, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

# Deletes what is older than an interval, and of each record all but so many.
TIDY = """
WITH counted AS (
    SELECT kind, object_id, version, kept_at,
        row_number() OVER (PARTITION BY kind, object_id ORDER BY version DESC) AS place
    FROM mainstay_former
)
DELETE FROM mainstay_former AS former USING counted
WHERE (former.kind, former.object_id, former.version) = (counted.kind, counted.object_id, counted.version)
    AND (counted.kept_at < now() - $1::interval OR counted.place > $2)
"""
FORGET = "DELETE FROM mainstay_former WHERE kind = $1 AND object_id = $2"


class Former(Base):
    """A record as it was at a version that it has no more: the fields that a change may give."""

    __tablename__ = "mainstay_former"
    __table_args__ = (Index(None, "kept_at"),)

    kind: Mapped[str] = mapped_column(Text, primary_key=True)
    object_id: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    kept_at: Mapped[datetime] = mapped_column(server_default=func.now())
