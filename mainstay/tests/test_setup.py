"""What the program was set up with: names, places and stands are asked of the modules each time."""

from mainstay import ids
from mainstay.permission import Bounds
from mainstay.setup import Names, Place, Places, Stand, Stands
from mainstay.work import Actor, UnitOfWork, WorkOpener

SHOP, DEPOT = Place(ids.new_id(), "Shop"), Place(ids.new_id(), "Depot")
DOOR, DESK = Stand(ids.new_id(), "Door", "door.let_in"), Stand(ids.new_id(), "Desk", "door.lock")


async def test_names_are_those_of_the_program_and_those_that_modules_know(uow: UnitOfWork) -> None:
    async def of_the_shop(_: UnitOfWork) -> tuple[str, ...]:
        return ("Hopper's", "Corner shop")

    assert await Names(("Tradepost",), (of_the_shop,))(uow) == ("Tradepost", "Hopper's", "Corner shop")
    assert await Names()(uow) == ()


async def test_places_are_those_that_the_actor_reaches(open_work: WorkOpener) -> None:
    async def shops(_: UnitOfWork) -> tuple[Place, ...]:
        return SHOP, DEPOT

    limited = Actor("person", ids.new_id(), reach=Bounds(places=frozenset({DEPOT.id})))
    async with open_work(limited) as uow:
        assert await Places((shops,))(uow) == (DEPOT,)
    async with open_work(Actor("person", ids.new_id())) as uow:
        assert await Places((shops,))(uow) == (SHOP, DEPOT)


async def test_stands_are_found_by_their_id_whichever_module_has_them(uow: UnitOfWork) -> None:
    async def doors(_: UnitOfWork) -> tuple[Stand, ...]:
        return (DOOR,)

    async def desks(_: UnitOfWork) -> tuple[Stand, ...]:
        return (DESK,)

    assert await Stands((doors, desks))(uow) == {DOOR.id: DOOR, DESK.id: DESK}
