"""API keys over HTTP: what they can do, what they cannot, and how they end."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from factor_calls import ANOTHER_OWNER

from mainstay import ids
from mainstay.modules.identity.service import keys
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

KEYS, SERVICE = "/api/v1/identity/keys", "/api/v1/identity/keys/service"


def problem(answer: httpx2.Response) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def wanted(**changes: object) -> dict[str, object]:
    return {
        "id": str(ids.new_id()),
        "name": "Robot",
        "permissions": ["door.let_in"],
        "expires_in_days": 90,
        **changes,
    }


async def make(client: Client, path: str = KEYS, **changes: object) -> dict[str, Any]:
    answer = await client.post(path, json=wanted(**changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def knock(client: Client, key: str) -> httpx2.Response:
    """Call the one route that lets keys in."""
    return await client.post("/api/v1/door", headers={"Authorization": f"Bearer {key}"})


@pytest.mark.practice(25)
@pytest.mark.parametrize("path", [KEYS, SERVICE])
async def test_a_key_is_shown_once_and_lets_its_holder_in(owner: Client, api: Client, path: str) -> None:
    made = await make(owner, path)

    assert made["key"].startswith("tp_")
    assert (await knock(api, made["key"])).status_code == 200
    listed = (await owner.get(path)).json()["items"]
    assert [(each["id"], each["permissions"], "key" in each) for each in listed] == [
        (made["id"], ["door.let_in"], False)
    ]
    assert listed[0]["last_used_at"] is not None


async def test_the_database_holds_no_key(owner: Client, uow: UnitOfWork) -> None:
    key = (await make(owner))["key"]

    for table in ("identity_api_key", "audit_entry", "mainstay_event"):
        assert key not in await uow.read_value(f"SELECT string_agg(rows::text, '') FROM {table} AS rows")


async def test_a_personal_key_acts_as_the_person_and_a_services_as_itself(owner: Client, api: Client) -> None:
    own, service = await make(owner), await make(owner, SERVICE, name="Robot of the door")

    assert (await knock(api, own["key"])).json() == f"person {owner.person_id}"
    assert (await knock(api, service["key"])).json() == f"service {service['id']}"


@pytest.mark.practice(25)
async def test_nobody_gives_a_key_a_right_that_they_do_not_hold(cashier: Client) -> None:
    for right in ("identity.manage", "no.such_right"):
        assert problem(await cashier.post(KEYS, json=wanted(permissions=[right]))) == (403, "not_allowed")
    assert problem(await cashier.post(SERVICE, json=wanted())) == (403, "not_allowed")
    assert problem(await cashier.get(SERVICE)) == (403, "not_allowed")


async def test_rights_that_lead_to_keys_and_people_are_for_people_alone(owner: Client) -> None:
    for path in (KEYS, SERVICE):
        assert (await owner.get(path)).json()["grantable"] == ["door.let_in", "door.lock"]
        for right in ("identity.manage", "identity.keys"):
            assert problem(await owner.post(path, json=wanted(permissions=[right]))) == (403, "not_allowed")


@pytest.mark.practice(25)
async def test_a_key_makes_no_keys_and_changes_no_account(owner: Client, api: Client) -> None:
    for made in (await make(owner), await make(owner, SERVICE)):
        api.headers["Authorization"] = f"Bearer {made['key']}"
        calls = [
            api.get(KEYS),
            api.post(KEYS, json=wanted()),
            api.delete(f"{KEYS}/{made['id']}"),
            api.post(SERVICE, json=wanted()),
            api.delete("/api/v1/identity/tokens"),
            api.get("/api/v1/identity/people"),
        ]
        for call in calls:
            answer = await call
            assert problem(answer) == (403, "not_allowed")
            assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'


@pytest.mark.practice(25)
async def test_a_key_has_no_right_that_it_was_not_given(owner: Client, api: Client) -> None:
    key = (await make(owner))["key"]

    answer = await api.post("/api/v1/door/lock", headers={"Authorization": f"Bearer {key}"})

    assert problem(answer) == (403, "not_allowed")
    assert answer.headers["www-authenticate"] == 'Bearer error="insufficient_scope"'


async def test_a_personal_key_loses_what_its_person_loses(owner: Client, api: Client, uow: UnitOfWork) -> None:
    key = (await make(owner, permissions=["door.lock"]))["key"]
    await uow.write(ANOTHER_OWNER)
    await uow.write("UPDATE identity_person SET role = 'cashier' WHERE id = $1", owner.person_id)

    answer = await api.post("/api/v1/door/lock", headers={"Authorization": f"Bearer {key}"})

    assert problem(answer) == (403, "not_allowed")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE identity_api_key SET created_at = now() - interval '2 days', expires_at = now() - interval '1 second'",
        "UPDATE identity_person SET is_active = false WHERE id = (SELECT person_id FROM identity_api_key)",
        "DELETE FROM identity_person WHERE id = (SELECT person_id FROM identity_api_key)",
    ],
    ids=["run out", "person not active", "person gone"],
)
async def test_a_key_ends_with_its_time_and_its_person(
    owner: Client, api: Client, uow: UnitOfWork, change: str
) -> None:
    key = (await make(owner))["key"]
    await uow.write(ANOTHER_OWNER)
    await uow.write(change)

    assert problem(await knock(api, key)) == (401, "identity.invalid_token")


@pytest.mark.practice(25)
@pytest.mark.parametrize("path", [KEYS, SERVICE])
async def test_a_revoked_key_is_worth_nothing(owner: Client, api: Client, path: str, uow: UnitOfWork) -> None:
    made = await make(owner, path)
    assert (await knock(api, made["key"])).status_code == 200

    assert (await owner.delete(f"{path}/{made['id']}")).status_code == 204

    assert problem(await knock(api, made["key"])) == (401, "identity.invalid_token")
    assert problem(await owner.delete(f"{path}/{made['id']}")) == (404, "identity.key_unknown")
    acts = await uow.read("SELECT act FROM audit_entry WHERE object_type = 'identity.key' ORDER BY position")
    assert [row["act"] for row in acts] == ["identity.key_made", "identity.key_revoked"]


async def test_a_typing_error_is_told_without_a_look_into_the_database(
    owner: Client, api: Client, statements: Callable[[], Any]
) -> None:
    key = (await make(owner))["key"]
    other = "0" if key[10] != "0" else "1"
    for wrong in (key[:10] + other + key[11:], key[:-1], key + "0", "tp_", "tp_" + "é" * 49):
        async with statements() as seen:
            answer = await api.post("/api/v1/door", headers=[(b"authorization", f"Bearer {wrong}".encode())])
        assert (problem(answer), seen) == ((401, "identity.invalid_token"), [])
        assert "not whole" in answer.json()["detail"]


async def test_keys_of_others_are_not_found(owner: Client, cashier: Client) -> None:
    own, service = await make(owner), await make(owner, SERVICE)

    for key_id in (own["id"], service["id"], str(ids.new_id())):
        assert problem(await cashier.delete(f"{KEYS}/{key_id}")) == (404, "identity.key_unknown")
        renamed = await cashier.patch(f"{KEYS}/{key_id}", json={"name": "Mine"})
        assert problem(renamed) == (404, "identity.key_unknown")
    assert (await cashier.get(KEYS)).json()["items"] == []
    assert problem(await owner.delete(f"{SERVICE}/{own['id']}")) == (404, "identity.key_unknown")


@pytest.mark.parametrize("path", [KEYS, SERVICE])
async def test_a_key_can_be_renamed(owner: Client, path: str) -> None:
    made = await make(owner, path)

    answer = await owner.patch(f"{path}/{made['id']}", json={"name": "Another robot"})

    assert (answer.status_code, answer.json()["name"]) == (200, "Another robot")


@pytest.mark.parametrize(
    "changes",
    [
        {"name": " "},
        {"permissions": []},
        {"permissions": ["x" * 101]},
        {"expires_in_days": 0},
        {"expires_in_days": 367},
        {"person_id": "01926e6a-0000-7000-8000-000000000002"},
        {"id": "no id"},
    ],
)
async def test_bad_input_is_refused(owner: Client, changes: dict[str, object]) -> None:
    assert problem(await owner.post(KEYS, json=wanted(**changes))) == (422, "invalid_input")


async def test_the_same_id_makes_no_second_key(owner: Client) -> None:
    made = await make(owner)

    assert problem(await owner.post(KEYS, json=wanted(id=made["id"]))) == (409, "identity.key_id_taken")


async def test_there_is_an_end_to_how_many_keys_somebody_has(owner: Client, uow: UnitOfWork) -> None:
    await make(owner)
    await uow.write(
        "INSERT INTO identity_api_key (id, digest, person_id, name, hint, permissions, expires_at)"
        " SELECT gen_random_uuid(), sha256(n::text::bytea), person_id, name, hint, permissions, expires_at"
        " FROM identity_api_key, generate_series(1, 99) AS n"
    )

    assert problem(await owner.post(KEYS, json=wanted())) == (409, "identity.too_many_keys")


async def test_the_last_use_is_written_once_a_minute(
    owner: Client, api: Client, uow: UnitOfWork, forget_bearers: Callable[[], None]
) -> None:
    key = (await make(owner))["key"]

    async def use() -> object:
        forget_bearers()
        assert (await knock(api, key)).status_code == 200
        return await uow.read_value("SELECT last_used_at FROM identity_api_key")

    first = await use()
    assert await use() == first
    await uow.write("UPDATE identity_api_key SET last_used_at = last_used_at - interval '61 seconds'")
    assert await use() > first  # type: ignore[operator]  # moments


# -- mutants: the same program with one guard less ---


async def test_a_program_that_looks_at_no_rights_when_a_key_is_made_lets_a_cashier_make_one_with_more(
    cashier: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "grantable", lambda _uow: frozenset({"door.lock"}))

    assert (await cashier.post(KEYS, json=wanted(permissions=["door.lock"]))).status_code == 201


async def test_even_such_a_key_can_do_no_more_than_its_person(
    cashier: Client, api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "grantable", lambda _uow: frozenset({"door.lock"}))
    made = await make(cashier, permissions=["door.lock"])

    answer = await api.post("/api/v1/door/lock", headers={"Authorization": f"Bearer {made['key']}"})

    assert problem(answer) == (403, "not_allowed")
