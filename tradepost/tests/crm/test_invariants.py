"""What holds of contacts holds after a merge, and not when merged ones lead to each other."""

from holding import broken, figure
from merging import ContactFactory, merged

from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.work import UnitOfWork
from tradepost.crm.invariants import ALL, CONTACTS


async def test_they_hold_until_two_lead_to_each_other(
    owner: Client, uow: UnitOfWork, make_contact: ContactFactory
) -> None:
    one, two, three = [await make_contact(name) for name in ("Zoë", "Zoe", "Z.")]
    await merged(owner, one, two, three)
    assert await broken(uow, ALL) == {}
    assert await figure(uow, CONTACTS) == "3, 2, 0"

    async with as_owner(uow):
        for begin, end in ((two, three), (three, two)):
            await uow.write("UPDATE crm_contact SET merged_into = $2 WHERE id = $1", begin["id"], end["id"])

    assert await broken(uow, ALL) == {"crm.merged_lead_somewhere": sorted([two["id"], three["id"]])}
