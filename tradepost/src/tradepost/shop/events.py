"""What happens to the business and its stores."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class BusinessSetUp(Event):
    """The business was set up, with its first store."""

    name: ClassVar[str] = "shop.business_set_up"
    currency: str
    country: str


class StoreAdded(Event):
    """A store was added."""

    name: ClassVar[str] = "shop.store_added"
    store_id: UUID
    code: str


class TaxRateAdded(Event):
    """A tax rate of the business was added; `rate` is percent as exact decimal text."""

    name: ClassVar[str] = "shop.tax_rate_added"
    rate: str
