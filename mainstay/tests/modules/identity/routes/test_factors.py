"""One's own second factors over HTTP: set up, listed, taken away; and the roles that must have one."""

import asyncio
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from authenticator import App, Device, Trick, encode
from factor_calls import (
    ACCOUNT,
    SESSION,
    enrol_app,
    enrol_device,
    grow_stale,
    look_again,
    make_codes,
    problem,
)

from mainstay.errors import VersionConflict
from mainstay.modules.identity.repository import factors as repository
from mainstay.modules.identity.service import factors as service
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

POLICY = "/api/v1/identity/factor-policy"
SignInAs = Callable[[str], Awaitable[Client]]

# Every route of this part with what it may be called with.
OWN_ROUTES = (
    ("GET", f"{ACCOUNT}/factors"),
    ("POST", f"{ACCOUNT}/totp"),
    ("POST", f"{ACCOUNT}/totp/confirm"),
    ("DELETE", f"{ACCOUNT}/totp"),
    ("POST", f"{ACCOUNT}/passkeys/challenge"),
    ("POST", f"{ACCOUNT}/passkeys"),
    ("DELETE", f"{ACCOUNT}/passkeys/01926e6a-0000-7000-8000-000000000001"),
    ("POST", f"{ACCOUNT}/recovery-codes"),
    ("POST", f"{SESSION}/factor"),
    ("POST", f"{SESSION}/factor/passkey"),
    ("GET", POLICY),
    ("PUT", POLICY),
)


async def factors(client: Client) -> dict[str, object]:
    found: dict[str, object] = (await client.get(f"{ACCOUNT}/factors")).json()
    return found


@pytest.mark.parametrize(("method", "path"), OWN_ROUTES)
async def test_nobody_gets_there_without_signing_in(api: Client, method: str, path: str) -> None:
    body: dict[str, str] | None = {} if method in {"POST", "PUT"} else None

    assert problem(await api.request(method, path, json=body)) == (401, "identity.not_signed_in")


# -- the app -----------------------------------------------------------------------------------------------------------


async def test_an_app_is_set_up_by_its_first_code_and_its_key_is_not_shown_again(
    owner: Client, uow: UnitOfWork
) -> None:
    begun = (await owner.post(f"{ACCOUNT}/totp")).json()
    app = App(begun["uri"])
    assert (await factors(owner))["totp"] is None

    answer = await owner.post(f"{ACCOUNT}/totp/confirm", json={"code": app.code()})

    assert (answer.status_code, answer.json()["factor"]) == (200, "fresh")
    owner.csrf_token = answer.json()["csrf_token"]
    known = await owner.get(f"{ACCOUNT}/factors")
    assert known.json()["totp"]["confirmed_at"]
    assert begun["key"] not in known.text
    stored = await uow.read_value("SELECT secret_sealed FROM identity_totp")
    assert app.secret not in stored
    assert len(app.secret) == 20


async def test_the_key_is_told_as_text_as_an_address_and_as_a_picture(owner: Client) -> None:
    begun = (await owner.post(f"{ACCOUNT}/totp")).json()

    parts = urlsplit(begun["uri"])
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parts.path.startswith("/Doorkeeper:owner-")
    assert parse_qs(parts.query) == {
        "secret": [begun["key"]],
        "issuer": ["Doorkeeper"],
        "digits": ["6"],
        "period": ["30"],
    }
    assert "<svg" in begun["picture"]
    assert "style" not in begun["picture"]
    assert "script" not in begun["picture"]


async def test_a_wrong_code_does_not_set_an_app_up(owner: Client) -> None:
    await owner.post(f"{ACCOUNT}/totp")

    answer = await owner.post(f"{ACCOUNT}/totp/confirm", json={"code": "000000"})

    assert problem(answer) == (422, "identity.code_wrong")
    assert answer.json()["errors"][0]["field"] == "code"
    assert (await factors(owner))["totp"] is None


