"""The ledger and its levels in the database: what `stock_post` writes, refuses and locks, and what nothing else may."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shopfloor import ProductFactory, Till, adjust
from shopfloor.services import held_stock, set_up_things

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.stock import repository
from tradepost.stock.errors import NotEnoughStock, UnknownItem

Items = Sequence[tuple[UUID, Decimal]]

QUANTITIES = st.decimals(min_value=-20, max_value=20, places=3).filter(bool)
DOCUMENTS = st.lists(st.lists(st.tuples(st.integers(0, 2), QUANTITIES), max_size=4), max_size=6)


async def post(uow: UnitOfWork, store_id: UUID, items: Items, **changed: object) -> None:
    """Post a document of these items."""
    document = {
        "store_id": store_id,
        "kind": "adjustment",
        "source_kind": "adjustment",
        "source_id": ids.new_id(),
        "negative": "refuse",
        "starts_keeping": True,
    }
    await repository.post(uow, document | changed, items, clock.now())


@pytest.fixture
async def things(till: Till, make_product: ProductFactory) -> list[UUID]:
    """Three variants that were never counted."""
    return [(await make_product()).variant_id for _ in range(3)]


async def levels(uow: UnitOfWork, till: Till, variants: Sequence[UUID]) -> dict[UUID, Decimal]:
    """Return what is on hand by variant."""
    return {row["variant_id"]: row["on_hand"] for row in await repository.levels(uow, till.store_id, variants)}


@pytest.mark.practice(46)
@given(documents=DOCUMENTS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_level_is_the_sum_of_its_ledger_whatever_is_posted(
    open_work: WorkOpener, till: Till, things: list[UUID], documents: list[list[tuple[int, Decimal]]]
) -> None:
    """Rules 10 and 11: against a model of three numbers; the examples go on from one another's levels."""
    async with open_work(SYSTEM) as uow:
        model = defaultdict(Decimal, await levels(uow, till, things))
    for document in documents:
        demand: dict[UUID, Decimal] = defaultdict(Decimal)
        for index, quantity in document:
            demand[things[index]] += quantity
        is_short = any(quantity < 0 and model[thing] + quantity < 0 for thing, quantity in demand.items())
        expected = pytest.raises(NotEnoughStock) if is_short else contextlib.nullcontext()
        with expected:
            async with open_work(SYSTEM) as uow:
                await post(uow, till.store_id, [(things[index], quantity) for index, quantity in document])
        if not is_short:
            for thing, quantity in demand.items():
                model[thing] += quantity
    async with open_work(SYSTEM) as uow:
        kept = await levels(uow, till, things)
        assert {thing: kept.get(thing, 0) for thing in things} == {thing: model[thing] for thing in things}
        assert await repository.levels_differing(uow) == []


async def test_demand_is_summed_before_it_is_checked(uow: UnitOfWork, till: Till, things: list[UUID]) -> None:
    """Rule 11: what comes and goes in one document is one movement."""
    await post(uow, till.store_id, [(things[0], Decimal(-3)), (things[0], Decimal(5))])

    rows = await uow.read("SELECT quantity, balance FROM stock_movement")
    assert [tuple(row.values()) for row in rows] == [(2, 2)]


async def test_a_document_that_sums_to_nothing_leaves_no_row(uow: UnitOfWork, till: Till, things: list[UUID]) -> None:
    await post(uow, till.store_id, [(things[0], Decimal(-3)), (things[0], Decimal(3))])

    assert await uow.read_value("SELECT count(*) FROM stock_movement") == 0
    assert await levels(uow, till, things) == {}


async def test_every_shortage_of_a_document_is_listed_and_nothing_is_booked(
    open_work: WorkOpener, till: Till, things: list[UUID]
) -> None:
    """Rule 11: all or nothing."""
    async with open_work(SYSTEM) as uow:
        await post(uow, till.store_id, [(thing, Decimal(2)) for thing in things])
    demand = [(things[0], Decimal(-1)), (things[1], Decimal(-3)), (things[2], Decimal("-2.5"))]

    with pytest.raises(NotEnoughStock) as refusal:
        async with open_work(SYSTEM) as uow:
            await post(uow, till.store_id, demand)

    items = refusal.value.extra["items"]
    assert items == [
        {"variant_id": str(things[1]), "on_hand": "2", "wanted": "3"},
        {"variant_id": str(things[2]), "on_hand": "2", "wanted": "2.5"},
    ]
    async with open_work(SYSTEM) as uow:
        assert await levels(uow, till, things) == dict.fromkeys(things, Decimal(2))


async def test_going_below_zero_is_recorded_where_it_is_allowed(
    uow: UnitOfWork, till: Till, things: list[UUID]
) -> None:
    """Rule 12."""
    await post(uow, till.store_id, [(things[0], Decimal(-1))], negative="allow")
    await post(uow, till.store_id, [(things[1], Decimal(1))], negative="allow")

    rows = await uow.read("SELECT on_hand, is_oversold FROM stock_level ORDER BY on_hand")
    assert [tuple(row.values()) for row in rows] == [(-1, True), (1, False)]


