"""Shared devices over HTTP: enrolling one, signing in on it by PIN, and how little such a session opens."""

import pytest
from factor_calls import problem
from station_calls import (
    ACCOUNT_PIN,
    BACK_DOOR,
    FRONT_DOOR,
    HERE,
    OTHER_PIN,
    PIN,
    STATIONS,
    enrol,
    give_pin,
    look_again,
    set_pin,
    sign_in_by_pin,
)

from mainstay import ids
from mainstay.modules.identity.repository import stations
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import Row, UnitOfWork

DOOR = "/api/v1/door"


@pytest.fixture
async def device(owner: Client, make_client: ClientFactory) -> Client:
    """A browser that is enrolled and on which nobody is signed in."""
    browser = make_client()
    await enrol(owner, browser)
    return browser


async def test_a_device_shows_who_can_sign_in_on_it(owner: Client, cashier: Client, device: Client) -> None:
    await set_pin(cashier)
    await set_pin(owner)

    here = (await device.get(HERE)).json()

    assert (here["station"]["name"], here["station"]["place_name"]) == ("Tablet", "Front door")
    assert {person["id"] for person in here["people"]} == {str(owner.person_id), str(cashier.person_id)}


async def test_a_browser_that_is_no_device_learns_no_names(cashier: Client, api: Client) -> None:
    await set_pin(cashier)

    assert (await api.get(HERE)).json() == {"station": None, "people": []}


async def test_only_those_who_may_work_at_the_place_are_shown(employee: Client, device: Client) -> None:
    await set_pin(employee)

    assert (await device.get(HERE)).json()["people"] == []
    assert problem(await give_pin(device, employee.person_id)) == (401, "identity.wrong_pin")


@pytest.mark.practice(27)
async def test_a_pin_signs_in_on_a_device_and_nowhere_else(cashier: Client, device: Client, api: Client) -> None:
    await set_pin(cashier)

    session = await sign_in_by_pin(device, cashier)

    assert session["permissions"] == ["door.let_in"]
    assert session["station"]["place_id"] == FRONT_DOOR
    assert (await device.post(DOOR)).json() == f"person {cashier.person_id}"
    assert problem(await give_pin(api, cashier.person_id)) == (403, "identity.no_station")
    given = {"email": session["person"]["email"], "password": PIN}
    assert (await api.post("/api/v1/identity/session", json=given)).status_code == 401


async def test_a_wrong_pin_no_pin_no_right_and_nobody_get_one_answer(
    owner: Client, cashier: Client, employee: Client, device: Client
) -> None:
    await set_pin(cashier)
    await set_pin(employee)

    answers = [
        await give_pin(device, person, pin)
        for person, pin in (
            (cashier.person_id, OTHER_PIN),
            (owner.person_id, PIN),
            (employee.person_id, PIN),
            (ids.new_id(), PIN),
        )
    ]

    told = [{**answer.json(), "request_id": None, "instance": None} for answer in answers]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert all(each == told[0] for each in told)


@pytest.mark.practice(30)
async def test_a_session_by_pin_opens_the_till_and_nothing_of_the_owners(owner: Client, device: Client) -> None:
    """The owner holds every right; at the till only those count that are for it."""
    await set_pin(owner)
    await sign_in_by_pin(device, owner)

    for method, path in (
        ("POST", "/api/v1/door/lock"),
        ("GET", "/api/v1/identity/people"),
        ("GET", "/api/v1/identity/roles"),
        ("GET", "/api/v1/identity/keys"),
        ("GET", "/api/v1/identity/keys/service"),
        ("GET", "/api/v1/identity/account"),
        ("GET", "/api/v1/identity/account/devices"),
        ("DELETE", "/api/v1/identity/account/devices"),
        ("GET", "/api/v1/identity/account/factors"),
        ("POST", "/api/v1/identity/account/totp"),
        ("POST", "/api/v1/identity/account/recovery-codes"),
        ("GET", ACCOUNT_PIN),
        ("DELETE", ACCOUNT_PIN),
        ("GET", STATIONS),
    ):
        assert problem(await device.request(method, path)) == (403, "not_allowed"), path
    assert problem(await device.put(ACCOUNT_PIN, json={"pin": OTHER_PIN})) == (403, "not_allowed")
    assert (await device.post(DOOR)).status_code == 200


async def test_the_next_cashier_signs_the_one_before_out(
    owner: Client, cashier: Client, device: Client, api: Client
) -> None:
    await set_pin(cashier)
    await set_pin(owner, OTHER_PIN)
    await sign_in_by_pin(device, cashier)
    api.cookies.jar.set_cookie(next(each for each in device.cookies.jar if each.name == "__Host-doorkeeper"))

    session = await sign_in_by_pin(device, owner, OTHER_PIN)

    assert session["person"]["id"] == str(owner.person_id)
    assert problem(await api.get("/api/v1/identity/session")) == (401, "identity.not_signed_in")


async def test_who_locks_the_till_is_signed_out(cashier: Client, device: Client) -> None:
    await set_pin(cashier)
    await sign_in_by_pin(device, cashier)

    assert (await device.delete("/api/v1/identity/session")).status_code == 204

    assert (await device.post(DOOR)).status_code == 401
    assert (await device.get(HERE)).json()["station"] is not None


