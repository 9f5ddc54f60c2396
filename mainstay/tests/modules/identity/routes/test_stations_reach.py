"""Shared devices in places that not everybody reaches: who is limited to another one does nothing there."""

from uuid import UUID

import pytest
from factor_calls import problem
from station_calls import (
    BACK_DOOR,
    HERE,
    OTHER_PIN,
    STATIONS,
    approved,
    ask_approval,
    enrol,
    give_pin,
    look_again,
    set_pin,
    sign_in_by_pin,
    take_in,
)

from mainstay import ids
from mainstay.modules.identity.service import stations
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import SYSTEM, WorkOpener

LIMIT = "UPDATE identity_person SET place_ids = $2 WHERE id = $1"
ATTIC, CELLAR = UUID(int=1), UUID(int=2)


@pytest.fixture
async def attic(owner: Client, make_client: ClientFactory) -> Client:
    """A device at the back door, which belongs to the attic; nobody is signed in on it."""
    browser = make_client()
    await enrol(owner, browser, BACK_DOOR)
    return browser


async def limit(open_work: WorkOpener, person: Client, *places: UUID) -> None:
    async with open_work(SYSTEM) as uow:
        await uow.write(LIMIT, person.person_id, list(places))


@pytest.mark.practice(31)
async def test_who_is_limited_to_another_place_is_not_shown_and_not_let_in(
    cashier: Client, attic: Client, open_work: WorkOpener
) -> None:
    await set_pin(cashier)
    await limit(open_work, cashier, CELLAR)

    assert (await attic.get(HERE)).json()["people"] == []
    assert problem(await give_pin(attic, cashier.person_id)) == (401, "identity.wrong_pin")


async def test_who_is_limited_to_this_place_is_let_in(cashier: Client, attic: Client, open_work: WorkOpener) -> None:
    await set_pin(cashier)
    await limit(open_work, cashier, ATTIC)

    assert [one["id"] for one in (await attic.get(HERE)).json()["people"]] == [str(cashier.person_id)]
    assert (await sign_in_by_pin(attic, cashier))["station"]["place_id"] == BACK_DOOR


async def test_who_is_limited_to_another_place_approves_nothing_here(
    cashier: Client, manager: Client, attic: Client, open_work: WorkOpener
) -> None:
    await set_pin(cashier)
    await set_pin(manager, OTHER_PIN)
    await sign_in_by_pin(attic, cashier)
    assert await approved(attic, take_in(), manager.person_id, OTHER_PIN)
    await limit(open_work, manager, CELLAR)

    answer = await ask_approval(attic, take_in(), manager.person_id, OTHER_PIN)

    assert problem(answer) == (403, "identity.approver_refused")


async def test_without_the_look_at_the_place_the_one_next_door_signs_in(
    cashier: Client, attic: Client, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant."""
    await set_pin(cashier)
    await limit(open_work, cashier, CELLAR)
    assert (await give_pin(attic, cashier.person_id)).status_code == 401

    monkeypatch.setattr(stations, "reaches", lambda _person, _stand: True)

    assert (await give_pin(attic, cashier.person_id)).status_code == 201


@pytest.mark.practice(31)
async def test_who_is_limited_to_another_place_does_not_find_its_devices(
    owner: Client, manager: Client, attic: Client, open_work: WorkOpener
) -> None:
    """Nor takes them away, nor makes more of them."""
    assert attic.cookies
    await enrol(owner, owner)
    (front, back) = (await owner.get(STATIONS)).json()["items"][::-1]
    await limit(open_work, manager, CELLAR)
    more = {"id": str(ids.new_id()), "place_id": BACK_DOOR, "name": "Mine"}

    assert [each["id"] for each in (await manager.get(STATIONS)).json()["items"]] == [front["id"]]
    assert problem(await manager.delete(f"{STATIONS}/{back['id']}")) == (404, "identity.station_unknown")
    assert problem(await manager.post(STATIONS, json=more)) == (422, "identity.place_unknown")

    await limit(open_work, manager, ATTIC)
    look_again(manager)
    assert len((await manager.get(STATIONS)).json()["items"]) == 2
    assert (await manager.delete(f"{STATIONS}/{back['id']}")).status_code == 204


async def test_without_the_look_at_reach_a_device_of_another_place_is_taken_away(
    owner: Client, manager: Client, attic: Client, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mutant."""
    assert attic.cookies
    (back,) = (await owner.get(STATIONS)).json()["items"]
    await limit(open_work, manager, CELLAR)
    monkeypatch.setattr(stations, "_is_reached", lambda *_: True)

    assert (await manager.delete(f"{STATIONS}/{back['id']}")).status_code == 204
