"""What becomes of each record of a bulk change: changed as a set or one by one, refused, too late, unknown."""

from typing import Literal
from uuid import UUID

import pytest
from pydantic import BaseModel

from mainstay import ids
from mainstay.bulk.outcomes import Outcomes
from mainstay.bulk.schemas import BulkIn, BulkOut, MaybeSeenItemIn
from mainstay.errors import Conflict, DomainError, NotAllowed, NotFound, ServiceUnavailable
from mainstay.messages.audit import Entry
from mainstay.versioned import Attempt, Versioned, conflict
from mainstay.work import UnitOfWork

THING = Versioned("probe.thing", "probe_thing", {"name": "record.name", "cost": "record.cost"})
CHANGE = f"""
WITH {THING.keeping("record.id = ANY ($1)")}
UPDATE probe_thing SET name = $2, version = version + 1 WHERE id = ANY ($1)
"""
UNKNOWN = NotFound("There is no such thing.")


class Rename(BaseModel):
    kind: Literal["rename"] = "rename"


class Stuck(Conflict):
    """It cannot be changed."""

    code = "probe.stuck"
    title = "It is stuck"


Item = MaybeSeenItemIn
Told = Outcomes[UUID, Item]


@pytest.fixture
async def things(uow: UnitOfWork) -> list[UUID]:
    """Three records that were `a` at version 1 and are `b` at version 2."""
    await uow.write("CREATE TEMP TABLE probe_thing (id uuid, name text, cost int, version int DEFAULT 1)")
    keys = [ids.new_id() for _ in range(3)]
    await uow.write("INSERT INTO probe_thing SELECT *, 'a', 5 FROM unnest($1::uuid[])", keys)
    await uow.write(CHANGE, keys, "b")
    return keys


def told(keys: list[UUID], known: list[UUID], *versions: int | None) -> Told:
    """Return the outcomes of a change to `keys`, in the `versions` that were read, of which some are `known`."""
    seen = versions or (None,) * len(keys)
    items = [Item(id=key, version=version) for key, version in zip(keys, seen, strict=True)]
    return Told(BulkIn[Rename, Item](change=Rename(), items=items), dict.fromkeys(known, 2), UNKNOWN)


def shown(outcomes: Told) -> list[tuple[str, int | None, str | None]]:
    return [(each.outcome, each.version, each.code) for each in outcomes.answer(BulkOut).items]


async def names(uow: UnitOfWork) -> list[str]:
    return [row["name"] for row in await uow.read("SELECT name FROM probe_thing ORDER BY id")]


def test_each_is_told_of_in_the_order_of_the_request_and_what_nobody_speaks_of_was_so_already() -> None:
    keys = [ids.new_id() for _ in range(5)]
    outcomes = told(keys, keys[1:])
    outcomes.refused([keys[1]], Stuck("It does not move."))
    outcomes.unchanged([keys[2]])

    assert outcomes.keys == keys[3:]
    outcomes.changed({keys[4]: 3})

    assert [each.id for each in outcomes.answer(BulkOut).items] == keys
    assert shown(outcomes) == [
        ("unknown", None, "not_found"),
        ("refused", 2, "probe.stuck"),
        ("unchanged", 2, None),
        ("unchanged", 2, None),
        ("changed", 3, None),
    ]
    assert [each.detail for each in outcomes.answer(BulkOut).items][:2] == [
        "There is no such thing.",
        "It does not move.",
    ]


async def test_a_set_is_changed_but_for_what_somebody_else_changed_first(uow: UnitOfWork, things: list[UUID]) -> None:
    outcomes = told(things, things, 2, 1, None)

    chosen = await outcomes.settle(uow, THING, {"name": "c"}, lambda facts: facts | {"cost": None})
    await uow.write(CHANGE, chosen, "c")
    outcomes.changed(dict.fromkeys(chosen, 3))

    assert shown(outcomes) == [("changed", 3, None), ("conflict", 2, "version_conflict"), ("changed", 3, None)]
    assert await names(uow) == ["c", "b", "c"]
    late = outcomes.answer(BulkOut).items[1]
    assert late.sides is not None
    key = str(things[1])
    assert late.sides.model_dump() == {
        "base": {"id": key, "version": 1, "name": "a", "cost": None},
        "base_gone": None,
        "mine": {"name": "c"},
        "theirs": {"id": key, "version": 2, "name": "b", "cost": None},
        "conflicts": ["name"],
    }


async def test_what_is_so_already_is_no_conflict_whatever_its_version(uow: UnitOfWork, things: list[UUID]) -> None:
    outcomes = told(things[:1], things, 1)
    outcomes.unchanged(things[:1])

    assert await outcomes.settle(uow, THING, {}) == []
    assert shown(outcomes) == [("unchanged", 2, None)]


async def test_one_by_one_what_is_refused_leaves_nothing_behind(uow: UnitOfWork, things: list[UUID]) -> None:
    outcomes = told(things, things)

    async def rename(item: Item) -> None:
        await uow.write(CHANGE, [item.id], "c")
        uow.record(Entry("probe.renamed", "probe.thing", item.id))
        outcomes.changed({item.id: 3})
        if item.id == things[1]:
            raise Stuck("It does not move.")

    await outcomes.each(uow, rename)

    assert shown(outcomes) == [("changed", 3, None), ("refused", 2, "probe.stuck"), ("changed", 3, None)]
    assert await names(uow) == ["c", "b", "c"]
    await uow.commit()
    rows = await uow.read("SELECT object_id FROM audit_entry WHERE act = 'probe.renamed' ORDER BY position")
    assert [row["object_id"] for row in rows] == [str(things[0]), str(things[2])]


async def test_one_by_one_who_comes_too_late_is_told_the_sides(uow: UnitOfWork, things: list[UUID]) -> None:
    outcomes = told(things[:1], things, 1)

    async def rename(item: Item) -> None:
        raise await conflict(uow, THING, Attempt(item.id, 1, {"name": "c"}))

    await outcomes.each(uow, rename)

    (late,) = outcomes.answer(BulkOut).items
    assert (late.outcome, late.version, late.sides and late.sides.conflicts) == ("conflict", 2, ["name"])


@pytest.mark.parametrize("wrong", [NotAllowed("No."), ServiceUnavailable("Later."), ValueError("a mistake")])
async def test_what_is_not_about_one_record_ends_the_call(
    uow: UnitOfWork, things: list[UUID], wrong: DomainError | ValueError
) -> None:
    async def act(item: Item) -> None:
        raise wrong

    with pytest.raises(type(wrong)):
        await told(things, things).each(uow, act)
