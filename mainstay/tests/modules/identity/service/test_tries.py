"""Codes are tried 5 times in 5 minutes, 20 times an hour and 50 times a day, on the database's clock."""

import asyncio

import pytest

from mainstay import ids
from mainstay.modules.identity.errors import TooManyFactorTries
from mainstay.modules.identity.service import tries
from mainstay.testing.clients import ADD_PERSON, PersonFactory
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

PUT = """
INSERT INTO identity_factor_try (person_id, tried_at)
SELECT $1, clock_timestamp() - $2::interval - interval '1 second' * number FROM generate_series(1, $3) AS number
"""


@pytest.mark.parametrize(
    ("age", "number", "span"),
    [("0 minutes", 5, 300), ("6 minutes", 20, 3600), ("2 hours", 50, 86_400)],
    ids=["five minutes", "an hour", "a day"],
)
async def test_each_span_has_its_limit(
    open_work: WorkOpener, make_person: PersonFactory, age: str, number: int, span: int
) -> None:
    person, other = await make_person("cashier"), await make_person("cashier")
    async with open_work(SYSTEM) as uow:
        await uow.write(PUT.replace("$2::interval", f"interval '{age}'").replace("$3", "$2"), person.id, number - 1)
    async with open_work(SYSTEM) as uow:
        await tries.count(uow, person.id)

    async with open_work(SYSTEM) as uow:
        with pytest.raises(TooManyFactorTries) as refusal:
            await tries.count(uow, person.id)
        await tries.count(uow, other.id)

    assert 1 <= int(refusal.value.headers["Retry-After"]) <= span


async def test_tries_at_the_same_moment_are_counted_too(committed: WorkOpener) -> None:
    person = ids.new_id()
    async with committed(SYSTEM) as uow:
        await uow.write(ADD_PERSON, person, "ada@shop.example", "Ada", "owner")

    async def attempt() -> object:
        async with committed(SYSTEM) as uow:
            return await tries.count(uow, person)

    found = await asyncio.gather(*(attempt() for _ in range(12)), return_exceptions=True)

    assert [type(each) for each in found].count(TooManyFactorTries) == 7


async def test_a_try_stays_counted_although_its_work_is_undone(committed: WorkOpener) -> None:
    person = ids.new_id()
    async with committed(SYSTEM) as uow:
        await uow.write(ADD_PERSON, person, "ada@shop.example", "Ada", "owner")

    work: UnitOfWork = committed.unit(SYSTEM)
    await tries.count(work, person)
    await work.close()

    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM identity_factor_try") == 1