async def test_a_till_that_nobody_touches_locks_and_a_password_session_does_not(
    owner: Client, cashier: Client, device: Client, uow: UnitOfWork
) -> None:
    await set_pin(cashier)
    await sign_in_by_pin(device, cashier)
    await uow.write("UPDATE identity_session SET last_seen_at = now() - interval '5 minutes 1 second'")
    await uow.commit()
    look_again(device, owner)

    assert problem(await device.post(DOOR)) == (401, "identity.not_signed_in")
    assert (await owner.post(DOOR)).status_code == 200


async def test_a_till_that_is_used_stays_open(cashier: Client, device: Client, uow: UnitOfWork) -> None:
    await set_pin(cashier)
    await sign_in_by_pin(device, cashier)
    await uow.write("UPDATE identity_session SET last_seen_at = now() - interval '40 seconds'")
    await uow.commit()
    look_again(device)

    assert (await device.post(DOOR)).status_code == 200

    ago = "SELECT max(now() - last_seen_at) < interval '5 seconds' FROM identity_session WHERE station_id IS NOT NULL"
    assert await uow.read_value(ago)


async def test_a_device_that_is_taken_away_signs_everybody_out_at_once(
    owner: Client, cashier: Client, device: Client
) -> None:
    await set_pin(cashier)
    await sign_in_by_pin(device, cashier)
    listed = (await owner.get(STATIONS)).json()["items"]
    assert [(each["name"], each["place_name"], each["is_here"]) for each in listed] == [("Tablet", "Front door", False)]
    assert listed[0]["last_used_at"] is not None

    assert (await owner.delete(f"{STATIONS}/{listed[0]['id']}")).status_code == 204

    assert (await device.post(DOOR)).status_code == 401
    assert problem(await give_pin(device, cashier.person_id)) == (403, "identity.no_station")
    assert (await owner.get(STATIONS)).json()["items"] == []


async def test_enrolling_needs_the_right_a_place_and_an_id_of_its_own(owner: Client, cashier: Client) -> None:
    station = {"id": str(ids.new_id()), "place_id": FRONT_DOOR, "name": "Tablet"}

    assert problem(await cashier.post(STATIONS, json=station)) == (403, "not_allowed")
    elsewhere = station | {"place_id": str(ids.new_id())}
    assert problem(await owner.post(STATIONS, json=elsewhere)) == (422, "identity.place_unknown")
    assert (await owner.post(STATIONS, json=station)).status_code == 201
    owner.cookies.jar.clear("localhost.local", "/", "__Host-doorkeeper-station")
    assert problem(await owner.post(STATIONS, json=station)) == (409, "identity.station_id_taken")
    assert problem(await owner.delete(f"{STATIONS}/{ids.new_id()}")) == (404, "identity.station_unknown")


async def test_a_browser_that_is_enrolled_anew_is_one_device(owner: Client, uow: UnitOfWork) -> None:
    await enrol(owner, owner)
    await enrol(owner, owner, BACK_DOOR, "Same tablet")

    listed = (await owner.get(STATIONS)).json()["items"]
    assert [(each["name"], each["place_name"], each["is_here"]) for each in listed] == [
        ("Same tablet", "Back door", True)
    ]
    acts = await uow.read_value("SELECT array_agg(act ORDER BY position) FROM audit_entry WHERE act ~ 'station_'")
    assert acts == ["identity.station_enrolled", "identity.station_revoked", "identity.station_enrolled"]


async def test_a_browser_that_somebody_takes_away_while_it_is_enrolled_anew_is_enrolled(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A double click, for one."""
    await enrol(owner, owner)
    by_token = stations.by_token

    async def taken_away(uow: UnitOfWork, digest: bytes) -> Row | None:
        found = await by_token(uow, digest)
        assert found is not None
        await stations.remove(uow, found["id"])
        return found

    monkeypatch.setattr(stations, "by_token", taken_away)
    await enrol(owner, owner, BACK_DOOR, "Same tablet")

    assert [each["name"] for each in (await owner.get(STATIONS)).json()["items"]] == ["Same tablet"]


@pytest.mark.practice(33)
async def test_the_trail_tells_who_enrolled_signed_in_and_failed(
    owner: Client, cashier: Client, device: Client, uow: UnitOfWork
) -> None:
    await set_pin(cashier)
    await give_pin(device, cashier.person_id, OTHER_PIN)
    await sign_in_by_pin(device, cashier)

    acts = await uow.read_value("SELECT array_agg(act ORDER BY position) FROM audit_entry")
    assert acts == [
        "identity.station_enrolled",
        "identity.pin_set",
        "identity.sign_in_failed",
        "identity.signed_in",
    ]


async def test_the_database_and_the_trail_hold_no_pin(cashier: Client, device: Client, uow: UnitOfWork) -> None:
    await set_pin(cashier, "59034742")
    await give_pin(device, cashier.person_id, "59034742")

    for table in ("identity_pin", "identity_attempt", "audit_entry", "audit_private", "mainstay_event"):
        rows = await uow.read_value(f"SELECT coalesce(string_agg(rows::text, ''), '') FROM {table} AS rows")
        assert "59034742" not in rows
