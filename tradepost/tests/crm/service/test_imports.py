"""Files of contacts: who may send them, what comes of each entry, and that nothing comes twice."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm import jobs
from tradepost.crm.events import ContactFileReceived
from tradepost.crm.service.imports import LARGEST_FILE, MOST_ENTRIES
from tradepost.tagging import service as tags

RunJobs = Callable[[], Awaitable[int]]

CONTACTS = "/api/v1/crm/contacts"
IMPORTS = "/api/v1/crm/imports"
ZOE = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:zoe-1\r\nFN:Zoë Müller\r\nTEL:+41 79 123 45 67\r\nX-SHOE:42\r\nEND:VCARD\r\n"
NOBODY = "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"
WRONG = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Wrong\r\nEMAIL:no address\r\nEND:VCARD\r\n"


async def send(client: Client, content: str | bytes, filename: str = "a.vcf", import_id: str | None = None) -> Any:  # noqa: ANN401  an answer
    """Send a file."""
    return await client.post(
        IMPORTS,
        params={"id": import_id or str(ids.new_id()), "filename": filename},
        content=content.encode() if isinstance(content, str) else content,
        headers={"Content-Type": "application/octet-stream"},
    )


@pytest.fixture
def import_file(owner: Client, run_jobs: RunJobs) -> Callable[..., Awaitable[dict[str, Any]]]:
    """Sends a file, has it read, and returns the import with its rows."""

    async def read(content: str | bytes) -> dict[str, Any]:
        answer = await send(owner, content)
        assert answer.status_code in {200, 202}, answer.text
        await run_jobs()
        shown: dict[str, Any] = (await owner.get(answer.headers["Location"])).json()
        rows = (await owner.get(f"{IMPORTS}/{shown['id']}/rows", params={"limit": 200})).json()
        assert rows["total"] == shown["entries_read"]
        return shown | {"rows": rows["items"], "is_repeat": answer.json()["is_repeat"]}

    return read


ImportFile = Callable[..., Awaitable[dict[str, Any]]]


def counts(shown: dict[str, Any]) -> tuple[int, int, int]:
    """Return how many entries were accepted, known and rejected; they are all that were read."""
    accepted, known, rejected = (shown[f"entries_{outcome}"] for outcome in ("accepted", "known", "rejected"))
    assert shown["state"] == "done"
    assert accepted + known + rejected == shown["entries_read"] == len(shown["rows"])
    return accepted, known, rejected


async def total(client: Client) -> int:
    """Return how many contacts there are."""
    return int((await client.get(CONTACTS)).json()["total"])


async def test_phones_without_a_country_code_are_of_the_country_that_was_said(owner: Client, run_jobs: RunJobs) -> None:
    """Rule 30: the default country of an import is explicit."""
    content = "Name,Phone\nAnn,030 901820\n"
    said = {"id": str(ids.new_id()), "filename": "a.csv", "country": "DE"}
    answer = await owner.post(IMPORTS, params=said, content=content, headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["country"]) == (202, "DE")
    await run_jobs()

    (item,) = (await owner.get(CONTACTS)).json()["items"]
    assert (item["phone"], item["phone_e164"]) == ("030 901820", "+4930901820")


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


async def test_contacts_come_in_without_their_tags_where_there_would_be_too_many(
    owner: Client, import_file: ImportFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rule 35: a file with a label for everybody neither fails for ever nor loses a contact."""
    monkeypatch.setattr(tags, "MOST_TAGS", 2)
    labelled = "".join(
        f"BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Ann {label}\r\nCATEGORIES:{label}\r\nEND:VCARD\r\n" for label in "ABC"
    )

    shown = await import_file(labelled + ZOE)

    assert counts(shown) == (4, 0, 0)
    assert [row["code"] for row in shown["rows"]] == ["tags_left_out"] * 3 + [None]
    assert (await owner.get(f"{CONTACTS}/{shown['rows'][0]['contact_id']}")).json()["tags"] == []


async def test_every_entry_is_told(owner: Client, import_file: ImportFile) -> None:
    """Rules 32 and 35: accepted, known and rejected are all that was read; one within the file twice is known."""
    shown = await import_file(ZOE + NOBODY + WRONG + ZOE)

    assert (shown["format"], shown["filename"]) == ("vcard", "a.vcf")
    assert counts(shown) == (1, 1, 2)
    zoe, nobody, wrong, again = shown["rows"]
    made = (await owner.get(f"{CONTACTS}/{zoe['contact_id']}")).json()
    assert (made["name"], made["source"], made["phones"][0]["e164"]) == ("Zoë Müller", "vcard", "+41791234567")
    assert (again["outcome"], again["contact_id"]) == ("known", zoe["contact_id"])
    assert [row["line"] for row in shown["rows"]] == [1, 8, 11, 16]
    assert [row["outcome"] for row in (nobody, wrong)] == ["rejected", "rejected"]
    assert (wrong["code"], wrong["contact_id"]) == ("invalid_email", None)
    assert wrong["sentence"].startswith("emails.0.address: ")
    assert await total(owner) == 1


