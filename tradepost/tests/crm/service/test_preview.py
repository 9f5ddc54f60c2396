"""Looking at a file before it is sent: what is shown is what comes of it, and nothing is stored."""

import tracemalloc
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.crm.service.imports import LARGEST_FILE

CONTACTS = "/api/v1/crm/contacts"
IMPORTS = "/api/v1/crm/imports"
PREVIEW = f"{IMPORTS}/preview"
CARDS = (
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë Müller\r\nTEL:01 23 45 67 89\r\nORG:Quay\r\nCATEGORIES:VIP\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Wrong\r\nEMAIL:no address\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Zoë Müller\r\nTEL:01 23 45 67 89\r\nORG:Quay\r\nCATEGORIES:vip\r\nEND:VCARD\r\n"
)
UNKNOWN = "Wer;Nummer;Und;Wann\nAnn;030 901820;x;1\n;;;2\nBob;040 901820;y;3\n"


async def look(client: Client, content: str | bytes, params: Sequence[tuple[str, str]] = ()) -> Any:  # noqa: ANN401  an answer
    """Look at a file."""
    body = content.encode() if isinstance(content, str) else content
    return await client.post(
        PREVIEW, params=list(params), content=body, headers={"Content-Type": "application/octet-stream"}
    )


def counts(seen: dict[str, Any]) -> tuple[int, int, int]:
    """Return how many entries would be accepted, known and rejected; they are all that were read."""
    accepted, known, rejected = (seen[f"entries_{outcome}"] for outcome in ("accepted", "known", "rejected"))
    assert accepted + known + rejected == seen["entries_read"]
    return accepted, known, rejected


async def rows(uow: UnitOfWork) -> int:
    """Return how much is stored."""
    tables = ("crm_import", "crm_import_row", "crm_contact", "tagging_tag", "mainstay_event")
    return int(await uow.read_value(f"SELECT {' + '.join(f'(SELECT count(*) FROM {table})' for table in tables)}"))


@pytest.mark.usefixtures("in_france")
async def test_cards_are_shown_as_they_would_be_taken_and_nothing_is_stored(owner: Client, uow: UnitOfWork) -> None:
    """Rules 30 and 35."""
    before = await rows(uow)

    answer = await look(owner, CARDS)

    seen = answer.json()
    assert (answer.status_code, seen["format"], seen["columns"], seen["problem"]) == (200, "vcard", [], None)
    assert counts(seen) == (1, 1, 1)
    zoe, wrong, again = seen["entries"]
    assert [zoe["contact"][key] for key in ("name", "company", "tags")] == ["Zoë Müller", "Quay", ["VIP"]]
    assert zoe["contact"]["phones"] == [{"written": "01 23 45 67 89", "e164": "+33123456789", "kind": "other"}]
    assert (wrong["outcome"], wrong["code"], wrong["contact"]) == ("rejected", "invalid_email", None)
    assert [cell for cell in wrong["cells"] if cell] == ["Wrong", "Other", "no address"]
    assert (again["outcome"], again["line"]) == ("known", 13)
    assert [(one["code"], one["count"]) for one in seen["reasons"]] == [("invalid_email", 1)]
    assert (seen["country"], seen["repeat_of"]) == ("FR", None)
    assert await rows(uow) == before


async def test_a_table_with_unknown_columns_is_told_what_they_hold(owner: Client) -> None:
    first = (await look(owner, UNKNOWN)).json()
    assert [(one["heading"], one["samples"], one["field"], one["guess"]) for one in first["columns"][:2]] == [
        ("Wer", ["Ann", "Bob"], "-", "-"),
        ("Nummer", ["030 901820", "040 901820"], "-", "-"),
    ]
    assert (counts(first), first["entries"]) == ((0, 0, 0), [])
    assert "choose what its columns hold" in first["problem"]

    fields = [("field", field) for field in ("name", "phone:mobile", "-", "-")]
    told = (await look(owner, UNKNOWN, [*fields, ("country", "DE")])).json()

    assert (counts(told), told["problem"]) == ((2, 0, 1), None)
    assert [one["field"] for one in told["columns"]] == ["name", "phone:mobile", "-", "-"]
    assert told["entries"][0]["contact"]["phones"] == [
        {"written": "030 901820", "e164": "+4930901820", "kind": "mobile"}
    ]


async def test_no_more_than_ten_entries_are_shown_and_all_are_counted(owner: Client) -> None:
    seen = (
        await look(owner, "Name,Notes\n" + "".join(f"Person {place},\n" for place in range(30)) + ",x\n" * 3)
    ).json()
    assert (len(seen["entries"]), counts(seen)) == (10, (30, 0, 3))
    assert [(one["code"], one["count"]) for one in seen["reasons"]] == [("no_name", 3)]


