"""Read-only mode refuses whatever could change something, and leaves reading, signing in and its switch open."""

from collections.abc import Awaitable, Callable, Iterator

import pytest
from fastapi import FastAPI
from lab.main import make_program

from mainstay.bootstrap.program import Program
from mainstay.flags.rules import Steering
from mainstay.flags.state import READ_ONLY, Flags
from mainstay.permission import Public, SignedIn
from mainstay.testing.client import Client
from mainstay.testing.clients import ClientFactory
from mainstay.web.csrf import SAFE
from mainstay.web.operation import operations_of
from mainstay.web.read_only import is_open_while_read_only
from mainstay.work import WorkOpener

SESSION = "/api/v1/identity/session"


@pytest.fixture(scope="session")
def program() -> Program:
    """The program under test."""
    return make_program()


@pytest.fixture
async def owner(sign_in_as: Callable[[str], Awaitable[Client]]) -> Client:
    """The client of a signed-in owner of the lab."""
    return await sign_in_as("owner")


@pytest.fixture
def read_only(app: FastAPI) -> Iterator[Flags]:
    """The flags of the API, in read-only mode."""
    opener: WorkOpener = app.state.edge.open_work
    flags = opener.setup.flags
    flags.steer({READ_ONLY.key: Steering(otherwise=True, version=1)}, {})
    yield flags
    flags.steer({}, {})


async def test_what_could_change_something_is_refused_with_when_to_come_back(read_only: Flags, owner: Client) -> None:
    answer = await owner.post("/api/v1/lab/offers")
    assert (answer.status_code, answer.json()["code"], answer.headers["Retry-After"]) == (503, "read_only", "10")

    read_only.steer({}, {})
    assert (await owner.post("/api/v1/lab/offers")).status_code == 200


async def test_reading_health_and_signing_in_and_out_go_on(
    read_only: Flags, owner: Client, make_client: ClientFactory
) -> None:
    assert (await owner.get("/api/v1/flags/mine")).json()["is_read_only"] is True
    stranger = make_client()
    assert (await stranger.get("/health/live")).status_code == 200
    refused = await stranger.post(SESSION, json={"email": "nobody@shop.example", "password": "four slow yellow boats"})
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.wrong_credentials")
    assert (await owner.delete(SESSION)).status_code == 204


async def test_it_can_be_switched_off_again(read_only: Flags, owner: Client) -> None:
    answer = await owner.put(f"/api/v1/flags/{READ_ONLY.key}", json={"version": 0, "otherwise": False})

    assert (answer.status_code, answer.json()["otherwise"]) == (200, False)


async def test_what_is_not_there_is_told_as_ever(read_only: Flags, owner: Client) -> None:
    assert (await owner.post("/api/v1/lab/nothing")).status_code == 404
    assert (await owner.post("/api/v1/lab/bell")).status_code == 405


def test_only_signing_in_and_out_and_the_switch_are_left_open(app: FastAPI) -> None:
    unsafe = [operation for operation in operations_of(app) if not operation.verbs <= SAFE]
    left_open = {operation.unique_id for operation in unsafe if is_open_while_read_only(operation.endpoint)}

    assert left_open == {
        "flags_change_flag",
        "identity_ask_factor_passkey",
        "identity_ask_passkey",
        "identity_ask_second_step_passkey",
        "identity_give_factor",
        "identity_give_second_step",
        "identity_refresh_tokens",
        "identity_sign_in",
        "identity_sign_in_by_passkey",
        "identity_sign_in_by_pin",
        "identity_sign_in_client",
        "identity_sign_out",
        "identity_sign_out_client",
    }
    assert all(
        isinstance(operation.right, Public | SignedIn) or operation.module == "flags"
        for operation in unsafe
        if operation.unique_id in left_open
    )