async def test_what_was_never_begun_or_took_too_long_is_not_confirmed(owner: Client, uow: UnitOfWork) -> None:
    confirm = f"{ACCOUNT}/totp/confirm"
    assert problem(await owner.post(confirm, json={"code": "123456"})) == (409, "identity.totp_not_begun")
    app = App((await owner.post(f"{ACCOUNT}/totp")).json()["uri"])
    await uow.write("UPDATE identity_totp SET created_at = now() - interval '61 minutes'")
    await uow.commit()

    assert problem(await owner.post(confirm, json={"code": app.code()})) == (409, "identity.totp_not_begun")


async def test_a_new_app_takes_the_place_of_the_old_one_when_it_is_confirmed(owner: Client, uow: UnitOfWork) -> None:
    await enrol_app(owner)
    before = await uow.read_value("SELECT id FROM identity_totp")

    await enrol_app(owner)

    rows = await uow.read("SELECT id FROM identity_totp")
    assert len(rows) == 1
    assert rows[0]["id"] != before


async def test_an_app_is_taken_away(owner: Client) -> None:
    await enrol_app(owner)

    assert (await owner.delete(f"{ACCOUNT}/totp")).status_code == 204

    assert (await factors(owner))["totp"] is None
    assert problem(await owner.delete(f"{ACCOUNT}/totp")) == (404, "identity.factor_unknown")


# -- passkeys ----------------------------------------------------------------------------------------------------------


async def test_passkeys_have_names_and_are_taken_away_one_by_one(owner: Client) -> None:
    await enrol_device(owner, "Phone")
    await enrol_device(owner, "Ключ")
    found = (await owner.get(f"{ACCOUNT}/factors")).json()["passkeys"]
    assert [(each["name"], each["site"]) for each in found] == [("Phone", "localhost"), ("Ключ", "localhost")]

    assert (await owner.delete(f"{ACCOUNT}/passkeys/{found[0]['id']}")).status_code == 204

    left = (await owner.get(f"{ACCOUNT}/factors")).json()["passkeys"]
    assert [each["name"] for each in left] == ["Ключ"]


async def test_nobody_takes_somebody_elses_passkey_away(owner: Client, cashier: Client) -> None:
    await enrol_device(cashier)
    theirs = (await cashier.get(f"{ACCOUNT}/factors")).json()["passkeys"][0]["id"]

    assert problem(await owner.delete(f"{ACCOUNT}/passkeys/{theirs}")) == (404, "identity.factor_unknown")

    assert len((await cashier.get(f"{ACCOUNT}/factors")).json()["passkeys"]) == 1


async def test_a_device_is_told_what_it_has_already_and_is_not_kept_twice(owner: Client) -> None:
    device = await enrol_device(owner)
    asked = (await owner.post(f"{ACCOUNT}/passkeys/challenge")).json()

    assert asked["credentials"] == [encode(device.credential)]
    assert (asked["site"], asked["title"], asked["algorithms"]) == ("localhost", "Doorkeeper", [-8, -7, -257])
    answer = await owner.post(f"{ACCOUNT}/passkeys", json=device.make(asked))
    assert problem(answer) == (409, "identity.passkey_known")


@pytest.mark.parametrize(
    "trick",
    [
        Trick(origin="https://evil.example"),
        Trick(site="evil.example"),
        Trick(is_verified=False),
        Trick(is_framed=True),
        Trick(challenge=encode(b"another challenge of 32 bytes...")),
        Trick(kind="webauthn.get"),
    ],
    ids=["origin", "site", "nobody verified", "framed", "challenge", "kind"],
)
async def test_a_passkey_for_something_else_is_not_kept(owner: Client, trick: Trick) -> None:
    asked = (await owner.post(f"{ACCOUNT}/passkeys/challenge")).json()

    answer = await owner.post(f"{ACCOUNT}/passkeys", json=Device().make(asked, trick=trick))

    assert problem(answer) == (422, "identity.passkey_refused")
    assert (await factors(owner))["passkeys"] == []


async def test_a_challenge_for_a_passkey_is_used_up(owner: Client) -> None:
    asked = (await owner.post(f"{ACCOUNT}/passkeys/challenge")).json()
    await owner.post(f"{ACCOUNT}/passkeys", json=Device().make(asked, trick=Trick(is_verified=False)))

    answer = await owner.post(f"{ACCOUNT}/passkeys", json=Device().make(asked))

    assert problem(answer) == (422, "identity.passkey_refused")


