"""What the numbers show; money in minor units."""

from datetime import date
from uuid import UUID

from pydantic import BaseModel


class StoreTodayOut(BaseModel):
    """A store's takings on its present business day, less what was given back."""

    store_id: UUID
    name: str
    business_day: date
    takings_minor: int
    tickets: int
    refunds: int
    refunded_minor: int


class TopSellerOut(BaseModel):
    """A product by turnover."""

    variant_id: UUID
    name: str
    quantity: str
    unit: str
    total_minor: int


class HourOut(BaseModel):
    """Takings within an hour of the store's clock, less what was given back in it."""

    hour: int
    takings_minor: int


class TodayOut(BaseModel):
    """Today: takings, tickets, average and best sellers; `position` grows with every sale and refund.

    Takings are what was sold less what was given back today, `refunded_minor`; the average is that of what was sold.
    """

    business_day: date | None
    currency: str
    takings_minor: int
    tickets: int
    refunds: int
    refunded_minor: int
    average_minor: int
    items: str
    stores: list[StoreTodayOut]
    top_sellers: list[TopSellerOut]
    by_hour: list[HourOut]
    position: int
