"""What a cashier may not do alone on a ticket: which right it needs, having somebody approve it, and who rang it up."""

from uuid import UUID

from mainstay.keyring import Keyring
from mainstay.modules.identity import api as identity
from mainstay.permission import Permission
from mainstay.work import UnitOfWork
from tradepost.pos.errors import NothingToApprove
from tradepost.pos.permissions import DISCOUNT
from tradepost.pos.schemas.sales import SaleApprovalIn, SaleApprovalOut, SaleIn
from tradepost.pos.service.registers import demand_here


async def rung_up_by(uow: UnitOfWork, sale: SaleIn, keyring: Keyring) -> identity.Someone | None:
    """Return who rang a ticket up, where that was not who sends it; a mark that proves nothing counts for nothing.

    A till without a network keeps its sales, and the next cashier may be the one to send them.
    """
    mark = sale.rung_up_by
    if mark is None or uow.actor.station is None:
        return None
    if uow.actor.id is not None and mark.startswith(uow.actor.id.hex):
        return None
    return await identity.marked(uow, keyring, sale.register_id, mark)


def lacking(uow: UnitOfWork, sale: SaleIn, cashier: identity.Someone | None) -> Permission | None:
    """Return the right that a ticket needs and neither who sends it nor who rang it up holds; None when all is there.

    Whoever gave a discount at an offline till, and might, does not lose it because somebody else sends the sale.
    """
    gives_discount = sale.discount is not None or any(line.discount for line in sale.lines)
    if not gives_discount or uow.actor.may(DISCOUNT.name):
        return None
    return None if cashier is not None and DISCOUNT.name in cashier.rights else DISCOUNT


def act_of(right: Permission, sale_id: UUID, content_hash: str) -> identity.Act:
    """Return what is approved: this right, on this sale, with exactly this content."""
    return identity.Act(right, "pos.sale", sale_id, content_hash)


async def approve(uow: UnitOfWork, given: SaleApprovalIn, content_hash: str, keyring: Keyring) -> SaleApprovalOut:
    """Have somebody approve, by their PIN, what the cashier may not do alone on a ticket.

    Raises OtherRegister, NothingToApprove, and what `identity.approve` raises.
    """
    demand_here(uow, given.sale.register_id)
    right = lacking(uow, given.sale, None)
    if right is None:
        raise NothingToApprove("You may do all of this yourself; sell the ticket as it is.")
    pin = identity.ApproverPin(given.approver_id, given.pin.get_secret_value(), keyring)
    approval = await identity.approve(uow, act_of(right, given.sale.id, content_hash), pin)
    return SaleApprovalOut(token=approval.token, approver_name=approval.approver_name, expires_at=approval.expires_at)
