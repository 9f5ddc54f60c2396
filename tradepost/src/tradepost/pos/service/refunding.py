"""Refunding: goods come back against a receipt, and their money goes, once and never twice (rules 14 to 19 and 29).

The sale stays as it is: a refund is a document of its own, in the shift that is open now. Everything is worked out
under a lock on the sale, so that two refunds at one moment cannot both give the same goods back.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import asyncpg
import orjson

from mainstay import clock
from mainstay.keyring import Keyring
from mainstay.messages.audit import Entry
from mainstay.modules.identity import api as identity
from mainstay.work import Row, UnitOfWork
from tradepost.money.errors import MoneyError, TenderTooHigh, TenderTooLow
from tradepost.money.refund import GivenBack, Left, Repayment, SoldLine, give_back, repay
from tradepost.money.rounding import RoundingMode
from tradepost.pos.errors import (
    BadTicket,
    NothingToApprove,
    PaymentIdReused,
    RefundChanged,
    RefundIdReused,
    RefundTenderWrong,
    RefundTooMuch,
    ShiftIsClosed,
    UnknownLine,
    UnknownRegister,
    UnknownSale,
)
from tradepost.pos.events import SaleRefunded
from tradepost.pos.permissions import REFUND
from tradepost.pos.repository import refunds
from tradepost.pos.schemas.refunds import RefundApprovalIn, RefundIn, RefundLineIn, RefundOut
from tradepost.pos.schemas.sales import ApprovalIn, SaleApprovalOut
from tradepost.pos.service.checkout import cash_rounding
from tradepost.pos.service.registers import demand_here
from tradepost.shop import api as shop

ID_REUSED = "A refund with this id and other content exists; nothing was changed."


@dataclass(frozen=True, slots=True)
class Refunded:
    """The answer to a refund; `is_replay` when the refund was there already."""

    refund: RefundOut
    is_replay: bool


@dataclass(frozen=True, slots=True)
class Worth:
    """A line that comes back, the sold line that it is of, and what is given for it."""

    asked: RefundLineIn
    sold: Mapping[str, Any]
    back: GivenBack


async def refund(uow: UnitOfWork, wanted: RefundIn, approval: str | None = None) -> Refunded:
    """Give the money for goods of a sale back, once for ever per id.

    Raises UnknownSale, UnknownRegister, OtherRegister, ShiftIsClosed, UnknownLine, RefundTooMuch, RefundChanged,
    RefundTenderWrong, BadTicket, RefundIdReused, PaymentIdReused, and without the right NotAllowed, or where somebody
    can approve it ApprovalNeeded and ApprovalRefused.
    """
    demand_here(uow, wanted.register_id)
    content_hash = content_hash_of(wanted)
    await refunds.lock_sale(uow, wanted.sale_id)
    place = await refunds.place(uow, wanted.id, wanted.register_id)
    if place is None:
        raise UnknownRegister("There is no such register.")
    if place["known_hash"] is not None:
        return await _replay(uow, wanted, content_hash)
    sale = await refunds.sale_left(uow, wanted.sale_id)
    if sale is None:
        raise UnknownSale("There is no such sale.")
    if place["open_shift_id"] != wanted.shift_id:
        raise _shift_closed()
    worth = _worth(wanted, sale)
    repayment = _repay(wanted, sale, place, worth)
    leave = await _leave(uow, wanted, content_hash, approval)
    document = {
        "content_hash": content_hash,
        **_head(uow, wanted, sale, place),
        **_amounts(worth, repayment),
        "lines": _lines(worth, sale),
        "tenders": [
            {"position": position, **tender.model_dump(mode="json")} for position, tender in enumerate(wanted.tenders)
        ],
        "stock": [
            {"variant_id": one.sold["variant_id"], "quantity": str(one.asked.quantity)}
            for one in worth
            if one.asked.goods == "to_stock"
        ],
    }
    return await _write(uow, wanted, place, document, leave)


async def approve(uow: UnitOfWork, given: RefundApprovalIn, keyring: Keyring) -> SaleApprovalOut:
    """Have somebody approve, by their PIN, a refund that the cashier may not give alone.

    Raises OtherRegister, NothingToApprove, and what `identity.approve` raises.
    """
    demand_here(uow, given.refund.register_id)
    if uow.actor.may(REFUND.name):
        raise NothingToApprove("You may give money back yourself.")
    pin = identity.ApproverPin(given.approver_id, given.pin.get_secret_value(), keyring)
    approval = await identity.approve(uow, _act_of(given.refund, content_hash_of(given.refund)), pin)
    return SaleApprovalOut(token=approval.token, approver_name=approval.approver_name, expires_at=approval.expires_at)


def content_hash_of(wanted: RefundIn) -> str:
    """Return the digest by which two refunds with the same id are the same, or are not (rule 18)."""
    return hashlib.sha256(orjson.dumps(wanted.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _act_of(wanted: RefundIn, content_hash: str) -> identity.Act:
    return identity.Act(REFUND, "pos.refund", wanted.id, content_hash)


async def _leave(uow: UnitOfWork, wanted: RefundIn, content_hash: str, token: str | None) -> ApprovalIn | None:
    """Return by whose leave the money goes back, using the approval up; None when the actor needs none."""
    if uow.actor.may(REFUND.name):
        return None
    by = await identity.use_approval(uow, _act_of(wanted, content_hash), token)
    return ApprovalIn(wanted.id, REFUND.name, by.id, by.name)


def _shift_closed() -> ShiftIsClosed:
    return ShiftIsClosed("This shift is not open on this register; open a shift and try again.")


async def _replay(uow: UnitOfWork, wanted: RefundIn, content_hash: str) -> Refunded:
    stored = await refunds.given_before(uow, wanted.id)
    if stored is None or stored["content_hash"] != content_hash:
        raise RefundIdReused(ID_REUSED)
    return Refunded(RefundOut.model_validate(dict(stored)), is_replay=True)


def _worth(wanted: RefundIn, sale: Row) -> list[Worth]:
    """Return what each line is worth, by the sale's own prices, discounts and taxes."""
    sold = {line["line_id"]: line for line in sale["lines"]}
    unknown = sorted({str(line.line_id) for line in wanted.lines} - sold.keys())
    if unknown:
        raise UnknownLine("A line is none of this sale's; look at the sale again.", extra={"line_ids": unknown})
    pairs = [(line, sold[str(line.line_id)]) for line in wanted.lines]
    too_much = [_left(of) for line, of in pairs if line.quantity > Decimal(_left(of)["left"])]
    if too_much:
        raise RefundTooMuch(
            "More is to come back than is left of the sale; look at it again.", extra={"lines": too_much}
        )
    mode = RoundingMode(sale["rounding_mode"])
    worth = [Worth(line, of, _value(line, of, mode)) for line, of in pairs]
    total = sum(one.back.net_minor + one.back.tax_minor for one in worth)
    if total != wanted.expected_total_minor:
        raise RefundChanged(
            "The goods are worth another amount than the till showed; look at the refund again.",
            extra={"total_minor": total},
        )
    return worth


