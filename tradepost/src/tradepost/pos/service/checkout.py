"""Checkout: a ticket becomes a sale once, whole, and at the price the customer was shown (rules 9, 11, 16 to 20).

Three round trips, however many lines: the session, one read of all facts, one statement that writes everything.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from mainstay import clock
from mainstay.errors import NotAllowed
from mainstay.messages.audit import Entry
from mainstay.modules.identity import api as identity
from mainstay.permission import Permission
from mainstay.work import Row, UnitOfWork
from tradepost.money.currency import currency
from tradepost.money.discount import LineDiscount, TicketDiscount
from tradepost.money.errors import MoneyError
from tradepost.money.errors import TenderTooHigh as MoneyTenderTooHigh
from tradepost.money.errors import TenderTooLow as MoneyTenderTooLow
from tradepost.money.rounding import CashRounding, RoundingMode
from tradepost.money.tax import RoundingLevel, TaxProfile
from tradepost.money.tender import Settlement, settle
from tradepost.money.ticket import PricedTicket, Ticket, TicketLine, price_ticket
from tradepost.pos.errors import (
    BadTicket,
    NotEnoughStock,
    PaymentIdReused,
    SaleIdReused,
    ShiftIsClosed,
    TenderTooHigh,
    TenderTooLow,
    TotalChanged,
    UnknownRegister,
    UnknownVariant,
)
from tradepost.pos.events import SaleCompleted
from tradepost.pos.repository import sales
from tradepost.pos.schemas.sales import ApprovalIn, DiscountIn, SaleIn, SaleOut
from tradepost.pos.service import approving
from tradepost.pos.service.registers import demand_here
from tradepost.shop import api as shop
from tradepost.stock import api as stock

# A ticket is entered in whole pieces or up to grams and millilitres.
Items = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Checkout:
    """The answer to a checkout; `is_replay` when the sale was there already."""

    sale: SaleOut
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What comes with a ticket: who rang it up, when that was not who sends it, and the token of an approval."""

    cashier: identity.Someone | None = None
    approval: str | None = None


ALONE = Circumstances()


@dataclass(frozen=True, slots=True)
class Leave:
    """By whose leave a ticket is sold: who approved it, or the right that the mark of who rang it up alone gives."""

    approval: ApprovalIn | None = None
    by_mark: Permission | None = None


async def checkout(uow: UnitOfWork, sale: SaleIn, given: Circumstances = ALONE) -> Checkout:
    """Sell a ticket, once for ever per id.

    Raises SaleIdReused, UnknownRegister, OtherRegister, ShiftIsClosed, UnknownVariant, BadTicket, TotalChanged,
    TenderTooLow, TenderTooHigh, NotEnoughStock, PaymentIdReused, and for a discount without the right NotAllowed, or
    where somebody can approve it ApprovalNeeded and ApprovalRefused.
    """
    demand_here(uow, sale.register_id)
    content_hash = content_hash_of(sale)
    facts = await sales.checkout_facts(uow, sale.id, sale.register_id, [line.variant_id for line in sale.lines])
    if facts is None:
        raise UnknownRegister("There is no such register.")
    if facts["known_hash"] is not None:
        return await _replay(uow, sale.id, content_hash)
    if facts["open_shift_id"] != sale.shift_id:
        raise _shift_closed()
    try:
        leave = await _leave(uow, sale, given, content_hash)
    except NotAllowed:
        # The same call at the same moment may have used the approval: then the sale is there.
        if given.approval is not None and await sales.sent_before(uow, sale.id) is not None:
            return await _replay(uow, sale.id, content_hash)
        raise
    items = _items(facts, sale)
    rounding = cash_rounding(facts["cash_rounding"])
    priced = _price(sale, facts, items, rounding)
    document = {
        "content_hash": content_hash,
        **_head(uow, sale, facts, given.cashier),
        **_amounts(priced, _settle(sale, priced, rounding)),
        "lines": _lines(sale, items, priced),
        "tenders": [
            {"position": position, **tender.model_dump(mode="json")} for position, tender in enumerate(sale.tenders)
        ],
        "stock": [{"variant_id": str(line.variant_id), "quantity": f"-{line.quantity}"} for line in sale.lines],
    }
    document["approved_by_name"] = None if leave.approval is None else leave.approval.approver_name
    return await _write(uow, sale, facts, document, leave)


async def _leave(uow: UnitOfWork, sale: SaleIn, given: Circumstances, content_hash: str) -> Leave:
    """Return by whose leave the ticket is sold, using an approval up when one is needed."""
    right = approving.lacking(uow, sale, given.cashier)
    if right is None:
        return Leave(by_mark=approving.lacking(uow, sale, None))
    by = await identity.use_approval(uow, approving.act_of(right, sale.id, content_hash), given.approval)
    return Leave(ApprovalIn(sale.id, right.name, by.id, by.name))


