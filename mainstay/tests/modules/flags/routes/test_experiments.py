"""Experiments over HTTP: begun once, counted once for each unit, ended with what is kept."""

from collections.abc import Awaitable, Callable

import pytest
from lab.main import COLOUR

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

EXPERIMENTS, ONE = "/api/v1/experiments", f"/api/v1/experiments/{COLOUR.key}"
OFFERS, BOUGHT = "/api/v1/lab/offers", "/api/v1/lab/bought"
EXPOSURES = "SELECT experiment, unit_id, variant FROM flags_exposure"
OUTCOMES = "SELECT value FROM flags_outcome"
Look = Callable[[], Awaitable[None]]
SignIn = Callable[[str], Awaitable[Client]]


async def standing(owner: Client) -> dict[str, object]:
    """Return how the only experiment stands."""
    (only,) = (await owner.get(EXPERIMENTS)).json()["items"]
    return dict(only)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", EXPERIMENTS, None), ("POST", f"{ONE}/start", None), ("POST", f"{ONE}/end", {"kept": "red"})],
)
async def test_only_who_holds_the_right_is_let_in(
    api: Client, cashier: Client, method: str, path: str, body: dict[str, str] | None
) -> None:
    assert (await api.request(method, path, json=body)).status_code in {401, 403}
    assert (await cashier.request(method, path, json=body)).status_code == 403


async def test_nobody_is_counted_before_it_begins(owner: Client, cashier: Client, uow: UnitOfWork) -> None:
    assert (await cashier.post(OFFERS)).json()["colour"] == "white"
    assert (await cashier.post(BOUGHT, json={"value": 1})).status_code == 204

    assert await uow.read(EXPOSURES) == []
    assert await uow.read(OUTCOMES) == []
    found = await standing(owner)
    assert (found["state"], found["size"], found["started_at"]) == ("not_started", COLOUR.size, None)


async def test_a_unit_is_counted_once_with_its_first_outcome(
    owner: Client, cashier: Client, uow: UnitOfWork, look: Look
) -> None:
    assert (await owner.post(f"{ONE}/start")).status_code == 204
    await look()
    # Whoever has met no variant has no outcome.
    assert (await owner.post(BOUGHT, json={"value": 1})).status_code == 204

    colours = {(await cashier.post(OFFERS)).json()["colour"] for _ in range(3)}
    for value in (0.5, 1.0):
        assert (await cashier.post(BOUGHT, json={"value": value})).status_code == 204

    assert cashier.person_id is not None
    assert colours == {COLOUR.variant_of(cashier.person_id)}
    assert [tuple(row) for row in await uow.read(EXPOSURES)] == [(COLOUR.key, cashier.person_id, *colours)]
    assert [row["value"] for row in await uow.read(OUTCOMES)] == [0.5]
    found = await standing(owner)
    assert (found["state"], found["seen"], found["differences"]) == ("not_yet", 0, [])


async def test_it_begins_once_and_ends_once_and_then_all_have_what_was_kept(
    owner: Client, sign_in_as: SignIn, uow: UnitOfWork, look: Look
) -> None:
    early = await owner.post(f"{ONE}/end", json={"kept": "red"})
    assert (early.status_code, early.json()["code"]) == (409, "flags.wrong_stage")
    assert (await owner.post(f"{ONE}/start")).status_code == 204
    assert (await owner.post(f"{ONE}/start")).json()["code"] == "flags.wrong_stage"
    unknown = await owner.post(f"{ONE}/end", json={"kept": "green"})
    assert (unknown.status_code, unknown.json()["code"]) == (422, "flags.rule_refused")

    assert (await owner.post(f"{ONE}/end", json={"kept": "red"})).status_code == 204
    await look()

    assert {(await (await sign_in_as("cashier")).post(OFFERS)).json()["colour"] for _ in range(6)} == {"red"}
    assert await uow.read(EXPOSURES) == []
    assert (await standing(owner))["kept"] == "red"
    acts = await uow.read("SELECT act FROM audit_entry WHERE act LIKE 'flags.%' ORDER BY position")
    assert [row["act"] for row in acts] == ["flags.experiment_started", "flags.experiment_ended"]


@pytest.mark.parametrize("act", ["start", "end"])
async def test_there_is_no_other_experiment(owner: Client, act: str) -> None:
    answer = await owner.post(f"{EXPERIMENTS}/lab.none/{act}", json={"kept": "red"} if act == "end" else None)

    assert (answer.status_code, answer.json()["code"]) == (404, "flags.experiment_unknown")
