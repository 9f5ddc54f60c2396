"""Limits of rights: nothing of another store, a colleague's sales and contacts, no cost, nothing personal leaves.

Marks are planted in what somebody is not to see, every operation of the API description is called as them, and every
byte of every answer is searched. A new route is covered by itself, or fails until it has an example.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from brief_profiles import be_brief
from out_of_reach import (
    CONTACT,
    COSTS,
    HOUSE,
    PERSONAL,
    SALE,
    STORE,
    STORE_NUMBERS,
    Walk,
    World,
    limit,
    make_role,
    plant,
)

from mainstay.bootstrap.program import Program
from mainstay.permission import Bounds
from mainstay.testing.client import Client
from mainstay.work import Actor, WorkOpener
from tradepost.catalog.repository import imports
from tradepost.crm.repository import personal, reaching
from tradepost.crm.service import printing
from tradepost.insight import service as insight
from tradepost.pos.repository import sales, sums, tills

SignIn = Callable[[str], Awaitable[Client]]
Enter = Callable[[str], Awaitable[Client]]

READS = ("get",)
WRITES = ("post", "patch", "put", "delete")
# What each kind of limit hides; a person with it holds every right but those named.
LACKING = {"costs": {"catalog.read_cost"}, "personal": {"crm.see_personal"}}
# Whose records of which kind a person with it reaches.
EXTENTS = {"sales": {"pos.sales": "own"}, "contacts": {"crm.contacts": "own"}, "team": {"crm.contacts": "team"}}
HIDDEN = {
    "store": (*STORE, *STORE_NUMBERS),
    "costs": COSTS,
    "personal": PERSONAL,
    "sales": SALE,
    "contacts": (*CONTACT, *HOUSE),
    "team": (*CONTACT, *HOUSE),
}
# Another cashier sold in both stores: what a person limited to the one sees of them there is theirs to see.
SHARED = {"Numbatkunde", "7654321"}

# Whoever reaches their own sales alone and counts a drawer is told what should have been in it, and has the shift for
# their own from then on.
COUNTED = {"sales": {"POST /api/v1/pos/shifts/{shift_id}/close"}}


async def _as_told(sheet: bytes) -> bytes:
    """Instead of the press: a PDF is packed, and what would be printed can be searched."""
    return sheet


@pytest.fixture
def in_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has files be searchable, and streams and profiles end."""
    be_brief(monkeypatch)
    monkeypatch.setattr(printing, "_press", _as_told)
    monkeypatch.setattr(insight, "LONGEST_WATCH", 0.05)
    monkeypatch.setattr(insight, "LOOK", 0.06)


@pytest.fixture
async def world(owner: Client, sign_in_as: SignIn, open_work: WorkOpener, in_plain: None) -> World:
    """The shop with its marks."""
    seller = await sign_in_as("cashier")
    async with open_work(Actor("system", name="system")) as uow:
        await uow.write("UPDATE identity_person SET name = 'Numbatkunde' WHERE id = $1", seller.person_id)
    return await plant(owner, seller, open_work)


@pytest.fixture
def walk(api_document: dict[str, Any], world: World) -> Walk:
    """Calls every route."""
    return Walk(api_document, world)


@pytest.fixture
def enter(program: Program, open_work: WorkOpener, sign_in_as: SignIn, world: World) -> Enter:
    """Signs somebody in who holds every right but what one kind of limit takes away."""

    async def enter(kind: str) -> Client:
        rights = program.roles.all_rights - LACKING.get(kind, set())
        client = await sign_in_as(await make_role(open_work, rights, EXTENTS.get(kind, {})))
        await limit(open_work, client.person_id, [world.here.store_id] if kind in {"store", "team"} else None)
        if kind == "team":
            # The seller works at the other store alone: no mate.
            await limit(open_work, UUID(world.of("person_id")[0]), [world.there.store_id])
        return client

    return enter


