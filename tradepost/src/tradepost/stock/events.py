"""What happens to stock."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class StockOpened(Event):
    """Opening stock of an import was booked in a store."""

    name: ClassVar[str] = "stock.opened"
    store_id: UUID
    import_id: UUID
    variants: int


class StockAdjusted(Event):
    """Somebody corrected what is on hand; `quantity` is exact decimal text with its sign."""

    name: ClassVar[str] = "stock.adjusted"
    about: ClassVar[str | None] = "variant_id"
    adjustment_id: UUID
    store_id: UUID
    variant_id: UUID
    quantity: str
