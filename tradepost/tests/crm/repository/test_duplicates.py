"""What contacts are looked up by, in the database."""

from collections.abc import Iterator
from typing import Any, Protocol
from uuid import UUID

from mainstay.work import UnitOfWork
from tradepost.crm.matching.keys import Key
from tradepost.crm.repository import duplicates as repository
from tradepost.crm.repository.duplicates import Pair


class ContactFactory(Protocol):
    """Makes contacts through the front door."""

    async def __call__(self, name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
        """Return the contact as its route shows it."""
        ...


async def test_a_block_beyond_the_cap_is_ignored(uow: UnitOfWork, make_contact: ContactFactory) -> None:
    contact = UUID((await make_contact())["id"])
    others = [UUID((await make_contact(f"Somebody {place}"))["id"]) for place in range(3)]
    crowd, few = Key("company", "crowd"), Key("company", "few")
    await repository.replace_keys(uow, {contact: [crowd, few], others[0]: [crowd, few], others[1]: [crowd]})
    found = await repository.candidates(uow, [crowd, few], contact, 5, None)
    assert [row["contact_id"] for row in found] == others[:2]
    capped = await uow.read(repository._CANDIDATES.format(reached=""), ["company"], ["crowd"], contact, 1, 5)
    assert capped == []


async def test_who_shares_rarer_keys_comes_first(uow: UnitOfWork, make_contact: ContactFactory) -> None:
    own, *others = [UUID((await make_contact(f"Somebody {place}"))["id"]) for place in range(4)]
    common, rare = Key("company", "common"), Key("phone", "+1")
    await repository.replace_keys(
        uow, {others[0]: [common], others[1]: [common], others[2]: [common, rare], own: [common, rare]}
    )
    found = await repository.candidates(uow, [common, rare], own, 2, None)
    assert [row["contact_id"] for row in found] == [others[2], others[0]]


async def test_each_block_is_read_once_however_many_are_in_it(uow: UnitOfWork, make_contact: ContactFactory) -> None:
    everybody = [UUID((await make_contact(f"Somebody {place}"))["id"]) for place in range(8)]
    asked = [Key("company", "crowd"), Key("phone", "+1")]
    await repository.replace_keys(uow, dict.fromkeys(everybody, asked))
    kinds, values = [one.kind for one in asked], [one.value for one in asked]
    sql = repository._CANDIDATES.format(reached="")
    plan = await uow.read_value(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", kinds, values, everybody[0], 200, 5)
    reads = [node["Actual Loops"] for node in nodes(plan[0]["Plan"]) if node.get("Alias") == "crm_key"]
    assert reads == [len(asked)]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every node of a plan."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


async def test_a_pair_is_kept_once_with_its_last_score(uow: UnitOfWork, make_contact: ContactFactory) -> None:
    low, high = sorted([UUID((await make_contact(f"Somebody {place}"))["id"]) for place in range(2)])
    await repository.replace_pairs(uow, [low], [Pair(low, high, 0.6, [])])
    await repository.replace_pairs(uow, [], [Pair(low, high, 0.7, [])])
    rows, following = await repository.page(uow, None, 5)
    assert [(row["low_id"], row["high_id"], float(row["score"])) for row in rows] == [(low, high, 0.7)]
    assert following is None
    assert await repository.count(uow) == 1
