"""Guards of PINs and approvals are taken away one by one: each time what they guard against really happens.

Every test first sees the guard hold, then breaks it and sees the harm.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from factor_calls import problem
from station_calls import (
    HERE,
    OTHER_PIN,
    PIN,
    approved,
    enrol,
    give_pin,
    look_again,
    set_pin,
    sign_in_by_pin,
    take_in,
    take_out,
)

from mainstay import ids
from mainstay.modules.identity.repository import approvals as approval_rows
from mainstay.modules.identity.repository.approvals import Act, Bound, NewApproval
from mainstay.modules.identity.repository.attempts import Allowance, Guess
from mainstay.modules.identity.service import sessions, stations, throttle
from mainstay.modules.identity.service.sessions import SignedInPerson
from mainstay.setup import Stand
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import Actor, Station, UnitOfWork


def without(monkeypatch: pytest.MonkeyPatch, condition: str, parameter: str = "") -> None:
    """Take a condition out of the statement that uses an approval up; its `parameter` is returned instead."""
    assert condition in approval_rows.USE
    sql = approval_rows.USE.replace(condition, "true") + parameter
    monkeypatch.setattr(approval_rows, "USE", sql)


async def test_without_the_look_at_its_use_an_approval_works_twice(
    till: Client, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = take_in()
    token = await approved(till, take, manager.person_id, OTHER_PIN)
    assert [(await take_out(till, take, token)).status_code for _ in range(2)] == [200, 403]

    without(monkeypatch, "approval.used_at IS NULL")

    assert (await take_out(till, take, token)).status_code == 200


async def test_without_its_content_an_approval_of_little_takes_everything(
    till: Client, manager: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = take_in(5)
    token = await approved(till, take, manager.person_id, OTHER_PIN)
    everything = take | {"amount": 1_000_000}
    assert (await take_out(till, everything, token)).status_code == 403

    without(monkeypatch, "approval.content_digest = $5", ", $5::bytea")

    assert (await take_out(till, everything, token)).status_code == 200


async def test_without_the_device_an_approval_goes_to_another_till(
    till: Client,
    owner: Client,
    cashier: Client,
    manager: Client,
    make_client: ClientFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    take = take_in()
    token = await approved(till, take, manager.person_id, OTHER_PIN)
    elsewhere = make_client()
    await enrol(owner, elsewhere)
    await sign_in_by_pin(elsewhere, cashier)
    assert (await take_out(elsewhere, take, token)).status_code == 403

    without(monkeypatch, "approval.station_id = $6", ", $6::uuid")

    assert (await take_out(elsewhere, take, token)).status_code == 200


async def test_the_database_too_refuses_an_approval_of_ones_own_act(
    till: Client, cashier: Client, uow: UnitOfWork
) -> None:
    assert cashier.person_id is not None
    station: UUID = await uow.read_value("SELECT id FROM identity_station")
    act = Act("safe.open", "safe.take", ids.new_id(), b"content")
    mine = NewApproval(ids.new_id(), b"token", act, Bound(cashier.person_id, station), cashier.person_id)

    with pytest.raises(asyncpg.CheckViolationError, match="nobodys_own"):
        await approval_rows.add(uow, mine, timedelta(minutes=2))


async def test_without_the_devices_cookie_a_pin_works_from_anywhere(
    till: Client, cashier: Client, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert problem(await give_pin(api, cashier.person_id)) == (403, "identity.no_station")
    here = await _here(till)

    async def any_device(_: UnitOfWork, __: str | None) -> stations.Here:
        return here

    monkeypatch.setattr(stations, "demand", any_device)

    assert (await give_pin(api, cashier.person_id)).status_code == 201


async def _here(till: Client) -> stations.Here:
    told = (await till.get(HERE)).json()["station"]
    place = Stand(UUID(told["place_id"]), told["place_name"], "door.let_in")
    return stations.Here(Station(UUID(told["id"]), place.id), told["name"], place)


async def test_without_the_limit_to_the_till_an_owners_pin_opens_everything(
    till: Client, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    await set_pin(owner, "73915")
    await sign_in_by_pin(till, owner, "73915")
    assert (await till.post("/api/v1/door/lock")).status_code == 403

    monkeypatch.setattr(sessions, "_usable", lambda _uow, held, _factor, _station: held)
    look_again(till)

    assert (await till.post("/api/v1/door/lock")).status_code == 200


async def test_without_the_mark_of_its_device_a_session_by_pin_changes_the_account(
    till: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = "/api/v1/identity/account/pin"
    assert (await till.put(account, json={"pin": "73915"})).status_code == 403
    honest = sessions._actor

    def forgetful(person: SignedInPerson) -> Actor:
        return replace(honest(person), station=None)

    monkeypatch.setattr(sessions, "_actor", forgetful)

    assert (await till.put(account, json={"pin": "73915"})).status_code == 200


@pytest.mark.practice(11)
async def test_without_the_count_a_pin_is_found_by_trying(
    till: Client, cashier: Client, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five wrong PINs of one person make that person wait at this device, also with the right one, and nobody else."""
    await set_pin(owner, OTHER_PIN)
    guesses = [f"83{number:02d}" for number in range(6)]

    async def guess() -> list[int]:
        return [(await give_pin(till, cashier.person_id, pin)).status_code for pin in (*guesses, PIN)]

    assert await guess() == [401] * 5 + [429] * 2
    assert (await give_pin(till, owner.person_id, OTHER_PIN)).status_code == 201

    async def uncounted(_uow: UnitOfWork, _guess: Guess, _allowance: Allowance) -> int:
        return 0

    monkeypatch.setattr(throttle, "count", uncounted)

    assert await guess() == [401] * 6 + [201]


@pytest.mark.practice(11)
async def test_a_device_waits_when_the_pins_of_many_were_guessed(till: Client, uow: UnitOfWork) -> None:
    """Fifteen in five minutes over all names, counted on the database's clock."""
    answers = [await give_pin(till, ids.new_id(), "4826") for _ in range(16)]

    assert [answer.status_code for answer in answers] == [401] * 15 + [429]
    assert 240 <= int(answers[-1].headers["Retry-After"]) <= 300

    await uow.write("UPDATE identity_attempt SET attempted_at = attempted_at - interval '5 minutes'")
    await uow.commit()
    assert (await give_pin(till, ids.new_id(), "4826")).status_code == 401


async def test_approving_and_signing_in_share_one_count(till: Client, manager: Client) -> None:
    """Who guesses at both does not get twice as many tries."""
    take = take_in()
    body = {"take": take, "approver_id": str(manager.person_id), "pin": PIN}
    for _ in range(3):
        assert (await till.post("/api/v1/safe/approvals", json=body)).status_code == 401
    for _ in range(2):
        assert (await give_pin(till, manager.person_id, PIN)).status_code == 401

    assert (await give_pin(till, manager.person_id, OTHER_PIN)).status_code == 429
    assert (await till.post("/api/v1/safe/approvals", json=body | {"pin": OTHER_PIN})).status_code == 429
