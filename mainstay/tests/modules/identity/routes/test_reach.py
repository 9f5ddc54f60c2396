"""How far people reach: limited to places by whoever reaches as far, within a second, in every way in."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx2
import pytest

from mainstay import ids
from mainstay.permission import Bounds
from mainstay.testing.client import Client
from mainstay.work import PART, SYSTEM, WorkOpener

SignIn = Callable[[str], Awaitable[Client]]

ATTIC, CELLAR = str(UUID(int=1)), str(UUID(int=2))
LIMIT = "UPDATE identity_person SET place_ids = $2 WHERE id = $1"
PEOPLE, ROLES = "/api/v1/identity/people", "/api/v1/identity/roles"


async def change(client: Client, of: Client, version: int = 1, **what: object) -> httpx2.Response:
    return await client.patch(f"{PEOPLE}/{of.person_id}", json={"version": version, **what})


async def reach(client: Client) -> str:
    answer: str = (await client.get("/api/v1/door")).json()
    return answer


@pytest.fixture
async def keeper(sign_in_as: SignIn, open_work: WorkOpener) -> Client:
    """A manager who is limited to the attic."""
    manager = await sign_in_as("manager")
    async with open_work(SYSTEM) as uow:
        await uow.write(LIMIT, manager.person_id, [UUID(ATTIC)])
        held = ["identity.manage", "door.let_in"]
        await uow.write("UPDATE identity_role SET permissions = $1 WHERE key = 'manager'", held)
    return manager


@pytest.mark.practice(31)
async def test_a_person_is_limited_to_places_and_let_go_again_at_once(owner: Client, sign_in_as: SignIn) -> None:
    person = await sign_in_as("cashier")
    before = await reach(person)

    limited = await change(owner, person, place_ids=[CELLAR, ATTIC, ATTIC])
    told = await reach(person)
    freed = await change(owner, person, 2, place_ids=None)

    assert (limited.json()["place_ids"], freed.json()["place_ids"]) == ([ATTIC, CELLAR], None)
    assert (before, told, await reach(person)) == ("everywhere; all of 0", "1, 2; all of 0", "everywhere; all of 0")


async def test_what_is_left_out_leaves_the_limit(owner: Client, sign_in_as: SignIn) -> None:
    person = await sign_in_as("cashier")
    await change(owner, person, place_ids=[ATTIC])

    assert (await change(owner, person, 2, name="Grace")).json()["place_ids"] == [ATTIC]


@pytest.mark.parametrize("what", [{"place_ids": [str(UUID(int=9))]}, {"role": "owner", "place_ids": [ATTIC]}])
async def test_strange_places_and_limited_owners_are_refused(
    owner: Client, sign_in_as: SignIn, what: dict[str, object]
) -> None:
    answer = await change(owner, await sign_in_as("cashier"), 1, **what)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "place_ids")


async def test_an_empty_limit_is_refused(owner: Client, sign_in_as: SignIn) -> None:
    assert (await change(owner, await sign_in_as("cashier"), place_ids=[])).status_code == 422


async def test_who_becomes_an_owner_reaches_everything(owner: Client, sign_in_as: SignIn) -> None:
    person = await sign_in_as("cashier")
    await change(owner, person, place_ids=[ATTIC])

    assert (await change(owner, person, 2, role="owner")).json()["place_ids"] is None


@pytest.mark.practice(30)
@pytest.mark.parametrize(
    ("places", "expected"), [(None, (403, 403)), ([CELLAR], (422, 422)), ([ATTIC, CELLAR], (422, 422))]
)
async def test_nobody_lets_others_reach_further_than_themselves(
    keeper: Client, sign_in_as: SignIn, open_work: WorkOpener, places: list[str] | None, expected: tuple[int, int]
) -> None:
    person = await sign_in_as("cashier")
    async with open_work(SYSTEM) as uow:
        await uow.write(LIMIT, person.person_id, [UUID(ATTIC)])

    changed = await change(keeper, person, place_ids=places)
    who = {"id": str(ids.new_id()), "name": "Grace", "email": "grace@navy.example", "role": "cashier"}
    invited = await keeper.post("/api/v1/identity/invitations", json=who | {"place_ids": places})

    assert (changed.status_code, invited.status_code) == expected


async def test_nobody_touches_who_reaches_further(keeper: Client, sign_in_as: SignIn) -> None:
    """Nor becomes them by a link that sets their password anew."""
    wider = await sign_in_as("cashier")

    renamed = await change(keeper, wider, name="Grace")
    link = await keeper.post(f"{PEOPLE}/{wider.person_id}/reset-link")

    assert (renamed.status_code, link.status_code) == (403, 403)


async def test_without_the_guard_a_limited_manager_would_free_others(
    keeper: Client, sign_in_as: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant of `Bounds.covers`."""
    monkeypatch.setattr(Bounds, "covers", lambda _bounds, _other: True)

    assert (await change(keeper, await sign_in_as("cashier"), place_ids=None)).status_code == 200


