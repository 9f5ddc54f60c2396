"""The sample's business: plainly invented, with the tax rates that the sample's products have."""

from datetime import time
from decimal import Decimal

from mainstay import ids
from mainstay.work import UnitOfWork
from tradepost.shop import repository
from tradepost.shop.schemas import BusinessIn, StoreIn, TaxRateIn
from tradepost.shop.service.business import add_store, set_up

ZONE = "Europe/Paris"
RATES = (("20", "VAT 20 %"), ("10", "VAT 10 %"), ("5.5", "VAT 5.5 %"))
STORES = (("HA", "Harbour"), ("MA", "Market"))


async def set_up_sample(uow: UnitOfWork) -> None:
    """Set up the sample's business with two stores, unless there is a business already."""
    if await repository.business(uow) is not None:
        return
    first, second = (_store(code, place) for code, place in STORES)
    business = BusinessIn(
        name="Sample Grocer",
        currency="EUR",
        country="FR",
        time_zone=ZONE,
        tax_rates=[TaxRateIn(rate=Decimal(rate), name=name) for rate, name in RATES],
        store=first,
    )
    await set_up(uow, business)
    await add_store(uow, second)


def _store(code: str, place: str) -> StoreIn:
    return StoreIn(
        id=ids.new_id(),
        code=code,
        name=f"Sample Grocer, {place}",
        time_zone=ZONE,
        day_cutoff=time(4),
        receipt_header=["Sample Grocer", f"{place} store", "Invented for trying things out"],
        receipt_footer=["Thank you"],
    )
