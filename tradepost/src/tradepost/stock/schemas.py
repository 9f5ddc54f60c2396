"""What the stock routes take and give; quantities are exact decimal text."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic import WithJsonSchema as JsonSchema

from tradepost.money.exact import refuse_float

Quantity = Annotated[
    Decimal,
    BeforeValidator(refuse_float),
    Field(max_digits=10, decimal_places=3, allow_inf_nan=False),
    JsonSchema({"type": "string", "pattern": r"^-?[0-9]{1,7}(\.[0-9]{1,3})?$", "examples": ["-2"]}),
]


MovementKind = Literal["opening", "sale", "adjustment"]


class LevelOut(BaseModel):
    """What is on hand of a variant in a store."""

    variant_id: UUID
    store_id: UUID
    on_hand: Decimal


class LevelsOut(BaseModel):
    """The levels of the variants asked for; variants never counted in the store are absent."""

    items: list[LevelOut]


class MovementOut(BaseModel):
    """A row of the ledger."""

    id: int
    kind: MovementKind
    quantity: Decimal
    balance: Decimal
    source_kind: str
    source_id: UUID
    note: str | None
    actor_name: str
    happened_at: datetime


class MovementsOut(BaseModel):
    """A page of the ledger, newest first."""

    items: list[MovementOut]
    next_cursor: str | None
    total: int


class AdjustmentIn(BaseModel):
    """A correction of what is on hand: `quantity` is added (negative: taken away); `note` says why."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    store_id: UUID
    variant_id: UUID
    quantity: Quantity
    note: str = Field(min_length=1, max_length=200, examples=["Two jars broken"])
