"""The business (one row), its tax rates and its stores."""

from datetime import datetime, time
from decimal import Decimal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Integer, Numeric, Text, Time, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

ROUNDING_MODES = "'half_up', 'half_even', 'half_down', 'up', 'down'"


class Business(Base):
    """The one business of this program; its currency is that of every price and every sale."""

    __tablename__ = "shop_business"
    __table_args__ = (
        CheckConstraint("is_only", name="only_one"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_form"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_form"),
        CheckConstraint("name <> ''", name="name_given"),
    )

    is_only: Mapped[bool] = mapped_column(primary_key=True, server_default=text("true"))
    name: Mapped[str] = mapped_column(Text)
    currency: Mapped[str] = mapped_column(Text)
    country: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class TaxRate(Base):
    """A tax rate of the business in percent; the one with the lowest position holds where none is named."""

    __tablename__ = "shop_tax_rate"
    __table_args__ = (
        CheckConstraint("rate >= 0 AND rate <= 100", name="rate_in_range"),
        CheckConstraint("name <> ''", name="name_given"),
        UniqueConstraint("position"),
    )

    rate: Mapped[Decimal] = mapped_column(Numeric(7, 4), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    position: Mapped[int] = mapped_column(Integer)


class Store(Base):
    """A place where goods are sold: its clock, its tax profile (rule 3), its cash and its stock policy (rule 12)."""

    __tablename__ = "shop_store"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint("code ~ '^[A-Z0-9]{1,6}$'", name="code_form"),
        CheckConstraint("name <> ''", name="name_given"),
        CheckConstraint("rounding_level IN ('line', 'document')", name="rounding_level_known"),
        CheckConstraint(f"rounding_mode IN ({ROUNDING_MODES})", name="rounding_mode_known"),
        CheckConstraint("negative_stock IN ('refuse', 'allow')", name="negative_stock_known"),
        CheckConstraint(
            f"cash_due_tie IN ({ROUNDING_MODES}) AND cash_change_tie IN ({ROUNDING_MODES})", name="cash_ties_known"
        ),
        CheckConstraint(
            "cash_increment_minor BETWEEN 1 AND 1000000 AND cash_above_minor BETWEEN 0 AND 1000000",
            name="cash_amounts_in_range",
        ),
        CheckConstraint(
            "num_nulls(cash_increment_minor, cash_due_tie, cash_change_tie, cash_above_minor) IN (0, 4)",
            name="cash_rounding_whole",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    time_zone: Mapped[str] = mapped_column(Text)
    day_cutoff: Mapped[time] = mapped_column(Time)
    prices_include_tax: Mapped[bool]
    rounding_level: Mapped[str] = mapped_column(Text)
    rounding_mode: Mapped[str] = mapped_column(Text)
    cash_increment_minor: Mapped[int | None] = mapped_column(BigInteger)
    cash_due_tie: Mapped[str | None] = mapped_column(Text)
    cash_change_tie: Mapped[str | None] = mapped_column(Text)
    cash_above_minor: Mapped[int | None] = mapped_column(BigInteger)
    negative_stock: Mapped[str] = mapped_column(Text)
    receipt_header: Mapped[list[str]] = mapped_column(ARRAY(Text))
    receipt_footer: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