def hidden(kind: str) -> set[str]:
    """Return the marks that must not be seen; those of a store are those that stand nowhere else."""
    return set(HIDDEN[kind]) - (SHARED if kind == "store" else set())


@pytest.mark.practice(31)
@pytest.mark.parametrize("kind", HIDDEN)
async def test_nothing_that_is_out_of_reach_stands_in_any_answer(kind: str, walk: Walk, enter: Enter) -> None:
    leaks = await walk.leaks(await enter(kind), hidden(kind), methods=READS)

    assert leaks == set()


async def test_who_is_limited_by_nothing_finds_every_mark(walk: Walk, enter: Enter) -> None:
    """So that a mark which is not found for others was there to be found."""
    marks = {mark for each in HIDDEN.values() for mark in each}

    assert {leak.mark for leak in await walk.leaks(await enter("nothing"), marks)} == marks


@pytest.mark.practice(31, 66)
@pytest.mark.parametrize("kind", HIDDEN)
async def test_no_write_answers_with_what_is_out_of_reach(kind: str, walk: Walk, enter: Enter) -> None:
    for method in WRITES:
        leaks = await walk.leaks(await enter(kind), hidden(kind), methods=[method])
        assert {leak for leak in leaks if leak.route not in COUNTED.get(kind, ())} == set()


Mutant = list[tuple[object, str, Any]]
MUTANTS: dict[str, Mutant] = {
    "store": [(Bounds, "has", lambda _bounds, _place: True)],
    "sales": [(each, "owned_by", lambda _actor: None) for each in (sales, sums, tills)],
    "personal": [(personal, "is_seen", lambda _actor: True)],
    "contacts": [(reaching, "owners", lambda _actor: None)],
    "team": [(reaching, "owners", lambda _actor: None)],
    "costs": [(Actor, "may", lambda _actor, _right: True)],
}
# Conditions of statements that decide beside those: lists are cut down in the database.
CONDITIONS: dict[str, tuple[str, Mutant]] = {
    "imports of all stores": ("store", [(imports, "_reached", lambda _uow, _number: ("true", []))]),
    "shifts of all stores": ("store", [(tills, "_shifts_reached", lambda _actor: [])]),
    "sales of all stores": ("store", [(sales, "reached_by", lambda _actor: [])]),
    "sums of all cashiers": ("sales", [(tills, "_OWN_SUMS", "$2::uuid IS NOT NULL")]),
}


@pytest.mark.parametrize("kind", MUTANTS)
async def test_without_the_condition_it_would(
    kind: str, walk: Walk, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutants: the one place that decides says yes."""
    for place, name, replacement in MUTANTS[kind]:
        monkeypatch.setattr(place, name, replacement)

    assert await walk.is_leaky(await enter(kind), hidden(kind))


@pytest.mark.parametrize("mutant", CONDITIONS)
async def test_without_the_condition_of_a_statement_it_would(
    mutant: str, walk: Walk, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutants: a list or a sum is of everything."""
    kind, broken = CONDITIONS[mutant]
    for place, name, replacement in broken:
        monkeypatch.setattr(place, name, replacement)

    assert await walk.is_leaky(await enter(kind), hidden(kind))


@pytest.mark.parametrize("path", ["pos/sales/{sale_id}", "pos/shifts/{shift_id}", "catalog/imports/{import_id}"])
async def test_what_is_out_of_reach_is_answered_as_what_there_is_not(path: str, world: World, enter: Enter) -> None:
    client, name = await enter("store"), path.partition("{")[2].removesuffix("}")

    far = await client.get(f"/api/v1/{path.format(**{name: world.of(name)[0]})}")
    nothing = await client.get(f"/api/v1/{path.format(**{name: '018f5a3e-0000-7000-8000-0123456789ab'})}")

    assert (far.status_code, far.json()["detail"]) == (404, nothing.json()["detail"])
    assert (await client.get(f"/api/v1/{path.format(**{name: world.of(name)[1]})}")).status_code == 200
