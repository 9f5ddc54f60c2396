"""Sending files: who may, how large, shown with their progress, and reported as a file that can be sent again."""

import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from shopfloor import created, store_in

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.catalog.events import ImportRequested
from tradepost.catalog.jobs import IMPORT_SHEET
from tradepost.catalog.repository import imports as repository
from tradepost.catalog.service.reading import GIVEN_UP
from tradepost.catalog.service.uploads import CHUNK, LARGEST_FILE

ImportFile = Callable[..., Awaitable[dict[str, Any]]]
RunJobs = Callable[[], Awaitable[int]]

IMPORTS = "/api/v1/catalog/imports"
TEXT = "name,price\nBread,1.00\nMilk,\n"


def query(store_id: UUID) -> dict[str, str]:
    """Return the parameters of an upload."""
    return {"id": str(ids.new_id()), "store_id": str(store_id), "filename": "a.csv"}


async def send(client: Client, params: dict[str, str], content: bytes = TEXT.encode(), kind: str = "text/csv") -> Any:  # noqa: ANN401  the answer
    """Send a file and return the answer."""
    return await client.post(IMPORTS, params=params, content=content, headers={"Content-Type": kind})


async def traces(uow: UnitOfWork) -> int:
    """Return how many rows uploads have left."""
    return int(
        await uow.read_value(
            "SELECT (SELECT count(*) FROM catalog_import) + (SELECT count(*) FROM catalog_import_chunk)"
            " + (SELECT count(*) FROM mainstay_event WHERE name = 'catalog.import_requested')"
        )
    )


@pytest.mark.parametrize("kind", ["text/csv", "application/octet-stream", "text/csv; charset=windows-1251"])
async def test_a_file_waits_until_it_is_read(owner: Client, store_id: UUID, run_jobs: RunJobs, kind: str) -> None:
    params = query(store_id)

    answer = await send(owner, params, kind=kind)

    waiting = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (202, f"{IMPORTS}/{params['id']}")
    assert [waiting[key] for key in ("status", "progress", "size_bytes", "filename", "is_repeat")] == [
        "waiting", 0.0, len(TEXT), "a.csv", False,
    ]  # fmt: skip
    await run_jobs()
    shown = (await owner.get(f"{IMPORTS}/{params['id']}")).json()
    assert (shown["status"], shown["rows_rejected"]) == ("done", 1)
    listed = (await owner.get(IMPORTS)).json()
    assert (listed["items"], listed["total"], listed["next_cursor"]) == ([shown], 1, None)


async def test_a_file_larger_than_a_piece_arrives_whole(owner: Client, store_id: UUID, uow: UnitOfWork) -> None:
    content = b"name,price\n" + b"Bread number one,1.00\n" * (CHUNK // 10)
    assert len(content) > 2 * CHUNK

    assert (await send(owner, query(store_id), content)).status_code == 202

    rows = await uow.read("SELECT content FROM catalog_import_chunk ORDER BY position")
    assert len(rows) == 3
    assert b"".join(row["content"] for row in rows) == content


@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_file_of_50_megabytes_is_refused_and_leaves_nothing(
    owner: Client, store_id: UUID, uow: UnitOfWork, is_announced: bool
) -> None:
    async def pieces() -> Any:  # noqa: ANN401  an async iterator of bytes
        for _ in range(50):
            yield bytes(1024 * 1024)

    content = bytes(50 * 1024 * 1024) if is_announced else pieces()
    answer = await owner.post(IMPORTS, params=query(store_id), content=content, headers={"Content-Type": "text/csv"})

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert LARGEST_FILE == 20 * 1024 * 1024
    assert await traces(uow) == 0


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"store_id": str(UUID(int=7))}, 404, "shop.unknown_store"),
        ({"store_id": "x"}, 422, "invalid_input"),
        ({"id": "x"}, 422, "invalid_input"),
        ({"filename": ""}, 422, "invalid_input"),
        ({"filename": "x" * 256}, 422, "invalid_input"),
    ],
)
async def test_a_file_for_nothing_is_refused(
    owner: Client, store_id: UUID, uow: UnitOfWork, changed: dict[str, str], status: int, code: str
) -> None:
    answer = await send(owner, query(store_id) | changed)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert await traces(uow) == 0


