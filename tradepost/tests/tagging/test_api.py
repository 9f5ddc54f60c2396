"""The front door of tagging: many things in one statement."""

from counting import Statements, own

from mainstay import ids
from mainstay.work import UnitOfWork
from tradepost.tagging import api

THING = "stock.item"


async def test_tags_are_made_once_and_found(uow: UnitOfWork) -> None:
    made = await api.make(uow, "tag", ["Red", "red", "Blue"])
    assert {key: label.name for key, label in made.items()} == {"red": "Red", "blue": "Blue"}
    assert await api.make(uow, "tag", ["BLUE"]) == {"blue": made["blue"]}
    assert await api.find(uow, "tag", ["Red", "Green"]) == {"red": made["red"]}
    assert await api.find(uow, "group", ["Red"]) == {}


async def test_things_get_and_lose_tags_and_only_changes_are_told(uow: UnitOfWork) -> None:
    red, blue = (await api.make(uow, "tag", ["Red", "Blue"])).values()
    one, two = ids.new_id(), ids.new_id()

    assert await api.add(uow, THING, [red.id], [one]) == {one}
    assert await api.add(uow, THING, [red.id, blue.id], [one, two]) == {one, two}
    assert await api.add(uow, THING, [red.id, blue.id], [one, two]) == set()
    assert await api.tags_of(uow, THING, [one, two]) == {one: [blue, red], two: [blue, red]}
    assert await api.remove(uow, THING, [blue.id], [one]) == {one}
    assert await api.remove(uow, THING, [blue.id], [one]) == set()
    assert await api.tags_of(uow, THING, [one]) == {one: [red]}


async def test_things_of_another_sort_are_others(uow: UnitOfWork) -> None:
    (red,) = (await api.make(uow, "tag", ["Red"])).values()
    one = ids.new_id()
    await api.add(uow, THING, [red.id], [one])
    assert await api.tags_of(uow, "crm.contact", [one]) == {one: []}


async def test_what_is_assigned_is_all_there_is(uow: UnitOfWork) -> None:
    red, blue, green = (await api.make(uow, "tag", ["Red", "Blue", "Green"])).values()
    one, two, three = (ids.new_id() for _ in range(3))
    await api.add(uow, THING, [red.id], [one, two, three])

    await api.assign(uow, THING, {one: [blue.id, green.id], two: []})

    assert await api.tags_of(uow, THING, [one, two, three]) == {one: [blue, green], two: [], three: [red]}


async def test_many_things_cost_one_statement_each(uow: UnitOfWork, statements: Statements) -> None:
    tags = [label.id for label in (await api.make(uow, "tag", ["Red", "Blue"])).values()]
    things = [ids.new_id() for _ in range(100)]
    async with statements() as seen:
        await api.add(uow, THING, tags, things)
        await api.assign(uow, THING, dict.fromkeys(things, tags[:1]))
        await api.tags_of(uow, THING, things)
        await api.remove(uow, THING, tags, things)
    assert len(own(seen)) == 4
