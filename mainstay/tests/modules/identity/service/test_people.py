"""People are listed in the order they joined, and what is over is forgotten."""

from collections.abc import Awaitable, Callable

from mainstay.db.grammar import Asked
from mainstay.modules.identity.service import people
from mainstay.testing.clients import PersonFactory
from mainstay.work import UnitOfWork

COUNTS = """
SELECT ARRAY[(SELECT count(*) FROM identity_session), (SELECT count(*) FROM identity_attempt),
             (SELECT count(*) FROM identity_invitation)]
"""


async def test_a_program_is_set_up_when_it_has_an_owner(uow: UnitOfWork, make_person: PersonFactory) -> None:
    await make_person("cashier")
    assert not await people.is_set_up(uow)

    await make_person("owner")

    assert await people.is_set_up(uow)


async def test_people_come_in_the_order_they_joined_page_by_page(uow: UnitOfWork, make_person: PersonFactory) -> None:
    made = [await make_person("cashier") for _ in range(5)]
    for days, person in enumerate(made):
        joined = "UPDATE identity_person SET created_at = now() - make_interval(days => $1) WHERE id = $2"
        await uow.write(joined, days, person.id)

    first, cursor, total = await people.list_people(uow, Asked(), None, 3)
    rest, end, _ = await people.list_people(uow, Asked(), cursor, 3)

    assert [row["id"] for row in (*first, *rest)] == [person.id for person in reversed(made)]
    assert (total, end) == (5, None)


async def test_people_who_joined_at_the_same_moment_are_listed_once_each(
    uow: UnitOfWork, make_person: PersonFactory
) -> None:
    made = {(await make_person("cashier")).id for _ in range(4)}

    first, cursor, _ = await people.list_people(uow, Asked(), None, 2)
    rest, _, _ = await people.list_people(uow, Asked(), cursor, 2)

    assert {row["id"] for row in (*first, *rest)} == made


async def test_what_is_over_is_forgotten_and_the_rest_stays(
    uow: UnitOfWork, make_person: PersonFactory, owner_link: Callable[[], Awaitable[str]]
) -> None:
    await owner_link()
    await uow.write("UPDATE identity_invitation SET expires_at = now() - interval '1 year'")
    made = [await make_person("cashier") for _ in range(3)]
    for person, change in zip(
        made, ("expires_at = now() - interval '1 second'", "last_seen_at = now() - interval '13 hours'"), strict=False
    ):
        await uow.write(f"UPDATE identity_session SET {change} WHERE person_id = $1", person.id)
    for age in ("23 hours", "25 hours"):
        await uow.write(
            "INSERT INTO identity_attempt (account_digest, address, attempted_at) "
            "VALUES ('', '', now() - $1::text::interval)",
            age,
        )
    for number, age in enumerate(("29 days", "31 days")):
        await uow.write(
            "INSERT INTO identity_invitation (id, token_digest, role, created_by, expires_at) "
            "VALUES (gen_random_uuid(), $1, 'cashier', $2, now() - $3::text::interval)",
            b"%d" % number,
            made[0].id,
            age,
        )
    assert await uow.read_value(COUNTS) == [3, 2, 3]

    await people.forget_the_old(uow)

    assert await uow.read_value(COUNTS) == [1, 1, 2]
