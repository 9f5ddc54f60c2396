"""Contacts as files: what the list shows, in its order, harmless, and never the whole list in memory."""

import csv
import io
import tracemalloc
from typing import Any

import pytest
from counting import Statements, own
from shopfloor import created

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm.exchange.entry import Read
from tradepost.crm.exchange.record import ContactRecord
from tradepost.crm.exchange.sheet.writer import SheetForm, Style, sheet_head
from tradepost.crm.exchange.vcard.reader import read_vcards
from tradepost.crm.repository.search import Wanted
from tradepost.crm.service import export, records

CONTACTS = "/api/v1/crm/contacts"
CARDS = f"{CONTACTS}.vcf"
SHEET = f"{CONTACTS}.csv"
MANY = 4_000
FEW = 1_000
_ADD_MANY = """
WITH added AS (
    INSERT INTO crm_contact (id, kind, name, notes, source, name_key, search, alike)
    SELECT gen_random_uuid(), 'person', 'Person ' || place, repeat('A note. ', 20), 'csv',
        'person ' || lpad(place::text, 9, '0'), ' person ', ' person '
    FROM generate_series(1, $1::integer) AS place RETURNING id
)
INSERT INTO crm_phone (contact_id, position, kind, written, e164)
SELECT id, 0, 'mobile', '079', '+41791234567' FROM added
"""


async def file_of(client: Client, path: str, **params: str) -> bytes:
    """Return an exported file."""
    answer = await client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.content


def records_in(content: bytes) -> list[ContactRecord]:
    """Return the contacts of vCards, all of which can be read."""
    found = [one for one in read_vcards([content]) if isinstance(one, Read)]
    assert len(found) == content.count(b"BEGIN:VCARD")
    return [one.record for one in found]


