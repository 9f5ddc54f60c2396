"""Files of contacts: who may send them, how they are read, and what is told of those that fail or reject."""

import csv
import io
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from contact_files import CONTACTS, IMPORTS, NOBODY, WRONG, ZOE, counts, send, total

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm import jobs
from tradepost.crm.events import ContactFileReceived
from tradepost.crm.service import imports
from tradepost.crm.service.imports import LARGEST_FILE, MOST_ENTRIES

RunJobs = Callable[[], Awaitable[int]]
ImportFile = Callable[..., Awaitable[dict[str, Any]]]


@pytest.mark.parametrize("country", ["de", "DEU", "Germany", "1", ""])
async def test_what_is_no_country_is_refused(owner: Client, country: str) -> None:
    said = {"id": str(ids.new_id()), "filename": "a.vcf", "country": country}
    answer = await owner.post(IMPORTS, params=said, content=ZOE, headers={"Content-Type": "text/vcard"})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "country")


@pytest.mark.parametrize("content", ["<html>\n<p>Zoë</p>\n</html>\n", "Foo,Bar\n1,2\n", "Hello\n" + ZOE])
async def test_a_file_in_which_nothing_names_a_contact_is_refused_at_once(owner: Client, content: str) -> None:
    answer = await send(owner, content, "contacts.vcf")
    assert (answer.status_code, answer.json()["code"]) == (422, "crm.unreadable_file")
    assert (await owner.get(IMPORTS)).json()["total"] == 0


async def test_the_same_file_again_changes_nothing(owner: Client, import_file: ImportFile, uow: UnitOfWork) -> None:
    """Rule 35: the hash of a file makes a repeat harmless."""
    first = await import_file(ZOE)
    again = await import_file(ZOE)

    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    assert again == first | {"is_repeat": True}
    assert (await total(owner), await uow.read_value("SELECT count(*) FROM crm_timeline")) == (1, 1)


UNKNOWN = "Wer;Nummer\nAnn;+49 30 901820\n;12\n=1+1;\n"


