"""The till's routes."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.responses import PlainTextResponse

from mainstay.db.grammar import Asked
from mainstay.db.query import page_size
from mainstay.keyring import Keyring
from mainstay.web.asking import asks
from mainstay.web.limits.rates import BUSY, limited
from mainstay.web.overload.urgency import FIRST, LAST, urgent
from mainstay.web.paging import Cursor, Limit
from mainstay.web.repeats import repeatable
from mainstay.web.routing import Edge, actor, work
from mainstay.web.spreadsheet import CsvReply, csv_reply
from mainstay.work import Actor, UnitOfWork
from tradepost.pos.permissions import MANAGE, READ_SALES, SELL
from tradepost.pos.repository.refunds import REFUNDS
from tradepost.pos.repository.sales import SALES
from tradepost.pos.repository.tills import SHIFTS
from tradepost.pos.schemas.refunds import (
    RefundApprovalIn,
    RefundIn,
    RefundOut,
    RefundsOut,
    SaleLeftOut,
)
from tradepost.pos.schemas.sales import (
    CashiersOut,
    JournalCheckOut,
    RegisterIn,
    RegisterOut,
    RegistersOut,
    SaleApprovalIn,
    SaleApprovalOut,
    SaleIn,
    SaleOut,
    SalesOut,
    ShiftCloseIn,
    ShiftIn,
    ShiftOut,
    ShiftsOut,
    TileOut,
    TilesOut,
)
from tradepost.pos.service import approving, export, receipt, refunding, refunds, registers, sales, shifts
from tradepost.pos.service import checkout as checkouts
from tradepost.pos.service.export import (
    REFUND_COLUMNS,
    SALE_COLUMNS,
    SHIFT_COLUMNS,
    RefundColumn,
    SaleColumn,
    ShiftColumn,
)

router = APIRouter(prefix="/pos", tags=["Till"])

NOT_THEIR_PIN: dict[int | str, dict[str, Any]] = {
    401: {"$ref": "#/components/responses/NotSignedIn"},
    429: {"$ref": "#/components/responses/TooManyRequests"},
}
COLUMNS = "What to write, in this order; else all"


@router.get("/registers")
@urgent(FIRST)
async def list_registers(uow: Annotated[UnitOfWork, work(SELL)]) -> RegistersOut:
    """All tills, each with its open shift."""
    return RegistersOut(items=await registers.list_registers(uow))


@router.post("/registers", status_code=201)
async def add_register(uow: Annotated[UnitOfWork, work(MANAGE)], register: RegisterIn) -> RegisterOut:
    """Set up a till; its code heads its receipt numbers."""
    return await registers.add_register(uow, register)


@router.post("/registers/{register_id}/archive", status_code=204)
@repeatable
async def archive_register(uow: Annotated[UnitOfWork, work(MANAGE)], register_id: UUID) -> None:
    """Give a closed till up: it is not shown any more, its devices take no PINs, and its documents stay."""
    await registers.archive_register(uow, register_id)


@router.get("/registers/{register_id}/journal/check")
@urgent(LAST)
async def check_journal(uow: Annotated[UnitOfWork, work(MANAGE)], register_id: UUID) -> JournalCheckOut:
    """Recompute the hash chain of a till's journal: tells where something was changed or is missing."""
    return await sales.check_journal(uow, register_id)


@router.get("/find")
@urgent(FIRST)
async def find_products(
    uow: Annotated[UnitOfWork, work(SELL)],
    store_id: UUID,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Limit = 24,
) -> TilesOut:
    """Products by name, SKU or barcode, with what is on hand; without a query what sold most lately."""
    return TilesOut(items=await registers.find(uow, store_id, q, page_size(limit)))


@router.get("/find/by-code/{code}")
@urgent(FIRST)
async def scan_code(
    uow: Annotated[UnitOfWork, work(SELL)], code: Annotated[str, Path(examples=["6291041500213"])], store_id: UUID
) -> TileOut:
    """The product with a scanned barcode or typed SKU."""
    return await registers.by_code(uow, store_id, code)


@router.post("/shifts", status_code=201)
@urgent(FIRST)
async def open_shift(uow: Annotated[UnitOfWork, work(SELL)], shift: ShiftIn, response: Response) -> ShiftOut:
    """Open a register with the money in its drawer."""
    opened = await shifts.open_shift(uow, shift)
    response.headers["Location"] = f"/api/v1/pos/shifts/{shift.id}"
    return opened