async def test_a_passkey_that_contradicts_itself_is_not_kept(owner: Client) -> None:
    asked = (await owner.post(f"{ACCOUNT}/passkeys/challenge")).json()
    body = Device().make(asked) | {"credential": encode(bytes(32))}

    assert problem(await owner.post(f"{ACCOUNT}/passkeys", json=body)) == (422, "identity.passkey_refused")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"credential": "a+b"},
        {"credential": "A" * 1400},
        {"credential": "AAAAA"},
        {"attestation": 7},
        {"person_id": "1"},
    ],
)
async def test_a_malformed_passkey_is_refused(owner: Client, change: dict[str, object]) -> None:
    asked = (await owner.post(f"{ACCOUNT}/passkeys/challenge")).json()

    answer = await owner.post(f"{ACCOUNT}/passkeys", json=Device().make(asked) | change)

    assert problem(answer) == (422, "invalid_input")


@pytest.mark.parametrize("field", ["client_data", "attestation"])
async def test_rubbish_from_a_device_is_a_refusal_and_no_crash(owner: Client, field: str) -> None:
    for rubbish in (
        b"\x00",
        b"{}",
        b"\xa0",
        b"\xff" * 300,
        b'{"type": "webauthn.create"}',
        b"[" * 3000,
        b"\x81" * 3000,
    ):
        asked = (await owner.post(f"{ACCOUNT}/passkeys/challenge")).json()
        body = Device().make(asked) | {field: encode(rubbish)}

        assert problem(await owner.post(f"{ACCOUNT}/passkeys", json=body)) == (422, "identity.passkey_refused")


# -- recovery codes ----------------------------------------------------------------------------------------------------


async def test_ten_codes_are_shown_once_and_kept_as_slow_hashes(owner: Client, uow: UnitOfWork) -> None:
    await enrol_app(owner)

    codes = await make_codes(owner)

    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {11}
    assert (await factors(owner))["recovery_codes_left"] == 10
    hashes = [row["code_hash"] for row in await uow.read("SELECT code_hash FROM identity_recovery_code")]
    assert all(each.startswith("$argon2id$") for each in hashes)
    assert len(set(hashes)) == 10


async def test_codes_made_anew_end_those_from_before(owner: Client, uow: UnitOfWork) -> None:
    await enrol_app(owner)
    await make_codes(owner)
    before = {row["id"] for row in await uow.read("SELECT id FROM identity_recovery_code")}

    await make_codes(owner)

    after = {row["id"] for row in await uow.read("SELECT id FROM identity_recovery_code")}
    assert len(after) == 10
    assert not before & after


async def test_codes_without_a_factor_are_not_made(owner: Client) -> None:
    assert problem(await owner.post(f"{ACCOUNT}/recovery-codes")) == (409, "identity.factor_missing")


async def test_the_codes_go_with_the_last_factor(owner: Client, uow: UnitOfWork) -> None:
    await enrol_app(owner)
    await enrol_device(owner)
    await make_codes(owner)
    await owner.delete(f"{ACCOUNT}/totp")
    assert (await factors(owner))["recovery_codes_left"] == 10
    passkey = (await owner.get(f"{ACCOUNT}/factors")).json()["passkeys"][0]["id"]

    await owner.delete(f"{ACCOUNT}/passkeys/{passkey}")

    assert (await factors(owner))["recovery_codes_left"] == 0


# -- dangerous acts ----------------------------------------------------------------------------------------------------


async def test_changing_factors_asks_for_a_fresh_one(owner: Client, uow: UnitOfWork) -> None:
    await enrol_app(owner)
    await enrol_device(owner)
    passkey = (await owner.get(f"{ACCOUNT}/factors")).json()["passkeys"][0]["id"]
    await grow_stale(owner, uow)

    answers = [
        await owner.post(f"{ACCOUNT}/totp"),
        await owner.delete(f"{ACCOUNT}/totp"),
        await owner.post(f"{ACCOUNT}/passkeys/challenge"),
        await owner.delete(f"{ACCOUNT}/passkeys/{passkey}"),
        await owner.post(f"{ACCOUNT}/recovery-codes"),
        await owner.put(POLICY, json={"version": 0, "roles": []}),
    ]

    assert {problem(answer) for answer in answers} == {(403, "fresh_factor_needed")}
    assert len((await owner.get(f"{ACCOUNT}/factors")).json()["passkeys"]) == 1