async def test_an_empty_file_is_refused(owner: Client, store_id: UUID, uow: UnitOfWork) -> None:
    answer = await send(owner, query(store_id), b"")
    assert (answer.status_code, answer.json()["code"]) == (422, "catalog.empty_file")
    assert await traces(uow) == 0


async def test_the_same_request_again_is_the_same_import(owner: Client, store_id: UUID, uow: UnitOfWork) -> None:
    """Rules 19 and 35."""
    params = query(store_id)
    first = await send(owner, params)
    again = await send(owner, params)
    other = await send(owner, query(store_id))
    assert [answer.status_code for answer in (first, again, other)] == [202, 200, 200]
    assert {answer.json()["id"] for answer in (first, again, other)} == {params["id"]}
    assert await traces(uow) == 3


async def test_an_id_belongs_to_one_file(owner: Client, store_id: UUID) -> None:
    params = query(store_id)
    await send(owner, params)
    answer = await send(owner, params, b"name,price\nOther,1\n")
    assert (answer.status_code, answer.json()["code"]) == (409, "catalog.id_reused")


async def test_another_store_may_take_the_same_file(owner: Client, store_id: UUID, run_jobs: RunJobs) -> None:
    """Its stock is another one; its products are the same."""
    second = store_in(code="B")
    await created(owner, "/api/v1/shop/stores", second)
    await send(owner, query(store_id))
    params = query(UUID(second["id"]))
    assert (await send(owner, params)).status_code == 202
    await run_jobs()
    shown = (await owner.get(f"{IMPORTS}/{params['id']}")).json()
    assert (shown["created"], shown["unchanged"]) == (0, 1)


async def test_an_import_whose_tries_are_used_up_is_started_again_by_its_file(
    owner: Client, store_id: UUID, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    params = query(store_id)
    await send(owner, params)
    async with open_work(SYSTEM) as uow:
        await uow.write("DELETE FROM procrastinate_jobs")
        await repository.begin(uow, UUID(params["id"]))
        await repository.wait_again(uow, UUID(params["id"]), "A fault.")
    assert (await owner.get(f"{IMPORTS}/{params['id']}")).json()["problem"] == "A fault."

    again = await send(owner, query(store_id))
    await run_jobs()

    assert again.json()["is_repeat"]
    shown = (await owner.get(f"{IMPORTS}/{params['id']}")).json()
    assert (shown["status"], shown["problem"], shown["created"]) == ("done", None, 1)


async def test_an_import_that_was_tried_often_enough_fails_and_its_file_begins_anew(
    owner: Client, store_id: UUID, open_work: WorkOpener, run_jobs: RunJobs, uow: UnitOfWork
) -> None:
    params = query(store_id)
    await send(owner, params)
    assert IMPORT_SHEET.on_failure is not None
    for _ in range(2):
        async with open_work(SYSTEM) as work:
            await work.write("DELETE FROM procrastinate_jobs")
            event = ImportRequested(import_id=UUID(params["id"]), store_id=store_id)
            await IMPORT_SHEET.on_failure(work, event)
    failed = (await owner.get(f"{IMPORTS}/{params['id']}")).json()
    assert (failed["status"], failed["problem"]) == ("failed", GIVEN_UP)
    assert await uow.read_value("SELECT count(*) FROM catalog_import_chunk") == 0

    again = query(store_id)
    assert (await send(owner, again)).status_code == 202
    await run_jobs()

    async with open_work(SYSTEM) as work:
        await IMPORT_SHEET.on_failure(work, ImportRequested(import_id=UUID(again["id"]), store_id=store_id))
    assert (await owner.get(f"{IMPORTS}/{again['id']}")).json()["status"] == "done"


# -- the report --------------------------------------------------------------------------------------------------------


async def test_rejected_rows_come_as_a_file_that_no_spreadsheet_runs(owner: Client, import_file: ImportFile) -> None:
    """Rule 35: cells that look like formulas are made text."""
    found = await import_file("name,price,sku\n=cmd|'/C calc'!A0,,@x\n\"+1, really\",-1,-x\nFine,1,\nShort\n")

    answer = await owner.get(f"{IMPORTS}/{found['id']}/rejected.csv")

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="rejected-{found["id"]}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [
        ["name", "price", "sku", "reason"],
        ["'=cmd|'/C calc'!A0", "", "'@x", "The row has no price."],
        ["'+1, really", "-1", "'-x", "The price -1 is below zero."],
        ["Short", "", "", "The row has no price."],
    ]