@pytest.fixture
def import_as(owner: Client, run_jobs: RunJobs) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Sends a file whose columns are read as they are chosen, has it read, and returns the import with its rows."""

    async def read(content: str, *fields: str, has_header: bool = True) -> dict[str, Any]:
        params = [("id", str(ids.new_id())), ("filename", "a.csv"), ("has_header", str(has_header).lower())]
        answer = await owner.post(IMPORTS, params=[*params, *(("field", one) for one in fields)], content=content)
        assert answer.status_code in {200, 202}, answer.text
        await run_jobs()
        shown: dict[str, Any] = (await owner.get(answer.headers["Location"])).json()
        rows = (await owner.get(f"{IMPORTS}/{shown['id']}/rows")).json()
        return shown | {"rows": rows["items"], "is_repeat": answer.json()["is_repeat"]}

    return read


async def test_a_table_of_unknown_columns_comes_in_as_they_were_chosen(owner: Client, import_as: ImportFile) -> None:
    """Rule 35: every row is accounted for, whatever the columns are called."""
    shown = await import_as(UNKNOWN, "name", "phone:mobile")

    assert counts(shown) == (3, 0, 0)
    assert (shown["mapping"], shown["has_header"]) == ("name,phone:mobile", True)
    listed = (await owner.get(CONTACTS)).json()["items"]
    assert [(item["name"], item["phone"]) for item in listed] == [
        ("=1+1", None), ("12", "12"), ("Ann", "+49 30 901820"),
    ]  # fmt: skip


async def test_the_same_file_read_in_another_way_is_another_import(owner: Client, import_as: ImportFile) -> None:
    """Rule 35: the same content with the same mapping is the same import, and changes nothing."""
    first = await import_as(UNKNOWN, "name", "phone:mobile")
    again = await import_as(UNKNOWN, "name", "phone:mobile")
    other = await import_as(UNKNOWN, "name", "-")

    assert (again["id"], again["is_repeat"], await total(owner)) == (first["id"], True, 4)
    assert (other["id"] != first["id"], other["is_repeat"], counts(other)) == (True, False, (1, 1, 1))


async def test_choosing_what_the_headings_say_is_no_choice(import_file: ImportFile, import_as: ImportFile) -> None:
    """Rule 35."""
    table = "Name,Mobile Phone\nAnn,12\n"
    first = await import_file(table)
    assert (await import_as(table, "name", "phone:mobile"))["id"] == first["id"]


async def test_a_first_row_that_is_an_entry_is_taken_as_well(import_as: ImportFile) -> None:
    """Rule 35."""
    shown = await import_as("Ann,12\nBob,13\n", "name", "phone", has_header=False)
    assert counts(shown) == (2, 0, 0)
    assert [row["line"] for row in shown["rows"]] == [1, 2]


# -- what was rejected -------------------------------------------------------------------------------------------------


async def rejected(client: Client, import_id: str) -> list[list[str]]:
    """Return the rows of the file of what was rejected, with its head."""
    answer = await client.get(f"{IMPORTS}/{import_id}/rejected.csv")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="rejected-{import_id}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


async def test_rejected_rows_come_as_they_were_with_the_reason_and_no_formula(
    owner: Client, import_file: ImportFile
) -> None:
    """Rule 35."""
    table = "Name;Notes;E-mail\n;=cmd|'/C calc'!A0;\nAnn;;\nBob;x;no address\nCid;a;b;c\n"
    shown = await import_file(table)

    assert await rejected(owner, shown["id"]) == [
        ["Reason", "Line", "Name", "Notes", "E-mail"],
        ["The row has no name, company, e-mail address or phone.", "2", "", "'=cmd|'/C calc'!A0", ""],
        [shown["rows"][2]["sentence"], "4", "Bob", "x", "no address"],
        [shown["rows"][3]["sentence"], "5", "Cid", "a", "b", "c"],
    ]
    assert shown["rows"][2]["cells"] == ["Bob", "x", "no address"]
    assert shown["rows"][1]["cells"] == []


@pytest.mark.parametrize("content", ["Name,E-mail\nBob,no address\n", WRONG + NOBODY])
async def test_what_was_rejected_comes_in_when_it_is_mended(
    owner: Client, import_file: ImportFile, content: str
) -> None:
    """Rule 35: a row, or a card as a row."""
    shown = await import_file(content)
    answer = await owner.get(f"{IMPORTS}/{shown['id']}/rejected.csv")

    mended = await import_file(answer.content.replace(b"no address", b"bob@example.com"))

    assert mended["entries_accepted"] == 1
    [contact] = (await owner.get(CONTACTS)).json()["items"]
    assert contact["email"] == "bob@example.com"


async def test_nothing_rejected_is_a_file_with_a_head_alone(owner: Client, import_file: ImportFile) -> None:
    shown = await import_file("Name\nAnn\n")
    assert await rejected(owner, shown["id"]) == [["Reason", "Line", "Name"]]


# -- failing for good --------------------------------------------------------------------------------------------------


async def gave_up(client: Client, open_work: WorkOpener, content: str = ZOE) -> dict[str, Any]:
    """Return an import whose tries are used up."""
    answer = await send(client, content)
    async with open_work(SYSTEM) as work:
        await work.write("DELETE FROM procrastinate_jobs")
        assert jobs.READ_FILE.on_failure is not None
        await jobs.READ_FILE.on_failure(work, ContactFileReceived(import_id=UUID(answer.json()["id"])))
    shown: dict[str, Any] = (await client.get(answer.headers["Location"])).json()
    return shown


@pytest.mark.parametrize("by", ["sending", "restart"])
async def test_an_import_that_was_tried_often_enough_fails_and_can_be_started_again(
    owner: Client, open_work: WorkOpener, run_jobs: RunJobs, by: str
) -> None:
    """Rule 35: it says why, it is listed so, and what is started again is the same import."""
    failed = await gave_up(owner, open_work)
    assert (failed["state"], failed["problem_code"], failed["problem"]) == ("failed", "fault", imports.FAULT)
    assert (await owner.get(IMPORTS)).json()["items"] == [failed]

    again = await send(owner, ZOE) if by == "sending" else await owner.post(f"{IMPORTS}/{failed['id']}/restart")
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (200, failed["id"], "waiting")
    await run_jobs()

    shown = (await owner.get(f"{IMPORTS}/{failed['id']}")).json()
    assert (shown["state"], shown["problem"], shown["entries_accepted"]) == ("done", None, 1)


async def test_an_import_that_was_read_neither_fails_nor_starts_again(
    owner: Client, import_file: ImportFile, open_work: WorkOpener, run_jobs: RunJobs
) -> None:
    done = await import_file(ZOE)
    await gave_up(owner, open_work)

    answer = await owner.post(f"{IMPORTS}/{done['id']}/restart")

    assert (answer.json()["state"], await run_jobs()) == ("done", 0)


async def test_a_file_that_was_read_is_not_read_again(
    owner: Client, import_file: ImportFile, open_work: WorkOpener, uow: UnitOfWork
) -> None:
    """Rule 35: a job that runs twice changes nothing the second time, and the file is not kept."""
    shown = await import_file(ZOE)
    async with open_work(SYSTEM) as again:
        await jobs.read_file(again, ContactFileReceived(import_id=UUID(shown["id"])))
    assert await total(owner) == 1
    assert await uow.read_value("SELECT content FROM crm_import") is None


async def test_a_file_whose_tries_are_used_up_is_started_again_by_sending_it(
    owner: Client, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    first = await send(owner, ZOE)
    async with open_work(SYSTEM) as work:
        await work.write("DELETE FROM procrastinate_jobs")

    again = await send(owner, ZOE)
    await run_jobs()

    assert (first.status_code, again.status_code, again.json()["id"]) == (202, 200, first.json()["id"])
    assert (await owner.get(first.headers["Location"])).json()["state"] == "done"


def test_files_are_read_one_after_the_other() -> None:
    assert jobs.READ_FILE.lock is not None
    assert len({jobs.READ_FILE.lock(ContactFileReceived(import_id=ids.new_id())) for _ in range(2)}) == 1


async def test_an_id_belongs_to_one_file(owner: Client) -> None:
    import_id = str(ids.new_id())
    await send(owner, ZOE, import_id=import_id)
    answer = await send(owner, WRONG, import_id=import_id)
    assert (answer.status_code, answer.json()["code"]) == (409, "crm.import_id_reused")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "The file is empty."),
        ("Name,Phone\n", "The file has no contacts."),
        (b"%PDF-1.7", "PDF"),
        ("Name\n" + "A\n" * (MOST_ENTRIES + 1), "5,000"),
        (NOBODY * (MOST_ENTRIES + 1), "5,000"),
    ],
)
async def test_a_file_that_cannot_be_read_is_refused(
    owner: Client, uow: UnitOfWork, content: str | bytes, sentence: str
) -> None:
    answer = await send(owner, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "crm.unreadable_file")
    assert sentence in answer.json()["detail"]
    assert await uow.read_value("SELECT count(*) FROM crm_import") == 0


async def test_a_file_that_is_too_large_is_refused(owner: Client) -> None:
    answer = await send(owner, b"x" * (LARGEST_FILE + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("params", [{"id": "x", "filename": "a"}, {"filename": "a"}, {"filename": ""}])
async def test_a_file_without_id_or_name_is_refused(owner: Client, params: dict[str, str]) -> None:
    answer = await owner.post(IMPORTS, params=params, content=ZOE.encode())
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")


async def test_imports_and_rows_are_listed_in_pages(owner: Client, import_file: ImportFile) -> None:
    made = [await import_file("Name,Notes\n" + f"A{number},\n,x\n" * 2) for number in range(3)]

    first = (await owner.get(IMPORTS, params={"limit": 2})).json()
    second = (await owner.get(IMPORTS, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    assert [item["id"] for item in (*first["items"], *second["items"])] == [one["id"] for one in reversed(made)]
    assert (first["total"], second["next_cursor"]) == (3, None)

    rows = f"{IMPORTS}/{made[0]['id']}/rows"
    page = (await owner.get(rows, params={"limit": 3})).json()
    rest = (await owner.get(rows, params={"limit": 3, "cursor": page["next_cursor"]})).json()
    assert [row["number"] for row in (*page["items"], *rest["items"])] == [1, 2, 3, 4]
    for outcome, numbers in (("accepted", [1]), ("known", [3]), ("rejected", [2, 4])):
        found = (await owner.get(rows, params={"outcome": outcome})).json()
        assert ([row["number"] for row in found["items"]], found["total"]) == (numbers, len(numbers))
    for params in ({"outcome": "warned"}, {"cursor": "x"}, {"limit": "0"}):
        assert (await owner.get(rows, params=params)).status_code == 422


@pytest.mark.parametrize("part", ["", "/rows", "/rejected.csv"])
async def test_an_unknown_import_is_not_found(owner: Client, part: str) -> None:
    answer = await owner.get(f"{IMPORTS}/{ids.new_id()}{part}")
    assert (answer.status_code, answer.json()["code"]) == (404, "crm.unknown_import")
    answer = await owner.post(f"{IMPORTS}/{ids.new_id()}/restart")
    assert (answer.status_code, answer.json()["code"]) == (404, "crm.unknown_import")


async def test_only_who_may_change_contacts_imports_them(cashier: Client, api: Client) -> None:
    assert (await send(cashier, ZOE)).status_code == 202
    one = f"{IMPORTS}/{ids.new_id()}"
    for path in (IMPORTS, one, f"{one}/rows", f"{one}/rejected.csv"):
        assert (await api.get(path)).status_code == 401
    assert (await api.post(f"{one}/restart")).status_code in {401, 403}
    assert (await send(api, ZOE)).status_code in {401, 403}
