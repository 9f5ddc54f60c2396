"""What comes of each entry of a file: a contact, who is known already, or a reason; and nothing comes twice."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from contact_files import CONTACTS, IMPORTS, NOBODY, WRONG, ZOE, counts, total

from mainstay import ids
from mainstay.testing.client import Client
from tradepost.tagging import service as tags

RunJobs = Callable[[], Awaitable[int]]
ImportFile = Callable[..., Awaitable[dict[str, Any]]]


async def test_phones_without_a_country_code_are_of_the_country_that_was_said(owner: Client, run_jobs: RunJobs) -> None:
    """Rule 30: the default country of an import is explicit."""
    content = "Name,Phone\nAnn,030 901820\n"
    said = {"id": str(ids.new_id()), "filename": "a.csv", "country": "DE"}
    answer = await owner.post(IMPORTS, params=said, content=content, headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.json()["country"]) == (202, "DE")
    await run_jobs()

    (item,) = (await owner.get(CONTACTS)).json()["items"]
    assert (item["phone"], item["phone_e164"]) == ("030 901820", "+4930901820")


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
    assert wrong["sentence"].startswith("E-mail 1: ")
    assert await total(owner) == 1


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
