"""The till over HTTP: who may use which route, and what a list and a replay look like."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from shopfloor import ProductFactory, Till, line_in, sale_in, sell
from starlette.types import Receive, Scope, Send

from mainstay import ids
from mainstay.flags.rules import Steering
from mainstay.flags.state import READ_ONLY, Flags
from mainstay.testing.client import Client
from mainstay.web.read_only import ReadOnlyGuard

POS = "/api/v1/pos"
Call = tuple[str, str, dict[str, Any] | None]


def calls(till: Till) -> list[Call]:
    """Return one well-formed call of each route."""
    register, store, some = str(till.register_id), str(till.store_id), str(ids.new_id())
    return [
        ("GET", "/registers", None),
        ("POST", "/registers", {"id": some, "store_id": store, "code": "HS2", "name": "Till 2"}),
        ("GET", f"/registers/{register}/journal/check", None),
        ("GET", f"/find?store_id={store}", None),
        ("GET", f"/find/by-code/4009309132524?store_id={store}", None),
        ("POST", "/shifts", {"id": some, "register_id": register, "float_minor": 0}),
        ("GET", "/shifts", None),
        ("GET", "/shifts.csv", None),
        ("GET", f"/shifts/{till.shift_id}", None),
        ("POST", f"/shifts/{till.shift_id}/close", {"counted_minor": 10000}),
        ("POST", "/sales", sale_in(till, [{"id": some, "variant_id": some, "quantity": "1"}], 249)),
        ("GET", "/sales", None),
        ("GET", "/sales.csv", None),
        ("GET", f"/sales/{some}", None),
        ("GET", f"/sales/{some}/receipt.txt", None),
    ]


async def call(client: Client, wanted: Call) -> httpx2.Response:
    """Make one call."""
    method, path, body = wanted
    return await client.request(method, f"{POS}{path}", json=body)


async def test_no_route_of_the_till_is_open_to_strangers(api: Client, till: Till) -> None:
    answers = {wanted[:2]: await call(api, wanted) for wanted in calls(till)}

    refusals = {place: (answer.status_code, answer.json()["code"]) for place, answer in answers.items()}
    assert refusals == dict.fromkeys(refusals, (401, "identity.not_signed_in"))


async def test_a_cashier_may_sell_but_not_manage(cashier: Client, till: Till) -> None:
    answers = {wanted[:2]: await call(cashier, wanted) for wanted in calls(till)}

    refused = [place for place, answer in answers.items() if answer.status_code == 403]
    assert refused == [("POST", "/registers"), ("GET", f"/registers/{till.register_id}/journal/check")]


async def test_the_owner_is_refused_nothing(owner: Client, till: Till) -> None:
    answers = [await call(owner, wanted) for wanted in calls(till)]

    assert [answer.status_code for answer in answers] == [
        200, 201, 200, 200, 404, 409, 200, 200, 200, 200, 409, 200, 200, 404, 404
    ]  # fmt: skip


async def test_a_sale_tells_where_it_is(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    sale = sale_in(till, [line_in(await make_product())], 249)

    answer = await cashier.post(f"{POS}/sales", json=sale)

    assert (await cashier.get(answer.headers["Location"])).json() == answer.json()


async def test_lists_give_two_hundred_at_most(cashier: Client, till: Till, make_product: ProductFactory) -> None:
    await sell(cashier, sale_in(till, [line_in(await make_product())], 249))

    for path in ("/sales", "/shifts"):
        page = (await cashier.get(f"{POS}{path}", params={"limit": "100000"})).json()
        assert (len(page["items"]), page["next_cursor"], page["total"]) == (1, None, 1)


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "-1"}, {"limit": "x"}])
@pytest.mark.parametrize("path", ["/sales", "/shifts"])
async def test_a_list_that_cannot_be_is_refused(cashier: Client, till: Till, path: str, query: dict[str, str]) -> None:
    answer = await cashier.get(f"{POS}{path}", params=query)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_shifts_are_paged_without_gap_or_double(cashier: Client, till: Till) -> None:
    opened = [str(till.shift_id)]
    for _ in range(4):
        await cashier.post(f"{POS}/shifts/{opened[-1]}/close", json={"counted_minor": 10000})
        opened.append(str(ids.new_id()))
        body = {"id": opened[-1], "register_id": str(till.register_id), "float_minor": 10000}
        assert (await cashier.post(f"{POS}/shifts", json=body)).status_code == 201

    seen: list[str] = []
    cursor: dict[str, str] = {}
    while cursor or not seen:
        page = (await cashier.get(f"{POS}/shifts", params={"limit": "2"} | cursor)).json()
        seen += [shift["id"] for shift in page["items"]]
        cursor = {"cursor": page["next_cursor"]} if page["next_cursor"] else {}

    assert seen == opened[::-1]


@pytest.fixture
def read_only(app: FastAPI) -> Iterator[Flags]:
    """The flags of the API, in read-only mode."""
    flags: Flags = app.state.edge.open_work.setup.flags
    flags.steer({READ_ONLY.key: Steering(otherwise=True)}, {})
    yield flags
    flags.steer({}, {})


async def test_a_sale_of_read_only_mode_is_booked_once_when_the_till_sends_it_again(
    cashier: Client, till: Till, make_product: ProductFactory, read_only: Flags
) -> None:
    read_only.steer({}, {})
    sale = sale_in(till, [line_in(await make_product())], 249)
    read_only.steer({READ_ONLY.key: Steering(otherwise=True)}, {})
    for _ in range(2):
        answer = await cashier.post(f"{POS}/sales", json=sale)
        assert (answer.status_code, answer.json()["code"]) == (503, "read_only")
    assert (await cashier.get(f"{POS}/sales")).json()["items"] == []

    read_only.steer({}, {})
    answers = [await cashier.post(f"{POS}/sales", json=sale) for _ in range(2)]

    assert {answer.json()["id"] for answer in answers} == {sale["id"]}
    assert [item["id"] for item in (await cashier.get(f"{POS}/sales")).json()["items"]] == [sale["id"]]


async def test_without_the_guard_a_sale_would_be_booked_in_read_only_mode(
    cashier: Client,
    till: Till,
    make_product: ProductFactory,
    read_only: Flags,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The mutant of the guard, kept so that the test above is known to see its absence."""

    async def let_pass(guard: ReadOnlyGuard, scope: Scope, receive: Receive, send: Send) -> None:
        await guard._app(scope, receive, send)

    monkeypatch.setattr(ReadOnlyGuard, "__call__", let_pass)
    sale = sale_in(till, [line_in(await make_product())], 249)

    assert read_only.is_read_only
    assert (await cashier.post(f"{POS}/sales", json=sale)).status_code == 201
