"""The manifest of the catalogue."""

from mainstay.module import Module
from mainstay.setup import FileOwner
from tradepost.catalog import invariants, jobs, models, permissions, routes
from tradepost.catalog.events import (
    ImportFinished,
    ImportReceived,
    ImportRequested,
    PriceChanged,
    ProductChanged,
    ProductCreated,
)
from tradepost.catalog.flags import IMPORTS
from tradepost.catalog.service import notices
from tradepost.catalog.service.products import has_product
from tradepost.catalog.service.sample import import_sample

# What shops keep of a product: its pictures, and its data sheets.
FILES = FileOwner(
    "catalog.product",
    permissions.READ,
    permissions.WRITE,
    has_product,
    frozenset({"image/jpeg", "image/png", "image/webp", "application/pdf"}),
    page="/catalogue?product={id}",
)

CATALOG = Module(
    name="catalog",
    routers=(routes.router,),
    models=(
        models.Product,
        models.Variant,
        models.VariantCount,
        models.Word,
        models.Barcode,
        models.Import,
        models.ImportChunk,
        models.ImportRow,
        models.ImportItem,
    ),
    events=(ProductCreated, ProductChanged, PriceChanged, ImportReceived, ImportRequested, ImportFinished),
    jobs=(jobs.SCAN_SHEET, jobs.IMPORT_SHEET, jobs.LEARN_WORDS),
    schedules=(jobs.TIDY,),
    permissions=(permissions.READ, permissions.READ_COST, permissions.WRITE, permissions.IMPORT),
    sample=import_sample,
    invariants=invariants.ALL,
    flags=(IMPORTS,),
    notifications=(notices.FINISHED, notices.FAILED),
    file_owners=(FILES,),
)
