"""What happens in the catalogue; an import announces itself as a whole, not product by product."""

from typing import ClassVar
from uuid import UUID

from mainstay.messages.event import Event


class ProductCreated(Event):
    """A product was created by hand or over the API."""

    name: ClassVar[str] = "catalog.product_created"
    product_id: UUID


class ProductChanged(Event):
    """A product or one of its variants was changed; `fields` names what."""

    name: ClassVar[str] = "catalog.product_changed"
    product_id: UUID
    variant_id: UUID | None = None
    fields: tuple[str, ...]


class PriceChanged(Event):
    """The price of a variant was changed; prices are exact decimal text."""

    name: ClassVar[str] = "catalog.price_changed"
    product_id: UUID
    variant_id: UUID
    old_price: str
    new_price: str
    currency: str


class ImportReceived(Event):
    """A file was uploaded and waits for the virus scanner."""

    name: ClassVar[str] = "catalog.import_received"
    import_id: UUID


class ImportRequested(Event):
    """A file was uploaded, and looked at where there is a virus scanner, and waits to be read."""

    name: ClassVar[str] = "catalog.import_requested"
    import_id: UUID
    store_id: UUID


class ImportFinished(Event):
    """A file was read and its products are in the catalogue; its quantities are the store's opening stock."""

    name: ClassVar[str] = "catalog.import_finished"
    import_id: UUID
    store_id: UUID
    created: int
    updated: int
    unchanged: int