async def test_who_is_invited_is_limited_from_the_first_moment(owner: Client, api: Client) -> None:
    who = {"id": str(ids.new_id()), "name": "Grace", "email": "grace@navy.example", "role": "cashier"}
    link = await owner.post("/api/v1/identity/invitations", json=who | {"place_ids": [CELLAR]})
    given = {"token": link.json()["link_path"].partition("#")[2], "password": "three quiet green trains"}

    joined = await api.post("/api/v1/identity/invitations/accept", json=given)
    api.adopt(joined)

    assert (joined.json()["place_ids"], await reach(api)) == ([CELLAR], "2; all of 0")


async def test_a_role_reaches_ones_own_records_or_those_of_ones_places(
    owner: Client, sign_in_as: SignIn, open_work: WorkOpener
) -> None:
    role = {"id": str(ids.new_id()), "title": "Guest", "permissions": ["door.let_in"]}
    made = (await owner.post(ROLES, json=role | {"extents": {"door.visits": "own"}})).json()
    guest = await sign_in_as(made["key"])
    async with open_work(SYSTEM) as uow:
        await uow.write(LIMIT, guest.person_id, [UUID(CELLAR)])
    own = await reach(guest)

    changed = await owner.patch(
        f"{ROLES}/{made['key']}", json={"version": made["version"], "extents": {"door.visits": "team"}}
    )
    other = await sign_in_as(made["key"])
    async with open_work(SYSTEM) as uow:
        await uow.write(LIMIT, other.person_id, [UUID(CELLAR)])

    assert (own, changed.json()["extents"]) == ("2; own of 0", {"door.visits": "team"})
    # The owner reaches all places, this one too.
    assert await reach(other) == "2; team of 3"
    assert (await other.get("/api/v1/door/visits")).json()["code"] == "not_allowed"


async def test_a_role_with_strange_records_is_refused(owner: Client) -> None:
    role = {"id": str(ids.new_id()), "title": "Guest", "permissions": [], "extents": {"door.moon": "own"}}

    assert (await owner.post(ROLES, json=role)).json()["code"] == "identity.records_unknown"


async def test_who_is_limited_makes_no_keys_of_services(sign_in_as: SignIn, open_work: WorkOpener) -> None:
    """Nobody could say to which places such a key would be limited."""
    keeper = await sign_in_as("manager")
    async with open_work(SYSTEM) as uow:
        await uow.write(LIMIT, keeper.person_id, [UUID(ATTIC)])
        held = ["identity.keys", "door.let_in"]
        await uow.write("UPDATE identity_role SET permissions = $1 WHERE key = 'manager'", held)
    key = {"id": str(ids.new_id()), "name": "Robot", "permissions": ["door.let_in"], "expires_in_days": 30}

    answer = await keeper.post("/api/v1/identity/keys/service", json=key)

    assert (answer.status_code, answer.json()["detail"]) == (403, PART)


async def test_what_a_person_can_do_tells_their_places_and_whose_records(owner: Client, sign_in_as: SignIn) -> None:
    person = await sign_in_as("cashier")
    await change(owner, person, place_ids=[ATTIC])

    told = (await owner.get(f"{PEOPLE}/{person.person_id}/rights")).json()

    assert (told["places"], told["extents"]) == (
        ["Attic"],
        [{"name": "door.visits", "title": "Visits", "extent": "all"}],
    )


async def test_places_are_listed_as_far_as_one_reaches(owner: Client, keeper: Client) -> None:
    names = [
        [place["name"] for place in (await client.get("/api/v1/identity/places")).json()["items"]]
        for client in (owner, keeper)
    ]

    assert names == [["Attic", "Cellar"], ["Attic"]]
