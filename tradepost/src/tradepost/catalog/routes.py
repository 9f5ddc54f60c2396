"""The catalogue's routes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response

from mainstay.db.query import page_size
from mainstay.web.routing import work
from mainstay.work import UnitOfWork
from tradepost.catalog.permissions import READ, WRITE
from tradepost.catalog.repository.search import Sort, Wanted
from tradepost.catalog.schemas import (
    ProductIn,
    ProductOut,
    ProductPatch,
    VariantOut,
    VariantPatch,
    VariantRowOut,
    VariantsOut,
)
from tradepost.catalog.service import products, variants

router = APIRouter(prefix="/catalog", tags=["Catalogue"])

Cursor = Annotated[str | None, Query(max_length=2000)]
Limit = Annotated[int, Query(ge=1, description="At most 200 are given")]


@router.get("/variants")
async def list_variants(  # noqa: PLR0913, PLR0917  each is a parameter of the query string
    uow: Annotated[UnitOfWork, work(READ)],
    q: Annotated[str, Query(max_length=200, description="Fits name, SKU or barcode; typing errors are forgiven")] = "",
    sort: Annotated[Sort | None, Query(description="Without it the best fit comes first")] = None,
    tag: Annotated[str | None, Query(max_length=100)] = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> VariantsOut:
    """What is sold: all variants, or those that fit."""
    return await variants.list_variants(uow, Wanted(q.strip(), sort, tag), cursor, page_size(limit))


@router.get("/variants/by-code/{code:path}")
async def get_variant_by_code(
    uow: Annotated[UnitOfWork, work(READ)], code: Annotated[str, Path(max_length=100)]
) -> VariantRowOut:
    """The variant with a barcode, in any printed length, or with an SKU."""
    return await variants.by_code(uow, code)


@router.get("/products/{product_id}")
async def get_product(uow: Annotated[UnitOfWork, work(READ)], product_id: UUID) -> ProductOut:
    """A product with its variants."""
    return await products.get_product(uow, product_id)


@router.post("/products", status_code=201)
async def create_product(uow: Annotated[UnitOfWork, work(WRITE)], product: ProductIn, response: Response) -> ProductOut:
    """Create a product. Repeating the call with the same id and content is harmless, for ever."""
    created = await products.create_product(uow, product)
    response.headers["Location"] = f"/api/v1/catalog/products/{product.id}"
    return created


@router.patch("/products/{product_id}")
async def change_product(uow: Annotated[UnitOfWork, work(WRITE)], product_id: UUID, patch: ProductPatch) -> ProductOut:
    """Change what belongs to all variants of a product; what is left out stays as it is."""
    return await products.change_product(uow, product_id, patch)


@router.patch("/variants/{variant_id}")
async def change_variant(uow: Annotated[UnitOfWork, work(WRITE)], variant_id: UUID, patch: VariantPatch) -> VariantOut:
    """Change one variant; what is left out stays as it is."""
    return await products.change_variant(uow, variant_id, patch)
