"""The way back in for whoever holds the machine."""

import pytest

from mainstay.errors import InvalidInput
from mainstay.modules.identity.errors import EmailTaken, PersonUnknown
from mainstay.modules.identity.service import rescue, resets
from mainstay.testing.clients import PersonFactory
from mainstay.work import UnitOfWork


async def test_one_more_owner_sets_a_password_by_the_link(uow: UnitOfWork) -> None:
    link = await rescue.create_owner(uow, "Ada@shop.example", "Ada")

    row = await resets.check(uow, link.path.removeprefix("/reset#"))
    assert (row["name"], row["email"], row["role"]) == ("Ada", "Ada@shop.example", "owner")


async def test_nobody_is_made_an_owner_twice_nor_without_an_address(uow: UnitOfWork) -> None:
    await rescue.create_owner(uow, "ada@shop.example", "Ada")

    with pytest.raises(EmailTaken):
        await rescue.create_owner(uow, "ADA@shop.example", "Ada")
    with pytest.raises(InvalidInput):
        await rescue.create_owner(uow, "nowhere", "Ada")


async def test_a_reset_ends_every_session_and_gives_a_link(uow: UnitOfWork, make_person: PersonFactory) -> None:
    person = await make_person("owner")

    link = await rescue.reset_access(uow, person.email.upper())

    assert (await resets.check(uow, link.path.removeprefix("/reset#")))["person_id"] == person.id
    assert await uow.read_value("SELECT count(*) FROM identity_session WHERE person_id = $1", person.id) == 0
    await uow.commit()
    acts = await uow.read("SELECT act FROM audit_entry WHERE object_id = $1", str(person.id))
    assert "identity.access_reset" in [row["act"] for row in acts]


async def test_nobody_gets_no_link(uow: UnitOfWork) -> None:
    with pytest.raises(PersonUnknown):
        await rescue.reset_access(uow, "nobody@shop.example")
