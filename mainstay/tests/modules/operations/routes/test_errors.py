"""Errors over HTTP: each route allowed, forbidden, not found and with bad input; what people do is on record."""

from datetime import timedelta
from typing import Any

import pytest

from mainstay import ids
from mainstay.modules.operations.service import errors
from mainstay.observe.counters import Counters
from mainstay.observe.gathering import Gatherer, Origin
from mainstay.observe.tracker import BROWSER
from mainstay.observe.troubles import Frame, Trouble
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.work import SYSTEM, WorkOpener

PATH = "/api/v1/operations/errors"
SEEN = {"version": 1}


async def make(open_work: WorkOpener, *functions: str, logger: str = "shop") -> None:
    """Have the program make mistakes."""
    gatherer = Gatherer(Origin.of("api", "1.0.0", "till-1"), Counters(), 100)
    for function in functions:
        frames = (Frame("shop/till.py", 12, function),)
        gatherer.take(Trouble("error", logger, "unhandled error", "ValueError", "", frames, {"request_id": "r-1"}))
    batch = gatherer.batch()
    assert batch is not None
    async with open_work(SYSTEM) as uow:
        await errors.keep(uow, batch)


async def listed(owner: Client, query: str = "") -> list[dict[str, Any]]:
    answer = await owner.get(f"{PATH}{query}")
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def acts(open_work: WorkOpener) -> list[tuple[str, str]]:
    async with open_work(SYSTEM) as uow:
        rows = await uow.read(
            "SELECT act, object_id FROM audit_entry WHERE act LIKE 'operations.error%' ORDER BY position"
        )
    return [(row["act"], row["object_id"]) for row in rows]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("GET", "/{id}"),
        ("POST", "/{id}/resolve"),
        ("POST", "/{id}/ignore"),
        ("POST", "/{id}/reopen"),
        ("POST", "/bulk"),
    ],
)
async def test_only_who_holds_the_right_is_let_in(api: Client, cashier: Client, method: str, path: str) -> None:
    address = PATH + path.format(id=ids.new_id())
    assert (await api.request(method, address, json=SEEN)).status_code in {401, 403}
    refused = await cashier.request(method, address, json=SEEN)
    assert (refused.status_code, refused.json()["permission"]) == (403, "operations.errors")


async def test_what_is_not_there_is_not_found_and_what_does_not_fit_is_refused(owner: Client) -> None:
    nowhere = f"{PATH}/{ids.new_id()}"
    for answer in (await owner.get(nowhere), await owner.post(f"{nowhere}/resolve", json=SEEN)):
        assert (answer.status_code, answer.json()["code"]) == (404, "operations.error_unknown")
    assert (await owner.get(f"{PATH}?state=lost")).status_code == 422
    assert (await owner.get(f"{PATH}?role=till")).status_code == 422
    assert (await owner.post(f"{nowhere}/ignore", json={"version": 0})).status_code == 422


async def test_the_list_goes_on_by_cursor_and_is_cut_by_state_and_part(
    owner: Client, open_work: WorkOpener, clock: FrozenClock
) -> None:
    for name in ("first", "second", "third"):
        await make(open_work, name)
        clock.move(timedelta(seconds=1))
    await make(open_work, "page", logger=BROWSER)

    answer = await owner.get(f"{PATH}?role=api&limit=2")
    rest = await owner.get(f"{PATH}?role=api&limit=2&cursor={answer.json()['next_cursor']}")
    found = [each["place"].rpartition(":")[2] for each in (*answer.json()["items"], *rest.json()["items"])]
    assert found == ["third", "second", "first"]
    assert rest.json()["next_cursor"] is None
    (page,) = await listed(owner, "?role=browser")
    await owner.post(f"{PATH}/{page['id']}/ignore", json=SEEN)
    assert [each["place"] for each in await listed(owner, "?state=ignored")] == ["shop/till.py:page"]
    assert len(await listed(owner, "?state=open")) == 3
    status = await owner.get("/api/v1/operations/status")
    assert status.json()["open_errors"] == 3