async def test_the_same_file_again_changes_nothing(owner: Client, import_file: ImportFile, uow: UnitOfWork) -> None:
    """Rule 35: the hash of a file makes a repeat harmless."""
    first = await import_file(ZOE)
    again = await import_file(ZOE)

    assert (first["is_repeat"], again["is_repeat"]) == (False, True)
    assert again == first | {"is_repeat": True}
    assert (await total(owner), await uow.read_value("SELECT count(*) FROM crm_timeline")) == (1, 1)


async def test_a_contact_is_known_by_its_uid_or_by_equal_content(owner: Client, import_file: ImportFile) -> None:
    """Rules 32 and 35: what differs is new; what nobody here knows is not lost for a contact that has less."""
    await import_file(ZOE)
    assert counts(await import_file(ZOE.replace("Müller", "Meier"))) == (0, 1, 0)
    assert counts(await import_file(ZOE.replace("zoe-1", "zoe-2"))) == (0, 1, 0)
    assert counts(await import_file("Name,Mobile Phone\nZoë Müller,+41 79 123 45 68\n")) == (1, 0, 0)
    assert counts(await import_file(ZOE.replace("zoe-1", "zoe-3").replace("X-SHOE:42", "X-SHOE:43"))) == (1, 0, 0)
    assert await total(owner) == 3


async def test_equal_rows_of_a_sheet_are_one_contact(owner: Client, import_file: ImportFile) -> None:
    """Rule 35; the script of a name is kept (rule 33), and its tags are the same in any spelling."""
    shown = await import_file("Name;Labels;Notes\n田中 さくら;VIP;\n田中 さくら;vip;\n田中 さくら;VIP;other\n;;lost\n")

    assert counts(shown) == (2, 1, 1)
    assert [row["line"] for row in shown["rows"]] == [2, 3, 4, 5]
    assert (shown["rows"][3]["code"], shown["format"]) == ("no_name", "csv")
    assert {item["name"] for item in (await owner.get(CONTACTS)).json()["items"]} == {"田中 さくら"}
    assert counts(await import_file("Name,Labels\n田中 さくら,Vip\n")) == (0, 1, 0)


@pytest.mark.parametrize("path", ["vcf?version=4.0", "vcf?version=3.0", "csv?style=plain", "csv?style=google"])
async def test_what_was_exported_comes_back_as_nothing_new(owner: Client, import_file: ImportFile, path: str) -> None:
    """Rules 32, 33 and 35: also without the UIDs, and of contacts that were put away."""
    body = {
        "name": "Dr. Zoë Müller", "given": "Zoë", "family": "Müller", "prefix": "Dr.", "company_name": "=Quay, & Sons",
        "notes": "a\nb", "phones": [{"written": "+41 79 123 45 67", "kind": "mobile"}, {"written": "12"}],
        "emails": [{"address": "Zoe@MÜLLER.example", "kind": "home"}], "websites": [{"url": "quay.example"}],
        "addresses": [{"text": "12 Harbour Street\n29200 Brest", "kind": "home"}], "tags": ["VIP"], "groups": ["Fair"],
    }  # fmt: skip
    for one in (body, {"name": "Quay; Co", "kind": "company"}, {"name": "Ng"}):
        assert (await owner.post(CONTACTS, json=one | {"id": str(ids.new_id())})).status_code == 201
    content = (await owner.get(f"{CONTACTS}.{path}")).content
    nameless = b"\r\n".join(line for line in content.split(b"\r\n") if not line.startswith(b"UID:"))

    assert counts(await import_file(content)) == (0, 3, 0)
    if content != nameless:
        assert counts(await import_file(nameless)) == (0, 3, 0)
    assert await total(owner) == 3


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


@pytest.mark.parametrize("part", ["", "/rows"])
async def test_an_unknown_import_is_not_found(owner: Client, part: str) -> None:
    answer = await owner.get(f"{IMPORTS}/{ids.new_id()}{part}")
    assert (answer.status_code, answer.json()["code"]) == (404, "crm.unknown_import")


async def test_only_who_may_change_contacts_imports_them(cashier: Client, api: Client) -> None:
    assert (await send(cashier, ZOE)).status_code == 202
    for path in (IMPORTS, f"{IMPORTS}/{ids.new_id()}", f"{IMPORTS}/{ids.new_id()}/rows"):
        assert (await api.get(path)).status_code == 401
    assert (await send(api, ZOE)).status_code in {401, 403}
