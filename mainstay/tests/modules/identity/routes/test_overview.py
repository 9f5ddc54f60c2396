"""The security overview over HTTP: each list and figure by what was really done."""

import pytest
from factor_calls import EMAIL, SESSION, enrol_app

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory, PersonFactory
from mainstay.work import UnitOfWork

SECURITY, KEYS = "/api/v1/identity/security", "/api/v1/identity/keys"


async def look(client: Client) -> dict[str, object]:
    answer = await client.get(SECURITY)
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


@pytest.mark.practice(29)
async def test_those_without_a_second_factor_are_named_and_who_must_have_one_first(
    phone: Client, make_person: PersonFactory
) -> None:
    cashier = await make_person("cashier")
    found = await look(phone)
    assert found["without_factor_total"] == 2
    await phone.put("/api/v1/identity/factor-policy", json={"version": 0, "roles": ["cashier"]})

    rows = (await look(phone))["without_factor"]

    assert isinstance(rows, list)
    assert [(row["id"], row["is_required"]) for row in rows] == [
        (str(cashier.id), True),
        (str(phone.person_id), False),
    ]
    await enrol_app(phone)
    assert (await look(phone))["without_factor_total"] == 1


async def test_a_key_that_nobody_used_for_long_is_shown_until_it_is_used(
    phone: Client, api: Client, uow: UnitOfWork
) -> None:
    body = {"id": str(ids.new_id()), "name": "Robot", "permissions": ["door.let_in"], "expires_in_days": 90}
    key = (await phone.post(KEYS, json=body)).json()["key"]
    assert (await look(phone))["stale_keys"] == []
    await uow.write("UPDATE identity_api_key SET created_at = now() - interval '91 days'")
    await uow.commit()

    rows = (await look(phone))["stale_keys"]
    assert isinstance(rows, list)
    assert [(row["name"], row["person_name"], row["last_used_at"]) for row in rows] == [("Robot", "Ada", None)]
    assert key not in str(rows)
    await api.post("/api/v1/door", headers={"Authorization": f"Bearer {key}"})

    assert (await look(phone))["stale_keys"] == []


async def test_what_was_tried_within_a_day_is_counted(phone: Client, make_client: ClientFactory) -> None:
    stranger = make_client()
    for _ in range(3):
        await stranger.post(SESSION, json={"email": EMAIL, "password": "not the right one"})

    tried = (await look(phone))["tried"]

    assert isinstance(tried, list)
    counts = {each["act"]: each["count"] for each in tried}
    assert (counts["identity.sign_in_failed"], counts["identity.factor_refused"]) == (3, 0)


async def test_the_age_of_the_signing_key_is_told(phone: Client, make_client: ClientFactory) -> None:
    assert (await look(phone))["signing_key_since"] is None
    await make_client().post("/api/v1/identity/tokens", json={"email": EMAIL, "password": "three quiet green trains"})

    assert (await look(phone))["signing_key_since"] is not None


async def test_it_is_for_those_who_manage_people(cashier: Client) -> None:
    assert (await cashier.get(SECURITY)).status_code == 403