def _left(sold: Mapping[str, Any]) -> dict[str, str]:
    left = Decimal(sold["quantity"]) - Decimal(sold["refunded_quantity"])
    return {"line_id": sold["line_id"], "left": f"{left.normalize():f}"}


def _value(line: RefundLineIn, sold: Mapping[str, Any], mode: RoundingMode) -> GivenBack:
    if sold["unit"] == "piece" and line.quantity != line.quantity.to_integral_value():
        raise BadTicket("Pieces come back whole.", extra={"reason": "money.invalid_quantity"})
    as_sold = SoldLine(Decimal(sold["quantity"]), sold["net_minor"], sold["tax_minor"])
    return give_back(as_sold, Decimal(sold["refunded_quantity"]), line.quantity, mode)


def _repay(wanted: RefundIn, sale: Row, place: Row, worth: Sequence[Worth]) -> Repayment:
    coming = {one.sold["line_id"]: one.asked.quantity for one in worth}
    is_last = all(
        Decimal(line["refunded_quantity"]) + coming.get(line["line_id"], 0) == Decimal(line["quantity"])
        for line in sale["lines"]
    )
    try:
        return repay(
            wanted.expected_total_minor,
            Left(sale["payable_minor"], sale["card_minor"]),
            [(tender.kind, tender.amount_minor) for tender in wanted.tenders],
            cash_rounding(place["cash_rounding"]),
            is_last=is_last,
        )
    except TenderTooLow as refusal:
        missing = {"missing_minor": refusal.missing_minor}
        raise RefundTenderWrong("Less would be given back than is due.", extra=missing) from refusal
    except TenderTooHigh as refusal:
        excess = {"excess_minor": refusal.excess_minor}
        raise RefundTenderWrong(
            "More would be given back than is due, or onto a card than it paid.", extra=excess
        ) from refusal
    except MoneyError as refusal:
        raise BadTicket(str(refusal), extra={"reason": refusal.code}) from refusal


