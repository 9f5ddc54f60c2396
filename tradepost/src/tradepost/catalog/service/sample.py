"""The sample's products: a file of real groceries, taken in the way any file is."""

import importlib.resources

from mainstay import ids
from mainstay.work import UnitOfWork
from tradepost.catalog.repository import imports as repository
from tradepost.catalog.repository import lists
from tradepost.catalog.service.uploads import CHUNK, Spool, Target, receive
from tradepost.shop import api as shop

# Barcodes and names are from Open Food Facts, under the Open Database License; see the README beside the file.
FILE = "groceries.csv"


async def import_sample(uow: UnitOfWork) -> None:
    """Have the sample's products imported into the first store, unless there are products or imports already."""
    stores = await shop.stores(uow)
    if not stores or await repository.count(uow) or await lists.facts(uow, "", 1):
        return
    content = importlib.resources.files("tradepost.catalog").joinpath("sample", FILE).read_bytes()
    with Spool() as spool:
        for start in range(0, len(content), CHUNK):
            spool.add(content[start : start + CHUNK])
        await receive(uow, Target(ids.new_id(), FILE, stores[0].id), spool)