def rows_in(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a table by their columns."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def names_in(content: bytes) -> list[str]:
    """Return the names in a table."""
    return [(row["Name"] or row["Organization Name"]).removeprefix("'") for row in rows_in(content)]


@pytest.fixture
async def people(owner: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """An owner with contacts on several pages."""
    monkeypatch.setattr(records, "EXPORT_PAGE", 2)
    bodies: list[dict[str, Any]] = [
        {"name": "Zoë Müller", "tags": ["VIP"], "groups": ["Fair"], "emails": [{"address": "zoe@example.com"}]},
        {"name": "田中 さくら", "phones": [{"written": "+81 3-1234-5678", "kind": "mobile"}], "language": "ja"},
        {"name": "=cmd|'/C calc'!A0", "notes": "+1\n-2", "company_name": "@Sum & Co"},
        {"name": "Quay", "kind": "company", "websites": [{"url": "quay.example"}]},
        {"name": "Борис", "addresses": [{"text": "Невский 1\nСанкт-Петербург", "kind": "home"}]},
    ]
    for body in bodies:
        await created(owner, CONTACTS, body | {"id": str(ids.new_id())})
    return owner


@pytest.mark.parametrize("params", [{}, {"sort": "-name"}, {"q": "quay"}, {"kind": "person"}, {"missing": "phone"}])
@pytest.mark.parametrize("version", ["4.0", "3.0"])
async def test_cards_hold_what_the_list_shows_in_its_order(
    people: Client, params: dict[str, str], version: str
) -> None:
    """Rules 32 and 33."""
    shown = (await people.get(CONTACTS, params=params)).json()["items"]

    content = await file_of(people, CARDS, version=version, **params)

    assert [one.name for one in records_in(content)] == [item["name"] for item in shown]
    assert content.count(f"VERSION:{version}\r\n".encode()) == len(shown) > 0


async def test_a_card_has_all_that_is_known_and_an_id_for_the_way_back(people: Client) -> None:
    """Rule 32: what other programs call labels is one sort of words; groups come as tags."""
    [shown] = (await people.get(CONTACTS, params={"q": "Zoë"})).json()["items"]

    [record] = records_in(await file_of(people, CARDS, q="Zoë"))

    assert record.uid == f"urn:uuid:{shown['id']}"
    assert set(record.tags) == {"VIP", "Fair"}
    assert [email.address for email in record.emails] == ["zoe@example.com"]


async def test_files_say_what_they_are(people: Client) -> None:
    for path, kind in ((CARDS, "text/vcard"), (SHEET, "text/csv")):
        answer = await people.get(path)
        assert answer.headers["Content-Type"] == f"{kind}; charset=utf-8"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="contacts{path[-4:]}"'


@pytest.mark.parametrize("style", ["plain", "google"])
async def test_a_table_holds_what_the_list_shows_and_no_formula(people: Client, style: Style) -> None:
    shown = (await people.get(CONTACTS)).json()["items"]

    content = await file_of(people, SHEET, style=style)

    rows = rows_in(content)
    assert content.decode("utf-8-sig").splitlines()[0].split(",") == sheet_head(SheetForm(style))
    assert len(rows) == len(shown) == 5
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert {row["Phone 1 - Value"] for row in rows} == {"", "'+81 3-1234-5678"}
    names = [row["Name"] or row["Organization Name"] for row in rows] if style == "plain" else None
    assert names is None or names == [
        f"'{item['name']}" if item["name"].startswith("=") else item["name"] for item in shown
    ]


@pytest.mark.parametrize("path", [CARDS, SHEET])
async def test_a_file_of_picked_contacts_holds_them_alone_in_the_order_of_the_list(people: Client, path: str) -> None:
    """Those that were put away after they were picked are among them; the filters of the list count no more."""
    listed = (await people.get(CONTACTS, params={"sort": "-name"})).json()["items"]
    picked = [listed[place] for place in (3, 0, 2)]
    await people.post(f"{CONTACTS}/{picked[0]['id']}/archive")
    query = [("id", item["id"]) for item in (*picked, picked[0])] + [("id", str(ids.new_id())), ("sort", "-name")]

    content = (await people.get(path, params=[*query, ("q", "nobody")])).content

    found = [one.name for one in records_in(content)] if path == CARDS else names_in(content)
    assert found == [item["name"] for item in listed if item in picked]


async def test_more_contacts_than_a_file_takes_are_refused(people: Client) -> None:
    for count, status in ((200, 200), (201, 422)):
        answer = await people.get(CARDS, params=[("id", str(ids.new_id())) for _ in range(count)])
        assert (answer.status_code, answer.content == b"") == (status, status == 200)
    assert (await people.get(SHEET, params={"id": "x"})).status_code == 422


async def test_an_empty_list_is_an_empty_file(owner: Client) -> None:
    assert await file_of(owner, CARDS) == b""
    assert rows_in(await file_of(owner, SHEET)) == []


@pytest.mark.parametrize(
    ("path", "params"),
    [(CARDS, {"version": "2.1"}), (SHEET, {"style": "excel"}), (CARDS, {"sort": "age"}), (SHEET, {"q": "x" * 201})],
)
async def test_a_file_that_cannot_be_is_refused(owner: Client, path: str, params: dict[str, str]) -> None:
    answer = await owner.get(path, params=params)
    code = "unknown_sort" if "sort" in params else "invalid_input"
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("path", [CARDS, SHEET])
async def test_a_cashier_takes_no_address_book_home(cashier: Client, api: Client, path: str) -> None:
    assert (await cashier.get(CONTACTS)).status_code == 200
    assert (await cashier.get(path)).status_code == 403
    assert (await api.get(path)).status_code in {401, 403}


async def peak_of(open_work: WorkOpener, kind: str) -> tuple[int, int]:
    """Return the number of contacts in a file, and the most bytes that were held for it."""
    tracemalloc.start()
    number = 0
    if kind == "vcf":
        async for piece in export.export_cards(lambda: open_work(SYSTEM), Wanted(), "4.0"):
            number += piece.count(b"BEGIN:VCARD")
    else:
        async for rows in export.export_sheet(lambda: open_work(SYSTEM), Wanted(), SheetForm()):
            number += len(rows)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return number, peak


@pytest.mark.parametrize("kind", ["vcf", "csv"])
async def test_memory_is_flat_however_long_the_list(uow: UnitOfWork, open_work: WorkOpener, kind: str) -> None:
    await uow.write(_ADD_MANY, FEW)
    few, peak_of_few = await peak_of(open_work, kind)
    await uow.write(_ADD_MANY, MANY - FEW)

    many, peak_of_many = await peak_of(open_work, kind)

    assert (few, many) == (FEW, MANY)
    # One page is held at a time; a file that was held whole would need four times as much.
    assert peak_of_many < 2 * peak_of_few


async def test_the_first_piece_is_there_after_one_page_was_read(
    uow: UnitOfWork, open_work: WorkOpener, statements: Statements
) -> None:
    await uow.write(_ADD_MANY, 4 * records.EXPORT_PAGE)
    async with statements() as for_the_first:
        first = await anext(export.export_cards(lambda: open_work(SYSTEM), Wanted(), "4.0"))

    async with statements() as for_all:
        pieces = [piece async for piece in export.export_cards(lambda: open_work(SYSTEM), Wanted(), "4.0")]

    assert (len(pieces), pieces[0]) == (4, first)
    # That contacts leave the program is written once, with the first page: a save point, the entry, its end.
    written = [sql for sql in own(for_the_first) if "audit_append" in sql or "SAVEPOINT" in sql]
    of_a_page = len(own(for_the_first)) - len(written)
    assert len(written) == 3
    assert len(own(for_all)) == 4 * of_a_page + len(written)