async def test_a_file_that_was_here_before_is_recognised_by_the_way_it_is_read(owner: Client) -> None:
    """Rule 35: the same content and the same mapping are the same import."""
    import_id = str(ids.new_id())
    fields = [("field", field) for field in ("name", "phone", "-", "-")]
    await owner.post(IMPORTS, params=[("id", import_id), ("filename", "a.csv"), *fields], content=UNKNOWN.encode())

    same = (await look(owner, UNKNOWN, fields)).json()
    other = (await look(owner, UNKNOWN, [("field", field) for field in ("name", "-", "-", "-")])).json()

    assert (same["repeat_of"]["id"], other["repeat_of"]) == (import_id, None)


@pytest.mark.parametrize(
    ("content", "params", "status", "code"),
    [
        ("", [], 422, "crm.unreadable_file"),
        (b"%PDF-1.7", [], 422, "crm.unreadable_file"),
        ("<!doctype html><title>Name</title>", [], 422, "crm.unreadable_file"),
        (UNKNOWN, [("field", "name")], 422, "crm.unreadable_file"),
        (UNKNOWN, [("field", "shoe")], 422, "crm.unknown_field"),
        (UNKNOWN, [("field", "Name!")], 422, "invalid_input"),
        (UNKNOWN, [("field", "-")] * 501, 422, "invalid_input"),
        (UNKNOWN, [("country", "Germany")], 422, "invalid_input"),
        (b"x" * (LARGEST_FILE + 1), [], 413, "body_too_large"),
    ],
)
async def test_what_cannot_be_looked_at_is_refused(
    owner: Client, content: str | bytes, params: list[tuple[str, str]], status: int, code: str
) -> None:
    answer = await look(owner, content, params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


NAMELESS = "BEGIN:VCARD\r\nVERSION:4.0\r\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"PK\x03\x04" + bytes(1000), "workbook"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "page of the web"),
        (bytes(1_000_000), "not a table"),
        (b"a" * 4_000_000, "characters"),
        (b"a," * 2_000_000, "columns"),
        (b"Name\n" + b'"' + b"x\n" * 1_500_000, "Row 2 does not end"),
        ("Name\n" + "A\n" * 5001, "5,000"),
        (NAMELESS + "NOTE:" + "x" * 4_500_000 + "\r\nEND:VCARD\r\n", "too long"),
        (NAMELESS * 4000 + "END:VCARD\r\n", "no line END:VCARD"),
        (NAMELESS * 6000, "5,000"),
        (NAMELESS + "X:y\r\n" * 4_000 + "END:VCARD\r\n", "more than 2,000 properties"),
        (NAMELESS + "FN:A\r\nPHOTO;ENCODING=b:" + "A" * 4_500_000 + "\r\nEND:VCARD\r\n", "PHOTO is too large"),
        ("Name\nAnn" + "," * 900_000 + "x\n", "cells and the header"),
    ],
    ids=range(13),
)
async def test_hostile_files_get_a_clear_answer_and_leave_nothing(
    owner: Client, uow: UnitOfWork, content: str | bytes, sentence: str
) -> None:
    """Of a file that can be read its entries tell; of others the answer itself, or the problem beside the columns."""
    before = await rows(uow)
    answer = await look(owner, content)
    seen = answer.json()
    told = (
        seen["detail"] if answer.status_code == 422 else f"{seen['problem']} {[e['sentence'] for e in seen['entries']]}"
    )
    assert sentence in told
    assert len(answer.content) < 100_000
    assert await rows(uow) == before


@pytest.mark.parametrize("path", [PREVIEW, IMPORTS])
@pytest.mark.parametrize("is_announced", [True, False])
async def test_a_hundred_megabytes_are_refused_with_flat_memory(
    owner: Client, uow: UnitOfWork, path: str, is_announced: bool
) -> None:
    """Only as much is read as a file may have, whether its size was announced or not."""
    piece = b"BEGIN:VCARD\r\n" * 10_000

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(800):
            yield piece

    headers = {"Content-Type": "text/vcard"} | ({"Content-Length": str(800 * len(piece))} if is_announced else {})
    before = await rows(uow)
    tracemalloc.start()
    params = {"id": str(ids.new_id()), "filename": "a.vcf"}
    answer = await owner.post(path, params=params, content=pieces(), headers=headers)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
    assert peak < 4 * LARGEST_FILE
    assert await rows(uow) == before


async def test_signs_that_turn_the_direction_and_formulas_are_text(owner: Client) -> None:
    name = "\u202e=cmd|'/C calc'!A0\u200f"
    seen = (await look(owner, f"Name\n{name}\n")).json()
    assert seen["entries"][0]["contact"]["name"] == name


async def test_only_who_may_import_looks_at_files(cashier: Client, api: Client) -> None:
    assert (await look(cashier, CARDS)).status_code == 200
    assert (await look(api, CARDS)).status_code in {401, 403}
