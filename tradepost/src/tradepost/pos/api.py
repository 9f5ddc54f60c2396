"""The front door of the till for other modules: figures over sales and refunds, each of which opens its documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.pos.repository import sums


@dataclass(frozen=True, slots=True)
class StoreDay:
    """A business day of a store, with the store's zone."""

    store_id: UUID
    business_day: date
    zone: str


@dataclass(frozen=True, slots=True)
class Takings:
    """Money taken less what was given back (minor units, after cash rounding), and the numbers of tickets and refunds.

    `refunded_minor` is what was given back: the tickets alone brought `takings_minor` + `refunded_minor`.
    """

    takings_minor: int
    tickets: int
    refunds: int
    refunded_minor: int


@dataclass(frozen=True, slots=True)
class BestSeller:
    """A product with the quantity (exact decimal text, in `unit`) and turnover (minor units) of the days, less refunds.

    One whose unit was changed in between stands there once for each: pieces and kilograms make no sum.
    """

    variant_id: UUID
    name: str
    quantity: str
    unit: str
    total_minor: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was sold on some days, less what was given back on them.

    By store, by product, by hour of the store's clock (0 to 23); `items` is text. Goods sold by weight or length count
    as one item a line, until all of the line is back.
    """

    stores: dict[UUID, Takings]
    best_sellers: tuple[BestSeller, ...]
    by_hour: dict[int, int]
    items: str


async def figures(uow: UnitOfWork, days: Sequence[StoreDay], best: int) -> Figures:
    """Return the figures of some store days with the `best` products by turnover, in one statement."""
    row = await sums.figures(uow, [(day.store_id, day.business_day, day.zone) for day in days], best)
    return Figures(
        stores={UUID(store): Takings(**takings) for store, takings in row["stores"].items()},
        best_sellers=tuple(
            BestSeller(UUID(best["variant_id"]), best["name"], best["quantity"], best["unit"], best["total_minor"])
            for best in row["top_sellers"]
        ),
        by_hour={hour["hour"]: hour["takings_minor"] for hour in row["by_hour"]},
        items=row["items"],
    )
