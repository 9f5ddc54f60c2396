"""The keys that sign: sealed, exchanged with an overlap, and published by their public half alone."""

from collections.abc import Awaitable, Callable

import pytest

from mainstay import crypto
from mainstay.keyring import Keyring
from mainstay.modules.identity.service import signing
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

SECRET = Keyring(crypto.new_token().encode())
PASSWORD = "three quiet green trains"
LOGIN = {"email": "ada@engine.example", "password": PASSWORD}


async def key_of(open_work: WorkOpener, secret: Keyring = SECRET) -> tuple[str, bytes]:
    async with open_work(SYSTEM) as work:
        return await signing.signing_key(work, secret)


async def test_the_first_call_makes_the_key_and_the_next_finds_it(open_work: WorkOpener, uow: UnitOfWork) -> None:
    first = await key_of(open_work)

    assert await key_of(open_work) == first
    assert first[1] not in await uow.read_value("SELECT private_key_sealed FROM identity_signing_key")


async def test_a_key_that_another_secret_sealed_is_exchanged(open_work: WorkOpener, uow: UnitOfWork) -> None:
    first = await key_of(open_work)

    second = await key_of(open_work, Keyring(crypto.new_token().encode()))

    assert first[0] != second[0]
    retired = await uow.read("SELECT kid FROM identity_signing_key WHERE retired_at IS NOT NULL")
    assert [row["kid"] for row in retired] == [first[0]]


@pytest.mark.practice(27)
async def test_after_a_rotation_old_tokens_work_until_they_are_dead_and_new_ones_have_the_new_key(
    api: Client,
    open_work: WorkOpener,
    uow: UnitOfWork,
    owner_link: Callable[[], Awaitable[str]],
    forget_bearers: Callable[[], None],
) -> None:
    joined = {"token": await owner_link(), "name": "Ada", **LOGIN}
    await api.post("/api/v1/identity/invitations/accept", json=joined)
    api.cookies.clear()
    old = (await api.post("/api/v1/identity/tokens", json=LOGIN)).json()["access_token"]
    before = (await api.get("/.well-known/jwks.json")).json()["keys"]

    async with open_work(SYSTEM) as work:
        sentence = await signing.rotate(work, SECRET)

    after = (await api.get("/.well-known/jwks.json")).json()["keys"]
    assert len(before) == 1
    assert [each["kid"] for each in after][1] == before[0]["kid"]
    assert after[0]["kid"] in sentence
    assert after[0].keys() == {"kty", "crv", "use", "alg", "kid", "x"}
    headers = {"Authorization": f"Bearer {old}"}
    assert (await api.get("/api/v1/identity/people", headers=headers)).status_code == 200

    await uow.write(
        "UPDATE identity_signing_key SET retired_at = now() - interval '16 minutes' WHERE kid = $1", before[0]["kid"]
    )
    forget_bearers()

    assert (await api.get("/api/v1/identity/people", headers=headers)).status_code == 401
    assert len((await api.get("/.well-known/jwks.json")).json()["keys"]) == 1
