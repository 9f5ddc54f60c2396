"""The stock ledger and the levels that cache its sums."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from mainstay.db.models import Base

# Up to 10^11 units with three decimals: grams of a kilogram, millilitres of a litre.
QUANTITY = Numeric(14, 3)


class StockLevel(Base):
    """What is on hand of a variant in a store; a row exists once the variant has been counted there."""

    __tablename__ = "stock_level"
    __table_args__ = (CheckConstraint("on_hand >= 0 OR is_oversold", name="negative_is_recorded"),)

    store_id: Mapped[UUID] = mapped_column(ForeignKey("shop_store.id"), primary_key=True)
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_variant.id"), primary_key=True)
    on_hand: Mapped[Decimal] = mapped_column(QUANTITY)
    is_oversold: Mapped[bool] = mapped_column(server_default=text("false"))


class StockMovement(Base):
    """A row of the ledger: what came or went, why, by whom, and what was on hand after it."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        CheckConstraint("kind IN ('opening', 'sale', 'adjustment', 'refund')", name="kind_listed"),
        CheckConstraint("quantity <> 0", name="quantity_not_zero"),
        # One row per document and variant: a job or a retry that runs twice cannot move stock twice.
        UniqueConstraint("source_kind", "source_id", "store_id", "variant_id"),
        Index(None, "store_id", "variant_id", "id"),
        Index(None, "variant_id", "store_id", "happened_at"),
        # Whatever is no sale is rare among its movements.
        Index(
            "ix_stock_movement_kind", "store_id", "variant_id", "kind", "id", postgresql_where=text("kind <> 'sale'")
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    store_id: Mapped[UUID] = mapped_column(ForeignKey("shop_store.id"))
    variant_id: Mapped[UUID] = mapped_column(ForeignKey("catalog_variant.id"))
    kind: Mapped[str] = mapped_column(Text)
    quantity: Mapped[Decimal] = mapped_column(QUANTITY)
    balance: Mapped[Decimal] = mapped_column(QUANTITY)
    source_kind: Mapped[str] = mapped_column(Text)
    source_id: Mapped[UUID]
    note: Mapped[str | None] = mapped_column(Text)
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str] = mapped_column(Text)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