def content_hash_of(sale: SaleIn) -> str:
    """Return the digest by which two tickets with the same id are the same sale, or are not (rule 18)."""
    content = sale.model_dump(mode="json")
    if sale.rung_up_by is None:
        # As it was before there were marks: a sale of then that is sent again is still the same.
        del content["rung_up_by"]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _shift_closed() -> ShiftIsClosed:
    return ShiftIsClosed("This shift is not open on this register; open a shift and try again.")


async def _replay(uow: UnitOfWork, sale_id: UUID, content_hash: str) -> Checkout:
    stored = await sales.sent_before(uow, sale_id)
    if stored is None or stored["content_hash"] != content_hash:
        raise SaleIdReused("A sale with this id and other content exists; nothing was changed.")
    return Checkout(SaleOut.model_validate(dict(stored)), is_replay=True)


def _items(facts: Row, sale: SaleIn) -> Items:
    items = {item["variant_id"]: item for item in facts["items"] or ()}
    missing = sorted({str(line.variant_id) for line in sale.lines} - items.keys())
    if missing:
        raise UnknownVariant("A product on the ticket is not for sale.", extra={"variant_ids": missing})
    return items


def cash_rounding(stored: Mapping[str, Any] | None) -> CashRounding | None:
    """Return how a store rounds cash, as it is stored; None where it does not."""
    if stored is None:
        return None
    return CashRounding(
        increment_minor=stored["increment_minor"],
        due_tie=RoundingMode(stored["due_tie"]),
        change_tie=RoundingMode(stored["change_tie"]),
        above_minor=stored.get("above_minor", 0),
    )


def _price(sale: SaleIn, facts: Row, items: Items, rounding: CashRounding | None) -> PricedTicket:
    lines = [
        TicketLine(
            unit_price=Decimal(item["price"]),
            quantity=line.quantity,
            tax_rate=Decimal(item["tax_rate"]),
            discount=LineDiscount(**_discount(line.discount)) if line.discount else None,
            quantity_places=0 if item["unit"] == "piece" else 3,
        )
        for line in sale.lines
        for item in (items[str(line.variant_id)],)
    ]
    profile = TaxProfile(
        facts["prices_include_tax"], RoundingLevel(facts["rounding_level"]), RoundingMode(facts["rounding_mode"])
    )
    discount = TicketDiscount(**_discount(sale.discount)) if sale.discount else None
    try:
        priced = price_ticket(Ticket(currency(facts["currency"]), profile, lines, discount, rounding))
    except MoneyError as refusal:
        raise BadTicket(str(refusal), extra={"reason": refusal.code}) from refusal
    if priced.total_minor != sale.expected_total_minor:
        raise TotalChanged(
            "The total differs from what the till showed; look at the ticket again.",
            extra={
                "total_minor": priced.total_minor,
                "lines": [
                    {"variant_id": str(line.variant_id), "unit_price": item["price"], "total_minor": out.total_minor}
                    for line, out in zip(sale.lines, priced.lines, strict=True)
                    for item in (items[str(line.variant_id)],)
                ],
            },
        )
    return priced


def _discount(discount: DiscountIn | None) -> dict[str, Any]:
    if discount is None:
        return {}
    return {"percent": discount.value} if discount.kind == "percent" else {"amount_minor": discount.value_minor}


def _settle(sale: SaleIn, priced: PricedTicket, rounding: CashRounding | None) -> Settlement:
    try:
        return settle(priced.total_minor, [(tender.kind, tender.amount_minor) for tender in sale.tenders], rounding)
    except MoneyTenderTooLow as refusal:
        raise TenderTooLow(str(refusal), extra={"missing_minor": refusal.missing_minor}) from refusal
    except MoneyTenderTooHigh as refusal:
        raise TenderTooHigh(str(refusal), extra={"excess_minor": refusal.excess_minor}) from refusal
    except MoneyError as refusal:
        raise BadTicket(str(refusal), extra={"reason": refusal.code}) from refusal


def _head(uow: UnitOfWork, sale: SaleIn, facts: Row, cashier: identity.Someone | None) -> dict[str, Any]:
    """Return who, where, when and by which rules, as `pos_checkout` takes it and SaleOut shows it."""
    who = cashier or uow.actor
    sold_at = clock.now()
    return {
        "id": str(sale.id),
        "register_id": str(sale.register_id),
        "register_name": facts["register_name"],
        "shift_id": str(sale.shift_id),
        "cashier_id": str(who.id),
        "cashier_name": who.name,
        "sold_at": sold_at.isoformat(),
        "device_at": sale.device_at.isoformat(),
        "business_day": shop.business_day(facts["time_zone"], facts["day_cutoff"], sold_at).isoformat(),
        "currency": facts["currency"],
        "prices_include_tax": facts["prices_include_tax"],
        "rounding_level": facts["rounding_level"],
        "rounding_mode": facts["rounding_mode"],
        "negative_stock": facts["negative_stock"],
        "lines_count": len(sale.lines),
    }