def _head(uow: UnitOfWork, wanted: RefundIn, sale: Row, place: Row) -> dict[str, Any]:
    """Return who, where, when and why, as `pos_refund` takes it; the day is that on which the money goes back."""
    moment = clock.now()
    return {
        "id": str(wanted.id),
        "sale_id": str(wanted.sale_id),
        "register_id": str(wanted.register_id),
        "shift_id": str(wanted.shift_id),
        "cashier_id": str(uow.actor.id),
        "cashier_name": uow.actor.name,
        "refunded_at": moment.isoformat(),
        "device_at": wanted.device_at.isoformat(),
        "business_day": shop.business_day(place["time_zone"], place["day_cutoff"], moment).isoformat(),
        "currency": sale["currency"],
        "reason": wanted.reason,
        "lines_count": len(wanted.lines),
    }


def _amounts(worth: Sequence[Worth], repayment: Repayment) -> dict[str, Any]:
    by_rate: dict[str, list[GivenBack]] = {}
    for one in worth:
        by_rate.setdefault(one.sold["tax_rate"], []).append(one.back)
    return {
        "net_minor": sum(one.back.net_minor for one in worth),
        "tax_minor": sum(one.back.tax_minor for one in worth),
        "total_minor": repayment.total_minor,
        "cash_rounding_minor": repayment.rounding_minor,
        "payable_minor": repayment.payable_minor,
        "cash_minor": repayment.cash_minor,
        "card_minor": repayment.card_minor,
        "taxes": [
            {
                "rate": rate,
                "net_minor": sum(back.net_minor for back in parts),
                "tax_minor": sum(back.tax_minor for back in parts),
                "gross_minor": sum(back.net_minor + back.tax_minor for back in parts),
            }
            for rate, parts in by_rate.items()
        ],
    }


def _lines(worth: Sequence[Worth], sale: Row) -> list[dict[str, Any]]:
    return [
        {
            "position": position,
            "sale_position": one.sold["position"],
            "variant_id": one.sold["variant_id"],
            "quantity": str(one.asked.quantity),
            "goods": one.asked.goods,
            "total_minor": one.back.net_minor + (one.back.tax_minor if sale["prices_include_tax"] else 0),
            "net_minor": one.back.net_minor,
            "tax_minor": one.back.tax_minor,
        }
        for position, one in enumerate(worth)
    ]


async def _write(
    uow: UnitOfWork, wanted: RefundIn, place: Row, document: dict[str, Any], leave: ApprovalIn | None
) -> Refunded:
    try:
        answer = await refunds.write_refund(uow, orjson.dumps(document).decode(), leave)
    except asyncpg.UniqueViolationError as failure:
        raise _reused(failure) from failure
    except asyncpg.CheckViolationError as failure:
        # All of it was checked under the lock; what breaks a limit here is this program's mistake, not the cashier's.
        raise RuntimeError("the figures of a refund do not add up") from failure
    if answer["outcome"] == "shift_closed":
        raise _shift_closed()
    event = SaleRefunded(
        refund_id=wanted.id,
        sale_id=wanted.sale_id,
        register_id=wanted.register_id,
        shift_id=wanted.shift_id,
        store_id=place["store_id"],
        business_day=document["business_day"],
        total_minor=document["total_minor"],
        currency=document["currency"],
        receipt_number=answer["receipt_number"],
    )
    uow.publish(event)
    uow.record(_entry(wanted, document, answer["receipt_number"], leave))
    stored = await refunds.given_before(uow, wanted.id)
    if stored is None:
        raise RuntimeError("the refund that was written is not there")
    return Refunded(RefundOut.model_validate(dict(stored)), is_replay=False)


def _entry(wanted: RefundIn, document: Mapping[str, Any], number: str, leave: ApprovalIn | None) -> Entry:
    """Return what the trail tells of a refund: money that left, with who approved it."""
    told = {name: document[name] for name in ("sale_id", "currency", "total_minor", "cash_minor", "card_minor")}
    told["receipt_number"] = number
    approver = None if leave is None else leave.approver_id
    return Entry("pos.sale_refunded", "pos.refund", wanted.id, new=told, reason=wanted.reason, approver_id=approver)


def _reused(failure: asyncpg.UniqueViolationError) -> RefundIdReused | PaymentIdReused:
    if failure.table_name == "pos_refund_payment":
        return PaymentIdReused("A tender of this refund was used for another payment; nothing was changed.")
    return RefundIdReused(ID_REUSED)
