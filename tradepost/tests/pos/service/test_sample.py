"""The sample's registers."""

from mainstay.work import UnitOfWork
from tradepost.pos.service.sample import add_sample_registers
from tradepost.shop.service.sample import set_up_sample

REGISTERS = """
SELECT register.code, store.code AS store FROM pos_register AS register
JOIN shop_store AS store ON store.id = register.store_id ORDER BY register.code
"""


async def test_the_sample_has_three_registers_in_two_stores(uow: UnitOfWork) -> None:
    await set_up_sample(uow)

    await add_sample_registers(uow)
    await add_sample_registers(uow)

    rows = await uow.read(REGISTERS)
    assert [tuple(row.values()) for row in rows] == [("HA1", "HA"), ("HA2", "HA"), ("MA1", "MA")]


async def test_the_sample_invents_no_sales(uow: UnitOfWork) -> None:
    await set_up_sample(uow)
    await add_sample_registers(uow)

    assert await uow.read_value("SELECT (SELECT count(*) FROM pos_sale) + (SELECT count(*) FROM pos_shift)") == 0