def _amounts(priced: PricedTicket, settlement: Settlement) -> dict[str, Any]:
    return {
        "subtotal_minor": priced.subtotal_minor,
        "discount_minor": priced.discount_minor,
        "net_minor": priced.net_minor,
        "tax_minor": priced.tax_minor,
        "total_minor": priced.total_minor,
        "cash_rounding_minor": settlement.rounding_minor,
        "payable_minor": settlement.payable_minor,
        "cash_minor": settlement.cash_tendered_minor,
        "card_minor": settlement.non_cash_minor,
        "change_minor": settlement.change_minor,
        "taxes": [
            {
                "rate": f"{group.rate.normalize():f}",
                "net_minor": group.net_minor,
                "tax_minor": group.tax_minor,
                "gross_minor": group.gross_minor,
            }
            for group in priced.taxes
        ],
    }


def _lines(sale: SaleIn, items: Items, priced: PricedTicket) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "id": str(line.id),
            "variant_id": item["variant_id"],
            "name": item["name"],
            "sku": item["sku"],
            "barcode": item["barcode"],
            "quantity": str(line.quantity),
            "unit": item["unit"],
            "unit_price": item["price"],
            "cost": item["cost"],
            "tax_rate": item["tax_rate"],
            "list_minor": out.list_minor,
            "discount_minor": out.discount_minor,
            "ticket_discount_minor": out.ticket_discount_minor,
            "total_minor": out.total_minor,
            "net_minor": out.net_minor,
            "tax_minor": out.tax_minor,
        }
        for position, (line, out) in enumerate(zip(sale.lines, priced.lines, strict=True))
        for item in (items[str(line.variant_id)],)
    ]


async def _write(uow: UnitOfWork, sale: SaleIn, facts: Row, document: dict[str, Any], leave: Leave) -> Checkout:
    event = SaleCompleted(
        sale_id=sale.id,
        register_id=sale.register_id,
        shift_id=sale.shift_id,
        store_id=facts["store_id"],
        business_day=document["business_day"],
        total_minor=document["total_minor"],
        currency=document["currency"],
    )
    try:
        answer = await _put(uow, document, event, leave)
    except asyncpg.UniqueViolationError as failure:
        raise _reused(failure) from failure
    except asyncpg.CheckViolationError as failure:
        # The input was checked before; figures that do not add up are this program's mistake, not the cashier's.
        raise RuntimeError("the figures of a sale do not add up") from failure
    except asyncpg.PostgresError as failure:
        if failure.sqlstate != stock.NOT_ENOUGH_STOCK:
            raise
        raise _not_enough(json.loads(failure.detail), document["lines"]) from failure
    if answer["outcome"] == "known":
        return await _replay(uow, sale.id, document["content_hash"])
    if answer["outcome"] == "shift_closed":
        raise _shift_closed()
    store = {
        "id": facts["store_id"],
        "name": facts["store_name"],
        "time_zone": facts["time_zone"],
        "receipt_header": facts["receipt_header"],
        "receipt_footer": facts["receipt_footer"],
    }
    shown = {"receipt_number": answer["receipt_number"], "journal": answer, "store": store}
    return Checkout(SaleOut.model_validate(document | shown), is_replay=False)


async def _put(uow: UnitOfWork, document: dict[str, Any], event: SaleCompleted, leave: Leave) -> Row:
    """Write the sale: alone in one statement, or with by whose leave in the transaction that used an approval up."""
    sale, events = orjson.dumps(document).decode(), uow.envelope(event)
    if leave == Leave():
        return await sales.write_sale(uow, sale, events)
    answer = await sales.write_sale_by_leave(uow, sale, events, leave.approval)
    if answer["outcome"] == "sold":
        uow.record(_by_leave(document, leave))
    return answer


def _by_leave(document: Mapping[str, Any], leave: Leave) -> Entry:
    """Return what the trail tells of a sale that who sent it had not the rights for."""
    told = {name: document[name] for name in ("currency", "discount_minor", "total_minor")}
    approval = leave.approval
    if approval is None:
        told |= {"cashier_id": document["cashier_id"]}
        return Entry("pos.discount_by_mark", "pos.sale", document["id"], new=told)
    told |= {"permission": approval.permission}
    return Entry("pos.sale_approved", "pos.sale", document["id"], new=told, approver_id=approval.approver_id)


def _reused(failure: asyncpg.UniqueViolationError) -> SaleIdReused | PaymentIdReused:
    if failure.table_name == "pos_payment":
        return PaymentIdReused("A tender of this ticket was used for another payment; nothing was changed.")
    return SaleIdReused("A sale with this id and other content exists; nothing was changed.")


def _not_enough(shortages: Sequence[Mapping[str, str]], lines: Sequence[Mapping[str, Any]]) -> NotEnoughStock:
    names = {line["variant_id"]: line["name"] for line in lines}
    items = [
        {
            "variant_id": short["variant_id"],
            "name": names[short["variant_id"]],
            "on_hand": short["on_hand"],
            "wanted": short["wanted"],
        }
        for short in shortages
    ]
    listed = ", ".join(f"{item['name']} ({item['on_hand']} left)" for item in items[:3])
    return NotEnoughStock(f"There is not enough stock of {listed}.", extra={"items": items})
