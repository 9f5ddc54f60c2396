"""Which PINs are refused, and how one is kept."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import pytest
from factor_calls import problem
from fastapi import FastAPI
from station_calls import ACCOUNT_PIN, PIN, enrol, give_pin, set_pin

from mainstay import crypto, ids
from mainstay.keyring import Accepted, Keyring
from mainstay.modules.identity.service import pins
from mainstay.modules.identity.service.passwords import Hasher
from mainstay.modules.identity.settings import IdentitySettings
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.work import UnitOfWork


@pytest.mark.parametrize(
    ("pin", "why"),
    [
        ("0000", "too_simple"),
        ("77777777", "too_simple"),
        ("1234", "too_simple"),
        ("4321", "too_simple"),
        ("7890", "too_simple"),
        ("12345678", "too_simple"),
        ("1212", "too_simple"),
        ("582582", "too_simple"),
        ("2580", "too_simple"),
        ("1987", "a_date"),
        ("3112", "a_date"),
        ("1231", "a_date"),
        ("240386", "a_date"),
        ("032486", "a_date"),
        ("860324", "a_date"),
        ("24031986", "a_date"),
        ("19860324", "a_date"),
        ("4827", None),
        ("58031", None),
        ("90475518", None),
    ],
)
def test_pins_that_anybody_tries_first_are_refused(pin: str, why: str | None) -> None:
    assert pins.weakness(pin) == why


@pytest.mark.parametrize("pin", ["123", "123456789", "48a7", "４８２７", "", "4827\n"])
async def test_a_pin_has_four_to_eight_digits(cashier: Client, pin: str) -> None:
    assert problem(await cashier.put(ACCOUNT_PIN, json={"pin": pin})) == (422, "invalid_input")


async def test_one_sees_whether_a_pin_is_set_changes_it_and_takes_it_away(cashier: Client) -> None:
    assert (await cashier.get(ACCOUNT_PIN)).json() == {"is_set": False, "changed_at": None}
    assert problem(await cashier.delete(ACCOUNT_PIN)) == (404, "identity.pin_unknown")

    await set_pin(cashier)
    await set_pin(cashier, "73915")

    assert (await cashier.get(ACCOUNT_PIN)).json()["is_set"]
    assert (await cashier.delete(ACCOUNT_PIN)).status_code == 204
    assert not (await cashier.get(ACCOUNT_PIN)).json()["is_set"]


@pytest.mark.practice(23)
async def test_a_stored_pin_cannot_be_tried_without_the_programs_secret(
    app: FastAPI, cashier: Client, uow: UnitOfWork
) -> None:
    await set_pin(cashier)
    sealed: bytes = await uow.read_value("SELECT pin_sealed FROM identity_pin")
    keyring: Keyring = app.state.edge.keyring
    opened = keyring.unseal(pins.PURPOSE, sealed, str(cashier.person_id)).decode()

    assert b"argon2" not in sealed
    with pytest.raises(crypto.Unreadable):
        Keyring(b"the secret of another program").unseal(pins.PURPOSE, sealed, str(cashier.person_id))
    assert opened.startswith("$argon2id$")
    assert await Hasher(uow.setup.settings.of(IdentitySettings)).verify(PIN, opened) == (True, None)


async def test_a_pin_outlives_an_exchange_of_the_secret(
    app: FastAPI, owner: Client, cashier: Client, make_client: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    device = make_client()
    await enrol(owner, device)
    await set_pin(cashier)

    exchanged = app.state.edge.keyring
    monkeypatch.setattr(exchanged, "_accepted", (Accepted(exchanged._key),))
    monkeypatch.setattr(exchanged, "_key", b"the next secret of this program, long enough")

    assert (await give_pin(device, cashier.person_id)).status_code == 201


async def test_a_pin_opens_nothing_for_somebody_else_with_the_same(
    owner: Client, cashier: Client, make_client: ClientFactory, uow: UnitOfWork
) -> None:
    """What is copied from one row to another does not open the other's account."""
    device = make_client()
    await enrol(owner, device)
    await set_pin(cashier)
    await uow.write(
        "INSERT INTO identity_pin (person_id, pin_sealed) SELECT $1, pin_sealed FROM identity_pin", owner.person_id
    )
    await uow.commit()

    assert problem(await give_pin(device, owner.person_id)) == (503, "identity.factor_unreadable")
    assert (await give_pin(device, cashier.person_id)).status_code == 201


async def test_a_refusal_takes_the_same_work_whoever_is_named(
    owner: Client,
    cashier: Client,
    make_client: ClientFactory,
    statements: Callable[[], AbstractAsyncContextManager[list[str]]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As many statements and one slow hash, with a PIN, without one, and for nobody at all."""
    device, hashed = make_client(), list[str | None]()
    await enrol(owner, device)
    await set_pin(cashier)
    honest = Hasher._verify

    def counting(self: Hasher, password: str, stored: str | None) -> tuple[bool, str | None]:
        hashed.append(stored)
        return honest(self, password, stored)

    monkeypatch.setattr(Hasher, "_verify", counting)
    counts = []
    for person in (cashier.person_id, owner.person_id, ids.new_id()):
        async with statements() as run:
            assert (await give_pin(device, person, "3906")).status_code == 401
        counts.append(len(run))

    assert len(set(counts)) == 1
    assert [stored is None for stored in hashed] == [False, True, True]


async def test_a_pin_goes_with_its_person(owner: Client, cashier: Client, uow: UnitOfWork) -> None:
    await set_pin(cashier)

    gone = await owner.delete(f"/api/v1/identity/people/{cashier.person_id}", params={"version": 1})

    assert gone.status_code == 204, gone.text
    assert await uow.read_value("SELECT count(*) FROM identity_pin") == 0
