"""The registers of the sample shop."""

from mainstay import ids
from mainstay.work import UnitOfWork
from tradepost.pos.repository import tills
from tradepost.pos.schemas.sales import RegisterIn
from tradepost.pos.service.registers import add_register
from tradepost.shop import api as shop

# Tills per store, in the order of the sample's stores.
TILLS = (2, 1)


async def add_sample_registers(uow: UnitOfWork) -> None:
    """Set up three registers in the sample's two stores, unless there are registers already."""
    if await tills.registers(uow):
        return
    for store, count in zip(await shop.stores(uow), TILLS, strict=False):
        for number in range(1, count + 1):
            register = RegisterIn(
                id=ids.new_id(), store_id=store.id, code=f"{store.code}{number}", name=f"Till {number}"
            )
            await add_register(uow, register)
