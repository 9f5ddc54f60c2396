"""The sample's business: invented, complete, and set up once."""

from shopfloor import business_in, store_in

from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.shop.schemas import BusinessIn
from tradepost.shop.service import business
from tradepost.shop.service.sample import set_up_sample


async def test_the_sample_has_two_stores_and_says_that_it_is_one(uow: UnitOfWork) -> None:
    await set_up_sample(uow)

    made = await business.shop(uow)

    assert made.business is not None
    assert (made.business.name, made.business.currency) == ("Sample Grocer", "EUR")
    assert [(store.code, store.name) for store in made.stores] == [
        ("HA", "Sample Grocer, Harbour"),
        ("MA", "Sample Grocer, Market"),
    ]
    assert [str(rate.rate) for rate in made.tax_rates] == ["20", "10", "5.5"]
    assert all("Invented" in " ".join(store.receipt_header) for store in made.stores)


async def test_a_second_start_changes_nothing(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        await set_up_sample(uow)
        first = await business.shop(uow)

    async with open_work(SYSTEM) as uow:
        await set_up_sample(uow)
        assert await business.shop(uow) == first


async def test_a_real_business_is_left_alone(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))

    async with open_work(SYSTEM) as uow:
        await set_up_sample(uow)
        made = await business.shop(uow)

    assert [store.name for store in made.stores] == ["Harbour Street"]
