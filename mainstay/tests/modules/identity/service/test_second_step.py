"""Steps on the way are forgotten when they have ended, and no sooner."""

import pytest

from mainstay import ids
from mainstay.modules.identity.service import second_step
from mainstay.testing.clients import PersonFactory
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

PUT = {
    "identity_challenge": """
        INSERT INTO identity_challenge (bound_to, purpose, challenge, expires_at)
        VALUES ('\\x01', 'sign_in', '\\x02', now() + $2::interval), ('\\x01', 'confirm', '\\x02', now() + '1 minute')
    """,
    "identity_pending_sign_in": """
        INSERT INTO identity_pending_sign_in (token_digest, person_id, expires_at)
        VALUES ('\\x01', $1, now() + $2::interval), ('\\x02', $1, now() + '1 minute')
    """,
    "identity_factor_try": """
        INSERT INTO identity_factor_try (person_id, tried_at)
        VALUES ($1, now() - interval '2 days' + $2::interval), ($1, now() - interval '25 hours')
    """,
}


@pytest.mark.parametrize("table", PUT)
async def test_what_has_ended_is_forgotten(
    open_work: WorkOpener, uow: UnitOfWork, make_person: PersonFactory, table: str
) -> None:
    person = await make_person("cashier")
    sql = PUT[table].replace("$2", "'-1 second'")
    await uow.write(sql, *([person.id] if "$1" in sql else []))
    await uow.commit()

    async with open_work(SYSTEM) as work:
        await second_step.forget_the_old(work)

    assert await uow.read_value(f"SELECT count(*) FROM {table}") == 1


async def test_an_app_that_nobody_confirmed_is_forgotten_and_one_that_counts_is_not(
    open_work: WorkOpener, uow: UnitOfWork, make_person: PersonFactory
) -> None:
    person = await make_person("cashier")
    add = """
    INSERT INTO identity_totp (id, person_id, secret_sealed, created_at, confirmed_at)
    VALUES ($1, $2, '\\x01', now() - interval '25 hours', $3)
    """
    moment = await uow.read_value("SELECT now()")
    for confirmed in (None, moment):
        await uow.write(add, ids.new_id(), person.id, confirmed)
    await uow.commit()

    async with open_work(SYSTEM) as work:
        await second_step.forget_the_old(work)

    assert await uow.read_value("SELECT confirmed_at FROM identity_totp") == moment
