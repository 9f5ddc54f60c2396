"""The catalogue's routes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request, Response

from mainstay.bulk.schemas import BulkOut
from mainstay.db.grammar import Asked
from mainstay.db.query import (
    decode_moment_cursor,
    decode_position_cursor,
    encode_moment_cursor,
    encode_position_cursor,
    page_size,
)
from mainstay.web.asking import asks
from mainstay.web.json_text import JsonText
from mainstay.web.overload.urgency import LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import Edge, actor, work
from mainstay.web.spreadsheet import CsvReply, csv_reply
from mainstay.work import Actor, UnitOfWork
from tradepost.catalog.permissions import IMPORT, READ, READ_COST, WRITE
from tradepost.catalog.repository.lists import ExportColumn
from tradepost.catalog.repository.search import VARIANTS, Wanted
from tradepost.catalog.schemas import (
    ImportOut,
    ImportRowsOut,
    ImportsOut,
    ProductIn,
    ProductOut,
    ProductPatch,
    RowOutcome,
    VariantOut,
    VariantPatch,
    VariantRowOut,
    VariantsBulkIn,
    VariantsOut,
)
from tradepost.catalog.service import bulk, products, uploads, variants
from tradepost.catalog.service.uploads import LARGEST_FILE, Spool, Target

router = APIRouter(prefix="/catalog", tags=["Catalogue"])


@router.get("/variants", response_model=VariantsOut)
async def list_variants(
    uow: Annotated[UnitOfWork, work(READ)],
    asked: Annotated[Asked, asks(VARIANTS)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> Response:
    """What is sold: all variants, or those that fit."""
    return JsonText(await variants.list_variants(uow, Wanted.of(asked), cursor, page_size(limit)))


@router.get("/variants.csv", response_class=CsvReply)
async def export_variants(
    request: Request,
    reader: Annotated[Actor, actor(READ)],
    asked: Annotated[Asked, asks(VARIANTS)],
    column: Annotated[list[ExportColumn] | None, Query(description="What to write, in this order; else all")] = None,
) -> CsvReply:
    """The list as a file: the same variants in the same order, all of them. Costs only for those who may see them."""
    edge: Edge = request.app.state.edge
    columns = variants.exported_columns(column, with_cost=reader.may(READ_COST.name))
    pages = variants.export(lambda: edge.open_work(reader), Wanted.of(asked), columns)
    return csv_reply("catalogue.csv", columns, pages)


@router.get("/variants/by-code/{code:path}", response_model=VariantRowOut)
async def get_variant_by_code(
    uow: Annotated[UnitOfWork, work(READ)], code: Annotated[str, Path(max_length=100, examples=["6291041500213"])]
) -> Response:
    """The variant with a barcode, in any printed length, or with an SKU."""
    return JsonText(await variants.by_code(uow, code))


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


@router.post("/variants/bulk")
@repeatable
async def change_variants(uow: Annotated[UnitOfWork, work(WRITE)], wanted: VariantsBulkIn) -> BulkOut:
    """Make one change to many variants: each is changed, or left as it is with the reason.

    Repeating the call is harmless: what was changed by the first is `unchanged` then.
    """
    return await bulk.change_variants(uow, wanted)


@router.post(
    "/imports",
    status_code=202,
    max_body_size=LARGEST_FILE,
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": "The file as it is, at most 20 MB",
            "content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    responses={200: {"model": ImportOut, "description": "The same file was here before: the first import"}},
)
async def import_file(  # noqa: PLR0913, PLR0917  each is a parameter of the query string
    request: Request,
    response: Response,
    sender: Annotated[Actor, actor(IMPORT, READ_COST)],
    import_id: Annotated[UUID, Query(alias="id", description="Made by the sender")],
    store_id: UUID,
    filename: Annotated[str, Query(min_length=1, max_length=255)],
) -> ImportOut:
    """Send a file of products (CSV, or Shopify's export); it is read after the answer.

    Quantities in the file become the opening stock of the store. The same file again changes nothing.
    """
    edge: Edge = request.app.state.edge
    async with edge.open_work(sender) as uow:
        await uploads.check_store(uow, store_id)
    with Spool() as spool:
        async for piece in request.stream():
            spool.add(piece)
        async with edge.open_work(sender) as uow:
            received = await uploads.receive(uow, Target(import_id, filename, store_id), spool)
    if received.is_repeat:
        response.status_code = 200
    response.headers["Location"] = f"/api/v1/catalog/imports/{received.id}"
    return received


@router.get("/imports")
@urgent(LAST)
async def list_imports(
    uow: Annotated[UnitOfWork, work(IMPORT, READ_COST)], cursor: Cursor = None, limit: Limit = 50
) -> ImportsOut:
    """Imported files, newest first."""
    size = page_size(limit)
    found, total = await uploads.list_imports(uow, decode_moment_cursor(cursor), size)
    page = found[:size]
    following = encode_moment_cursor(page[-1].created_at, page[-1].id) if len(found) > size else None
    return ImportsOut(items=page, next_cursor=following, total=total)


@router.get("/imports/{import_id}")
async def get_import(uow: Annotated[UnitOfWork, work(IMPORT, READ_COST)], import_id: UUID) -> ImportOut:
    """An imported file with its progress."""
    return await uploads.get_import(uow, import_id)


@router.get("/imports/{import_id}/rows")
@urgent(LAST)
async def list_import_rows(
    uow: Annotated[UnitOfWork, work(IMPORT, READ_COST)],
    import_id: UUID,
    outcome: RowOutcome | None = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ImportRowsOut:
    """The rows of a file that were rejected, or accepted with a warning."""
    size = page_size(limit)
    found, total = await uploads.list_rows(uow, import_id, outcome, decode_position_cursor(cursor) or 0, size)
    page = found[:size]
    following = encode_position_cursor(page[-1].row_number) if len(found) > size else None
    return ImportRowsOut(items=page, next_cursor=following, total=total)


@router.get("/imports/{import_id}/rejected.csv", response_class=CsvReply)
async def get_rejected_rows(
    request: Request, reader: Annotated[Actor, actor(IMPORT, READ_COST)], import_id: UUID
) -> CsvReply:
    """The rejected rows as a file: their cells and the reason, to be corrected and sent again."""
    edge: Edge = request.app.state.edge
    head, pages = await uploads.rejected(lambda: edge.open_work(reader), import_id)
    return csv_reply(f"rejected-{import_id}.csv", head, pages)