async def test_a_delivery_ends_the_oversold_state(uow: UnitOfWork, till: Till, things: list[UUID]) -> None:
    """Rule 12."""
    await post(uow, till.store_id, [(things[0], Decimal(-1))], negative="allow")

    await post(uow, till.store_id, [(things[0], Decimal(3))])

    assert await uow.read_value("SELECT is_oversold FROM stock_level") is False


async def test_what_is_not_kept_is_passed_over_by_a_sale(uow: UnitOfWork, till: Till, things: list[UUID]) -> None:
    """Rule 12: a shop that has not counted yet can sell."""
    await post(uow, till.store_id, [(things[0], Decimal(-1))], starts_keeping=False)

    assert await uow.read_value("SELECT count(*) FROM stock_movement") == 0


async def test_a_document_moves_an_item_once(open_work: WorkOpener, till: Till, things: list[UUID]) -> None:
    """Rule 10: a job that runs twice cannot move stock twice."""
    source = ids.new_id()
    async with open_work(SYSTEM) as uow:
        await post(uow, till.store_id, [(things[0], Decimal(5))], source_id=source)

    with pytest.raises(asyncpg.UniqueViolationError):
        async with open_work(SYSTEM) as uow:
            await post(uow, till.store_id, [(things[0], Decimal(5))], source_id=source)

    async with open_work(SYSTEM) as uow:
        assert await levels(uow, till, things) == {things[0]: 5}


@pytest.mark.parametrize("unknown", ["variant", "store"])
async def test_an_unknown_item_is_refused(open_work: WorkOpener, till: Till, things: list[UUID], unknown: str) -> None:
    store, variant = till.store_id, things[0]
    if unknown == "variant":
        variant = ids.new_id()
    else:
        store = ids.new_id()

    with pytest.raises(UnknownItem):
        async with open_work(SYSTEM) as uow:
            await post(uow, store, [(variant, Decimal(1))])


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE stock_level SET on_hand = on_hand + 1",
        "DELETE FROM stock_level",
        "TRUNCATE stock_level",
        "INSERT INTO stock_level (store_id, variant_id, on_hand) SELECT id, gen_random_uuid(), 5 FROM shop_store",
    ],
)
async def test_levels_change_only_through_the_ledger(
    open_work: WorkOpener, owner: Client, till: Till, things: list[UUID], act: str
) -> None:
    """Rule 10: by the database, also right after a posting in the same transaction."""
    await adjust(owner, till.store_id, things[0], "5")

    with pytest.raises(asyncpg.RestrictViolationError, match="only through ledger rows"):
        async with open_work(SYSTEM) as uow, as_owner(uow):
            await post(uow, till.store_id, [(things[0], Decimal(1))])
            await uow.write(act)


@pytest.mark.parametrize("act", ["UPDATE stock_movement SET quantity = 9", "DELETE FROM stock_movement"])
async def test_the_ledger_is_append_only(
    open_work: WorkOpener, owner: Client, till: Till, things: list[UUID], act: str
) -> None:
    """Rule 10: the program has no right to change it, and its owner is kept from it by triggers."""
    await adjust(owner, till.store_id, things[0], "5")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with open_work(SYSTEM) as uow:
            await uow.write(act)
    with pytest.raises(asyncpg.RestrictViolationError, match="append-only"):
        async with open_work(SYSTEM) as uow, as_owner(uow):
            await uow.write(act)


async def test_a_level_that_is_not_the_sum_is_found(
    uow: UnitOfWork, owner: Client, till: Till, things: list[UUID]
) -> None:
    """Rule 10: the check of the cache sees what got past the guard."""
    await adjust(owner, till.store_id, things[0], "5")
    async with as_owner(uow):
        await uow.write("ALTER TABLE stock_level DISABLE TRIGGER stock_level_guard")

    await uow.write("UPDATE stock_level SET on_hand = 6")

    differing = await repository.levels_differing(uow)
    assert [tuple(row.values()) for row in differing] == [(till.store_id, things[0])]


@pytest.mark.practice(45)
async def test_documents_with_the_same_items_in_reverse_order_do_not_dead_lock(committed: WorkOpener) -> None:
    """Rule 11: rows are locked in one order, whatever the order of the document.

    The first item is held until both documents wait for it. If the second document had locked its own first item
    before, each would then hold what the other one needs.
    """
    store_id, things = await set_up_things(committed, 2)
    first, second = sorted(things)
    await post_apart(committed, store_id, [(thing, Decimal(10)) for thing in things])
    one, two = [(first, Decimal(-1)), (second, Decimal(-1))], [(second, Decimal(-1)), (first, Decimal(-1))]

    async with held_stock(committed, first) as queue:
        tasks = [asyncio.create_task(post_apart(committed, store_id, one))]
        await queue.reaches(1)
        tasks.append(asyncio.create_task(post_apart(committed, store_id, two)))
        await queue.reaches(2)
    await asyncio.gather(*tasks)

    async with committed(SYSTEM) as uow:
        assert [row["on_hand"] for row in await repository.levels(uow, store_id, [first, second])] == [8, 8]


async def post_apart(open_work: WorkOpener, store_id: UUID, items: Items) -> None:
    """Post a document in a transaction of its own."""
    async with open_work(SYSTEM) as uow:
        await post(uow, store_id, items)