async def test_rejected_rows_can_be_corrected_and_sent_again(owner: Client, import_file: ImportFile) -> None:
    found = await import_file("sku,name,price\n-A,=Tea,\n")
    text = (await owner.get(f"{IMPORTS}/{found['id']}/rejected.csv")).content.decode("utf-8-sig")

    again = await import_file(text.replace(",,", ",2.50,"))

    assert (again["rows_accepted"], again["created"]) == (1, 1)
    listed = (await owner.get("/api/v1/catalog/variants")).json()["items"]
    assert [(item["name"], item["sku"], item["price"]) for item in listed] == [("=Tea", "-A", "2.5")]


async def test_a_report_of_many_rows_comes_in_pages(owner: Client, import_file: ImportFile) -> None:
    lines = "".join(f"Row {number},\n" for number in range(1203))
    found = await import_file(f"name,price\n{lines}")
    rows = f"{IMPORTS}/{found['id']}/rows"

    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await owner.get(rows, params={"limit": 500, **({"cursor": cursor} if cursor else {})})).json()
        assert (page["total"], len(page["items"]) <= 200) == (1203, True)
        seen += [row["row_number"] for row in page["items"]]
        cursor = page["next_cursor"]

    assert seen == list(range(2, 1205))
    report = (await owner.get(f"{IMPORTS}/{found['id']}/rejected.csv")).text
    assert report.count("\n") == 1204


async def test_rows_are_filtered_by_what_became_of_them(owner: Client, import_file: ImportFile) -> None:
    found = await import_file("name,price,barcode\nA,,\nB,1,26015638\n")
    rows = f"{IMPORTS}/{found['id']}/rows"
    for outcome, numbers in (("rejected", [2]), ("warned", [3]), (None, [2, 3])):
        page = (await owner.get(rows, params={"outcome": outcome} if outcome else {})).json()
        assert ([row["row_number"] for row in page["items"]], page["total"]) == (numbers, len(numbers))
    first = (await owner.get(rows)).json()["items"][0]
    assert first == {
        "row_number": 2,
        "outcome": "rejected",
        "reason_code": "missing_price",
        "reason": "The row has no price.",
        "raw": ["A", "", ""],
    }
    for params in ({"outcome": "accepted"}, {"cursor": "x"}, {"limit": 0}):
        assert (await owner.get(rows, params=params)).status_code == 422


async def test_imports_are_listed_newest_first_in_pages(owner: Client, import_file: ImportFile) -> None:
    made = [await import_file(f"name,price\nThing {number},1\n") for number in range(3)]
    first = (await owner.get(IMPORTS, params={"limit": 2})).json()
    second = (await owner.get(IMPORTS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    listed = [item["id"] for item in (*first["items"], *second["items"])]
    assert set(listed) == {found["id"] for found in made}
    assert len(listed) == first["total"] == 3
    assert second["next_cursor"] is None


# -- who may -----------------------------------------------------------------------------------------------------------


async def test_a_cashier_imports_nothing_and_sees_no_import(
    cashier: Client, import_file: ImportFile, store_id: UUID, uow: UnitOfWork
) -> None:
    found = await import_file(TEXT)
    assert (await send(cashier, query(store_id), b"name,price\nX,1\n")).status_code == 403
    for path in (IMPORTS, *(f"{IMPORTS}/{found['id']}{part}" for part in ("", "/rows", "/rejected.csv"))):
        assert (await cashier.get(path)).status_code == 403
    assert await uow.read_value("SELECT count(*) FROM catalog_import") == 1


async def test_nobody_imports_without_signing_in(api: Client, store_id: UUID) -> None:
    assert (await send(api, query(store_id))).status_code in {401, 403}
    assert (await api.get(IMPORTS)).status_code == 401


@pytest.mark.parametrize("part", ["", "/rows", "/rejected.csv"])
async def test_an_unknown_import_is_not_found(owner: Client, part: str) -> None:
    answer = await owner.get(f"{IMPORTS}/{ids.new_id()}{part}")
    assert (answer.status_code, answer.json()["code"]) == (404, "catalog.unknown_import")