async def test_each_act_is_done_once_on_record_and_by_the_version_that_was_seen(
    owner: Client, open_work: WorkOpener
) -> None:
    await make(open_work, "pay")
    (error,) = await listed(owner)
    one = f"{PATH}/{error['id']}"

    resolved = await owner.post(f"{one}/resolve", json=SEEN)
    assert (resolved.status_code, resolved.json()["state"], resolved.json()["version"]) == (200, "resolved", 2)
    same = await owner.post(f"{one}/resolve", json={"version": 2})
    assert (same.status_code, same.json()["version"]) == (200, 2)
    stale = await owner.post(f"{one}/ignore", json=SEEN)
    assert (stale.status_code, stale.json()["code"]) == (412, "version_conflict")
    assert stale.json()["base"] == {"id": error["id"], "version": 1, "state": "open"}
    assert stale.json()["mine"] == {"state": "ignored"}
    assert stale.json()["theirs"] == {"id": error["id"], "version": 2, "state": "resolved"}
    await owner.post(f"{one}/ignore", json={"version": 2})
    await owner.post(f"{one}/reopen", json={"version": 3})

    detail = await owner.get(one)
    assert (detail.json()["state"], detail.json()["version"], detail.json()["resolved_at"]) == ("open", 4, None)
    assert [(each["request_id"], each["release"]) for each in detail.json()["occurrences"]] == [("r-1", "1.0.0")]
    key = error["id"]
    assert await acts(open_work) == [
        ("operations.error_resolved", key),
        ("operations.error_ignored", key),
        ("operations.error_reopened", key),
    ]


async def change(owner: Client, kind: str, *chosen: tuple[str, int]) -> list[dict[str, Any]]:
    """Do something with errors in the versions that were seen, and return what became of each."""
    items = [{"id": key, "version": version} for key, version in chosen]
    answer = await owner.post(f"{PATH}/bulk", json={"change": {"kind": kind}, "items": items})
    assert answer.status_code == 200, answer.text
    told: list[dict[str, Any]] = answer.json()["items"]
    assert [each["id"] for each in told] == [key for key, _ in chosen]
    return told


async def test_many_are_resolved_but_for_one_that_somebody_dealt_with_first(
    owner: Client, open_work: WorkOpener
) -> None:
    await make(open_work, "pay", "print", "scan")
    pay, printing, scan = sorted([error["id"] for error in await listed(owner)])
    await owner.post(f"{PATH}/{printing}/ignore", json=SEEN)
    await owner.post(f"{PATH}/{scan}/resolve", json=SEEN)
    nobody = str(ids.new_id())

    told = await change(owner, "resolve", (scan, 1), (nobody, 1), (printing, 1), (pay, 1))

    assert [(each["outcome"], each["version"], each["code"]) for each in told] == [
        ("unchanged", 2, None),
        ("unknown", None, "operations.error_unknown"),
        ("conflict", 2, "version_conflict"),
        ("changed", 2, None),
    ]
    sides = told[2]["sides"]
    states = sides["base"]["state"], sides["mine"]["state"], sides["theirs"]["state"]
    assert states == ("open", "resolved", "ignored")
    assert {error["id"]: error["state"] for error in await listed(owner)} == {
        pay: "resolved",
        printing: "ignored",
        scan: "resolved",
    }
    assert await acts(open_work) == [
        ("operations.error_ignored", printing),
        ("operations.error_resolved", scan),
        ("operations.error_resolved", pay),
    ]


@pytest.mark.practice(42)
async def test_many_errors_cost_as_many_statements_as_one(owner: Client, open_work: WorkOpener) -> None:
    """A client of tests refuses a request that makes one statement more than twenty times."""
    await make(open_work, *[f"step_{number}" for number in range(30)])
    chosen = [(error["id"], 1) for error in await listed(owner)]

    assert {each["outcome"] for each in await change(owner, "ignore", *chosen)} == {"changed"}
    told = await change(owner, "resolve", *chosen)
    assert {(each["outcome"], each["sides"]["theirs"]["state"]) for each in told} == {("conflict", "ignored")}
