"""Topics: for each watched table, marks that say whether it has changed since somebody looked.

A trigger gives a table a new mark in the transaction that changes it, so both become visible at once. A mark is a row
of its own with a random id: writers never wait for each other, and two states with different content never have the
same marks, not even after a rollback, or in a database that was restored. See docs/decisions/0041-cache.md.
"""

import hashlib
from datetime import datetime
from uuid import UUID

from alembic import op
from sqlalchemy import BigInteger, Text, func, text
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.migrate import run_script
from mainstay.db.models import Base

# Null unless each of the tables is watched.
MARKS = """
SELECT CASE WHEN count(DISTINCT name) = cardinality($1::text[]) THEN string_agg(mark::text, ' ' ORDER BY mark) END
FROM mainstay_topic WHERE name = ANY ($1)
"""
# Many marks of a table become a single new one.
TIDY = """
WITH gone AS (
    DELETE FROM mainstay_topic
    WHERE name IN (SELECT name FROM mainstay_topic GROUP BY name HAVING count(*) > 20) RETURNING name
)
INSERT INTO mainstay_topic (name) SELECT DISTINCT name FROM gone
"""
_EVENTS = {"insert": "NEW", "update": "NEW", "delete": "OLD"}


class Topic(Base):
    """A mark of a table, made by one transaction."""

    __tablename__ = "mainstay_topic"

    name: Mapped[str] = mapped_column(Text, primary_key=True)
    transaction_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, server_default=text("pg_current_xact_id()::text::bigint")
    )
    mark: Mapped[UUID] = mapped_column(server_default=text("gen_random_uuid()"))
    touched_at: Mapped[datetime] = mapped_column(server_default=func.now())


def version_of(marks: str | None) -> str | None:
    """Return a short name for a set of marks as `MARKS` gives it."""
    return None if marks is None else hashlib.sha256(marks.encode()).hexdigest()[:32]


def watch(table: str) -> None:
    """Have each statement that changes rows of `table` give it a new mark, from this migration on."""
    run_script(("mainstay.migrations.sql", "topic_1.sql"))
    for event, side in _EVENTS.items():
        op.execute(
            f"CREATE TRIGGER {table}_touched_by_{event} AFTER {event.upper()} ON {table} "
            f"REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION mainstay_touch()"
        )
    op.execute(
        f"CREATE TRIGGER {table}_touched_by_truncate AFTER TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION mainstay_touch()"
    )
    op.execute(f"INSERT INTO mainstay_topic (name) VALUES ('{table}')")  # noqa: S608  a table's name of a migration


def unwatch(table: str) -> None:
    """Take back what `watch` did, whether Mainstay's part of it is there still or not."""
    for event in (*_EVENTS, "truncate"):
        op.execute(f"DROP TRIGGER IF EXISTS {table}_touched_by_{event} ON {table}")
    delete = f"DELETE FROM mainstay_topic WHERE name = '{table}'"  # noqa: S608  a table's name of a migration
    op.execute(f"DO $$ BEGIN IF to_regclass('mainstay_topic') IS NOT NULL THEN {delete}; END IF; END $$")
