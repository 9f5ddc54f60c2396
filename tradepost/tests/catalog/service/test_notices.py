"""Whoever may import into a store is told what became of a file; whoever is limited to another store is not."""

from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest
from shopfloor import Till

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener

SignIn = Callable[[str], Awaitable[Client]]
RunJobs = Callable[[], Awaitable[int]]
MANY = b"barcode,name,price,tax_rate,stock\n" + b"".join(b",Thing %d,1.50,20,3\n" % number for number in range(1001))
GOOD, BAD = b"barcode,name,price,tax_rate,stock\n,Thing,1.50,20,3\n,No price,,20,3\n", b"\x00\x01 no table"
LIMIT = "UPDATE identity_person SET place_ids = $2 WHERE id = $1"


async def send(owner: Client, till: Till, name: str, content: bytes) -> str:
    key = str(ids.new_id())
    query = {"id": key, "filename": name, "store_id": str(till.store_id)}
    answer = await owner.post(
        "/api/v1/catalog/imports", params=query, content=content, headers={"Content-Type": "text/csv"}
    )
    assert answer.status_code == 202, answer.text
    return key


async def told(client: Client) -> list[tuple[str, str, str]]:
    items = (await client.get("/api/v1/notifications", params={"language": "en"})).json()["items"]
    return [(item["kind"], item["title"], item["path"]) for item in reversed(items)]


async def test_what_became_of_a_file_is_told_where_it_is_for(
    owner: Client, sign_in_as: SignIn, till: Till, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    here, elsewhere = await sign_in_as("manager"), await sign_in_as("manager")
    async with open_work(SYSTEM) as uow:
        await uow.write(LIMIT, here.person_id, [till.store_id])
        await uow.write(LIMIT, elsewhere.person_id, [UUID(int=9)])
    good, bad = await send(owner, till, "things.csv", GOOD), await send(owner, till, "torn.csv", BAD)

    await run_jobs()

    expected = [
        ("catalog.import_finished", "things.csv was read", f"/catalogue/imports/{good}"),
        ("catalog.import_failed", "torn.csv could not be read", f"/catalogue/imports/{bad}"),
    ]
    assert (await told(owner), await told(here), await told(elsewhere)) == (expected, expected, [])


@pytest.mark.parametrize(
    ("language", "facts"),
    [("en", [("Products added", "1,001")]), ("ru", [("Добавлено товаров", "1 001")])],
)
async def test_what_was_counted_is_read_as_people_write_it_and_nothing_is_no_fact(
    owner: Client, till: Till, run_jobs: RunJobs, language: str, facts: list[tuple[str, str]]
) -> None:
    """An earlier version said "New products 3000" and three lines of zeros."""
    await send(owner, till, "things.csv", MANY)
    await run_jobs()

    (item,) = (await owner.get("/api/v1/notifications", params={"language": language})).json()["items"]

    assert [(fact["label"], fact["value"]) for fact in item["facts"]] == facts