# -- roles that must have one ------------------------------------------------------------------------------------------


async def test_a_role_can_be_made_to_need_a_factor_by_whoever_manages_people(owner: Client, cashier: Client) -> None:
    nobody = {"version": 0, "roles": []}
    assert problem(await cashier.put(POLICY, json=nobody)) == (403, "not_allowed")
    assert problem(await cashier.get(POLICY)) == (403, "not_allowed")
    assert (await owner.get(POLICY)).json() == nobody
    assert problem(await owner.put(POLICY, json=nobody | {"roles": ["king"]})) == (422, "invalid_input")

    stated = await owner.put(POLICY, json=nobody | {"roles": ["cashier", "cashier"]})

    assert stated.json() == (await owner.get(POLICY)).json() == {"version": 1, "roles": ["cashier"]}
    assert (await owner.put(POLICY, json=nobody | {"version": 1})).json() == {"version": 2, "roles": []}


async def test_a_role_that_somebody_else_has_just_bound_is_not_let_go_unseen(owner: Client) -> None:
    await owner.put(POLICY, json={"version": 0, "roles": ["cashier"]})

    late = await owner.put(POLICY, json={"version": 0, "roles": ["manager"]})

    assert problem(late) == (412, "version_conflict")
    sides = {side: late.json()[side]["roles"] for side in ("base", "mine", "theirs")}
    assert sides == {"base": [], "mine": ["manager"], "theirs": ["cashier"]}
    assert (await owner.get(POLICY)).json() == {"version": 1, "roles": ["cashier"]}


async def stated_at_once(committed: WorkOpener, version: int) -> list[object]:
    """Have three state the policy that all of them have read, each for another role; return how each ended."""
    all_read = asyncio.Barrier(3)

    async def state(role: str) -> int:
        async with committed(SYSTEM) as uow:
            await service.policy(uow)
            await all_read.wait()
            found: int = (await service.set_roles_in_need(uow, version, [role]))["version"]
            return found

    roles = ("cashier", "manager", "read_only")
    return list(await asyncio.gather(*(state(role) for role in roles), return_exceptions=True))


async def test_of_three_statements_at_once_one_holds_and_the_others_are_told(committed: WorkOpener) -> None:
    for version in range(3):
        ends = await stated_at_once(committed, version)

        assert [end for end in ends if not isinstance(end, VersionConflict)] == [version + 1]


async def test_without_the_count_the_last_of_three_would_hold_unseen(
    committed: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant of `state_policy`."""

    async def count_nothing(_uow: UnitOfWork, version: int) -> int:
        return version + 1

    monkeypatch.setattr(repository, "state_policy", count_nothing)

    assert not [end for end in await stated_at_once(committed, 0) if isinstance(end, VersionConflict)]


@pytest.mark.practice(29)
async def test_who_lacks_a_needed_factor_can_only_set_one_up(owner: Client, sign_in_as: SignInAs) -> None:
    await owner.put(POLICY, json={"version": 0, "roles": ["owner"]})
    look_again(owner)
    session = (await owner.get(SESSION)).json()
    assert (session["factor"], session["permissions"]) == ("lacking", [])
    assert problem(await owner.get("/api/v1/identity/people")) == (403, "factor_set_up_needed")
    assert problem(await owner.post(f"{ACCOUNT}/recovery-codes")) == (403, "factor_set_up_needed")
    assert (await factors(owner))["is_required"] is True

    await enrol_app(owner)

    assert (await owner.get("/api/v1/identity/people")).status_code == 200
    assert problem(await owner.delete(f"{ACCOUNT}/totp")) == (409, "identity.factor_required")
    # Others are left alone.
    assert (await (await sign_in_as("cashier")).get(SESSION)).json()["factor"] == "none"