@router.get("/shifts")
@urgent(LAST)
async def list_shifts(
    uow: Annotated[UnitOfWork, work(READ_SALES)],
    asked: Annotated[Asked, asks(SHIFTS)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> ShiftsOut:
    """Shifts, newest first unless asked for otherwise."""
    return await shifts.list_shifts(uow, asked, cursor, page_size(limit))


@router.get("/shifts.csv", response_class=CsvReply)
async def export_shifts(
    request: Request,
    reader: Annotated[Actor, actor(READ_SALES)],
    asked: Annotated[Asked, asks(SHIFTS)],
    column: Annotated[list[ShiftColumn] | None, Query(description=COLUMNS)] = None,
) -> CsvReply:
    """The list of shifts as a file: the same shifts in the same order, all of them."""
    edge: Edge = request.app.state.edge
    columns = list(dict.fromkeys(column or SHIFT_COLUMNS))
    return csv_reply("shifts.csv", columns, export.export_shifts(lambda: edge.open_work(reader), asked, columns))


@router.get("/shifts/{shift_id}")
@urgent(FIRST)
async def get_shift(uow: Annotated[UnitOfWork, work(SELL)], shift_id: UUID) -> ShiftOut:
    """One shift with its sums."""
    return await shifts.get_shift(uow, shift_id)


@router.post("/shifts/{shift_id}/close")
@urgent(FIRST)
async def close_shift(uow: Annotated[UnitOfWork, work(SELL)], shift_id: UUID, count: ShiftCloseIn) -> ShiftOut:
    """Close a register with the money counted; the answer tells what was expected and the difference."""
    return await shifts.close_shift(uow, shift_id, count.counted_minor)


@router.post("/sales", status_code=201)
@limited(BUSY)
@urgent(FIRST)
async def check_out(
    request: Request,
    uow: Annotated[UnitOfWork, work(SELL)],
    sale: SaleIn,
    response: Response,
    x_approval: Annotated[str | None, Header(max_length=100, description="What `/pos/sales/approvals` gave")] = None,
) -> SaleOut:
    """Sell a ticket. Repeating the call with the same id and content gives the same answer, for ever."""
    cashier = await approving.rung_up_by(uow, sale, _keyring(request))
    done = await checkouts.checkout(uow, sale, checkouts.Circumstances(cashier, x_approval))
    response.headers["Location"] = f"/api/v1/pos/sales/{sale.id}"
    if done.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
    return done.sale


@router.post("/sales/approvals", status_code=201, responses=NOT_THEIR_PIN)
@urgent(FIRST)
async def approve_sale(
    request: Request, uow: Annotated[UnitOfWork, work(SELL)], given: SaleApprovalIn
) -> SaleApprovalOut:
    """Have somebody else approve, by PIN at the till, what the cashier may not do alone on a ticket.

    The approval is for this ticket as it is, for this cashier at this till, and good once within two minutes.
    """
    return await approving.approve(uow, given, checkouts.content_hash_of(given.sale), _keyring(request))


def _keyring(request: Request) -> Keyring:
    edge: Edge = request.app.state.edge
    return edge.keyring


@router.get("/sales")
@urgent(LAST)
async def list_sales(
    uow: Annotated[UnitOfWork, work(READ_SALES)],
    asked: Annotated[Asked, asks(SALES)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> SalesOut:
    """Sales, newest first unless asked for otherwise: the documents behind the figures."""
    return await sales.list_sales(uow, asked, cursor, page_size(limit))


@router.get("/cashiers")
@urgent(LAST)
async def list_cashiers(uow: Annotated[UnitOfWork, work(READ_SALES)]) -> CashiersOut:
    """Who rang up sales, by name: what a list of them can be narrowed down to."""
    return await sales.list_cashiers(uow)


@router.get("/sales.csv", response_class=CsvReply)
async def export_sales(
    request: Request,
    reader: Annotated[Actor, actor(READ_SALES)],
    asked: Annotated[Asked, asks(SALES)],
    column: Annotated[list[SaleColumn] | None, Query(description=COLUMNS)] = None,
) -> CsvReply:
    """The list of sales as a file: the same sales in the same order, all of them."""
    edge: Edge = request.app.state.edge
    columns = list(dict.fromkeys(column or SALE_COLUMNS))
    return csv_reply("sales.csv", columns, export.export_sales(lambda: edge.open_work(reader), asked, columns))


@router.get("/sales/{sale_id}")
@urgent(FIRST)
async def get_sale(uow: Annotated[UnitOfWork, work(READ_SALES)], sale_id: UUID) -> SaleOut:
    """One sale with everything its receipt shows."""
    return await sales.get_sale(uow, sale_id)


@router.get("/sales/{sale_id}/receipt.txt", response_class=PlainTextResponse)
@urgent(FIRST)
async def get_receipt_text(
    uow: Annotated[UnitOfWork, work(READ_SALES)], sale_id: UUID, language: receipt.Language = "en"
) -> str:
    """The receipt as plain text, 42 columns wide."""
    return receipt.receipt_text(await sales.get_sale(uow, sale_id), language)


@router.get("/sales/{sale_id}/left")
@urgent(FIRST)
async def get_left_of_sale(uow: Annotated[UnitOfWork, work(READ_SALES)], sale_id: UUID) -> SaleLeftOut:
    """What of a sale has not been given back, by line and in money, and its refunds."""
    return await refunds.sale_left(uow, sale_id)


@router.post("/refunds", status_code=201)
@limited(BUSY)
@urgent(FIRST)
async def refund_sale(
    uow: Annotated[UnitOfWork, work(SELL)],
    refund: RefundIn,
    response: Response,
    x_approval: Annotated[str | None, Header(max_length=100, description="What `/pos/refunds/approvals` gave")] = None,
) -> RefundOut:
    """Take goods of a sale back and give their money; who may sell alone needs an approval.

    The sale stays as it is. Repeating the call with the same id and content gives the same answer, for ever.
    """
    done = await refunding.refund(uow, refund, x_approval)
    response.headers["Location"] = f"/api/v1/pos/refunds/{refund.id}"
    if done.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
    return done.refund


@router.post("/refunds/approvals", status_code=201, responses=NOT_THEIR_PIN)
@urgent(FIRST)
async def approve_refund(
    request: Request, uow: Annotated[UnitOfWork, work(SELL)], given: RefundApprovalIn
) -> SaleApprovalOut:
    """Have somebody else approve, by PIN at the till, a refund that the cashier may not give alone.

    The approval is for this refund as it is, for this cashier at this till, and good once within two minutes.
    """
    return await refunding.approve(uow, given, _keyring(request))


@router.get("/refunds")
@urgent(LAST)
async def list_refunds(
    uow: Annotated[UnitOfWork, work(READ_SALES)],
    asked: Annotated[Asked, asks(REFUNDS)],
    cursor: Cursor = None,
    limit: Limit = 50,
) -> RefundsOut:
    """Refunds, newest first unless asked for otherwise: the documents behind what was given back."""
    return await refunds.list_refunds(uow, asked, cursor, page_size(limit))


@router.get("/refunds.csv", response_class=CsvReply)
async def export_refunds(
    request: Request,
    reader: Annotated[Actor, actor(READ_SALES)],
    asked: Annotated[Asked, asks(REFUNDS)],
    column: Annotated[list[RefundColumn] | None, Query(description=COLUMNS)] = None,
) -> CsvReply:
    """The list of refunds as a file: the same refunds in the same order, all of them."""
    edge: Edge = request.app.state.edge
    columns = list(dict.fromkeys(column or REFUND_COLUMNS))
    return csv_reply("refunds.csv", columns, export.export_refunds(lambda: edge.open_work(reader), asked, columns))


@router.get("/refunds/{refund_id}")
@urgent(FIRST)
async def get_refund(uow: Annotated[UnitOfWork, work(READ_SALES)], refund_id: UUID) -> RefundOut:
    """One refund with everything its receipt shows."""
    return await refunds.get_refund(uow, refund_id)


@router.get("/refunds/{refund_id}/receipt.txt", response_class=PlainTextResponse)
@urgent(FIRST)
async def get_refund_text(
    uow: Annotated[UnitOfWork, work(READ_SALES)], refund_id: UUID, language: receipt.Language = "en"
) -> str:
    """The receipt of a refund as plain text, 42 columns wide."""
    return receipt.refund_text(await refunds.get_refund(uow, refund_id), language)
