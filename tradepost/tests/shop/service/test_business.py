"""Setting up a business at the same moment: exactly one wins."""

import asyncio

import pytest
from shopfloor import business_in, store_in

from mainstay.work import SYSTEM, WorkOpener
from tradepost.shop.errors import AlreadySetUp, StoreCodeTaken
from tradepost.shop.schemas import BusinessIn, StoreIn
from tradepost.shop.service import business


async def test_of_two_set_ups_at_once_one_wins_whole(committed: WorkOpener) -> None:
    async def set_up(name: str) -> str:
        wanted = BusinessIn.model_validate(business_in(store_in()) | {"name": name})
        async with committed(SYSTEM) as uow:
            made = await business.set_up(uow, wanted)
        assert made.business is not None
        return made.business.name

    outcomes = await asyncio.gather(set_up("One"), set_up("Two"), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["AlreadySetUp", "str"]
    async with committed(SYSTEM) as uow:
        present = await business.shop(uow)
    assert present.business is not None
    assert present.business.name in outcomes
    assert (len(present.stores), len(present.tax_rates)) == (1, 3)


async def test_of_two_stores_with_one_code_one_wins(committed: WorkOpener) -> None:
    async with committed(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))

    async def add() -> str:
        async with committed(SYSTEM) as uow:
            return (await business.add_store(uow, StoreIn.model_validate(store_in(code="NEW")))).code

    outcomes = await asyncio.gather(add(), add(), return_exceptions=True)

    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["StoreCodeTaken", "str"]


async def test_refusals_name_what_is_taken(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))
    async with open_work(SYSTEM) as uow:
        with pytest.raises(StoreCodeTaken, match="code HS"):
            await business.add_store(uow, StoreIn.model_validate(store_in()))
    async with open_work(SYSTEM) as uow:
        with pytest.raises(AlreadySetUp):
            await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))
