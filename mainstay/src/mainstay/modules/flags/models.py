"""How flags are steered, and who met what in an experiment with what outcome."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Text, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base


class Steered(Base):
    """A flag that somebody has steered: its rules in order, and what holds where none fits (null: its default)."""

    __tablename__ = "flags_flag"
    __table_args__ = (CheckConstraint("jsonb_typeof(rules) = 'array'", name="rules_listed"),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    rules: Mapped[list[object]] = mapped_column(JSONB)
    otherwise: Mapped[object | None] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Begun(Base):
    """An experiment that has begun; once it is over, `kept` is the variant that holds for all."""

    __tablename__ = "flags_experiment"
    __table_args__ = (CheckConstraint("(ended_at IS NULL) = (kept IS NULL)", name="kept_at_the_end"),)

    key: Mapped[str] = mapped_column(Text, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    ended_at: Mapped[datetime | None]
    kept: Mapped[str | None] = mapped_column(Text)


class Exposure(Base):
    """That a unit met its variant, when for the first time."""

    __tablename__ = "flags_exposure"
    __table_args__ = (Index(None, "experiment", "variant", "exposed_at", "unit_id"),)

    experiment: Mapped[str] = mapped_column(ForeignKey("flags_experiment.key", ondelete="CASCADE"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    variant: Mapped[str] = mapped_column(Text)
    exposed_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Outcome(Base):
    """What came of a unit that met its variant: its first outcome."""

    __tablename__ = "flags_outcome"
    __table_args__ = (
        ForeignKeyConstraint(
            ["experiment", "unit_id"],
            ["flags_exposure.experiment", "flags_exposure.unit_id"],
            ondelete="CASCADE",
        ),
        CheckConstraint("value > '-Infinity' AND value < 'Infinity'", name="value_finite"),
    )

    experiment: Mapped[str] = mapped_column(Text, primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True)
    value: Mapped[float]
    happened_at: Mapped[datetime] = mapped_column(server_default=func.now())
