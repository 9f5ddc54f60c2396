"""Telling whoever manages the tills of a store that the money of a shift was not what it should be."""

from typing import Final

from mainstay.mail.letter import Catalogue
from mainstay.messages.notification import NotificationKind
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.work import Row, UnitOfWork
from tradepost.money.currency import currency, format_minor
from tradepost.pos.permissions import MANAGE

DIFFERENCE: Final = NotificationKind("pos.difference", Catalogue("tradepost.pos"), right=MANAGE, mail="digest")


async def tell_difference(uow: UnitOfWork, shift: Row, counted_minor: int, expected_minor: int) -> None:
    """Tell by how much a count differs from what was expected; nobody is told of one that does not."""
    if counted_minor == expected_minor:
        return
    unit = currency(shift["currency"])

    def money(minor: int) -> str:
        return f"{format_minor(minor, unit)} {unit.code}"

    values = {
        "register": shift["register_name"],
        "store": shift["store_name"],
        "cashier": uow.actor.name,
        "difference": money(counted_minor - expected_minor),
        "expected": money(expected_minor),
        "counted": money(counted_minor),
    }
    notice = Notice(DIFFERENCE, values, f"/shifts?register={shift['register_id']}")
    await notifications.notify(uow, notice, shift["store_id"])
