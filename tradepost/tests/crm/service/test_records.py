"""Contacts in and out in the neutral form of files."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from counting import Statements, own

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.crm.errors import InvalidContact
from tradepost.crm.exchange.record import ContactRecord, Email, ForeignProperty, Phone, PostalAddress, Website
from tradepost.crm.repository.search import Wanted
from tradepost.crm.service import records

CONTACTS = "/api/v1/crm/contacts"
WHOLE = ContactRecord(
    name="Dr. Zoë Anna Müller jr.",
    given="Zoë",
    family="Müller",
    middle="Anna",
    prefix="Dr.",
    suffix="jr.",
    company="Quay & Sons",
    title="Buyer",
    department="Wine",
    language="de",
    notes="Met at the fair.\nLikes tea.",
    uid="urn:other:42",
    phones=(Phone("+33 1 23 45 67 89", "+33123456789", "mobile"), Phone("Extension 12", None, "other")),
    emails=(Email("Zoe@Example.com", "home"),),
    websites=(Website("example.com"),),
    addresses=(PostalAddress("1 Quay\nBrest", "1 Quay", "29200", "Brest", "", "France", "home"),),
    tags=("Fair", "VIP"),
    foreign=(ForeignProperty("X-ANNIVERSARY:2020-02-02"),),
)


async def test_what_comes_in_goes_out_the_same(uow: UnitOfWork) -> None:
    """Rules 32 and 33: unknown properties too, and nothing is guessed from the name."""
    company, plain = ContactRecord("Quay", kind="company", uid="q"), ContactRecord("Борис", uid="b")

    created = await records.import_records(uow, [WHOLE, company, plain], "vcard")

    assert await records.records_of(uow, created) == [WHOLE, company, plain]
    assert await records.records_of(uow, [created[2], ids.new_id(), created[0]]) == [plain, WHOLE]


async def test_what_was_imported_is_a_contact_like_others(owner: Client, uow: UnitOfWork) -> None:
    (contact_id,) = await records.import_records(uow, [WHOLE], "csv")
    await uow.commit()

    shown = (await owner.get(f"{CONTACTS}/{contact_id}")).json()

    assert (shown["source"], shown["company_name"], [tag["name"] for tag in shown["tags"]]) == (
        "csv", "Quay & Sons", ["Fair", "VIP"],
    )  # fmt: skip
    assert (await owner.get(CONTACTS, params={"q": "0123456789"})).json()["total"] == 1
    (entry,) = (await owner.get(f"{CONTACTS}/{contact_id}/timeline")).json()["items"]
    assert (entry["what"], entry["details"], entry["actor_name"]) == ("imported", {"source": "csv"}, "system")


async def test_the_country_of_an_import_is_said(uow: UnitOfWork) -> None:
    """Rule 30: a number that is said to be E.164 is taken, and looked at too."""
    phones = (Phone("030 1234567"), Phone("01 23 45 67 89", "+33123456789"), Phone("0171 2345678", "+49"))

    german, unknown = [
        (
            await records.records_of(
                uow, await records.import_records(uow, [ContactRecord("Z", phones=phones)], "csv", region)
            )
        )[0]
        for region in ("DE", None)
    ]

    assert [phone.e164 for phone in german.phones] == ["+49301234567", "+33123456789", "+491712345678"]
    assert [phone.e164 for phone in unknown.phones] == [None, "+33123456789", None]


async def test_a_number_keeps_its_country_when_something_else_is_changed(owner: Client, uow: UnitOfWork) -> None:
    """Rule 30."""
    record = ContactRecord("Z", phones=(Phone("030 1234567"), Phone("030 7654321")))
    (contact_id,) = await records.import_records(uow, [record], "csv", "DE")
    await uow.commit()
    body = {"version": 1, "phones": [{"written": "030 1234567", "kind": "home"}]}

    changed = (await owner.patch(f"{CONTACTS}/{contact_id}", json=body)).json()

    assert changed["phones"] == [{"written": "030 1234567", "e164": "+49301234567", "kind": "home"}]
    assert (await owner.get(CONTACTS, params={"q": "+49 30 1234567"})).json()["total"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"company": "x" * 301}, "company"),
        ({"language": "German!"}, "language"),
        ({"emails": (Email("no"),)}, "emails.0.address"),
        ({"phones": (Phone(""),)}, "phones.0.written"),
        ({"tags": ("x" * 101,)}, "tags.0"),
        ({"uid": "x" * 501}, "uid"),
        ({"foreign": (ForeignProperty("x"),) * 201}, "foreign"),
        ({"foreign": (ForeignProperty("x" * 300_000),) * 2}, "foreign"),
        ({"foreign": (ForeignProperty("a\x00b"),)}, "foreign.0"),
        ({"kind": "company"}, "company"),
    ],
)
async def test_a_record_that_cannot_be_taken_is_told_before_and_creates_nothing(
    uow: UnitOfWork, change: dict[str, Any], field: str
) -> None:
    """Rule 35."""
    wrong = replace(WHOLE, **change)

    assert [problem.field for problem in records.problems(wrong)] == [field]

    with pytest.raises(InvalidContact):
        await records.import_records(uow, [WHOLE, wrong], "vcard")
    assert await uow.read_value("SELECT count(*) FROM crm_contact") == 0


def test_a_whole_record_has_no_problems() -> None:
    assert records.problems(WHOLE) == []


async def test_thousands_come_in_few_statements_and_one_event_for_each_thousand(
    uow: UnitOfWork, statements: Statements
) -> None:
    """Rule 35: none is lost, and their order is kept."""
    people = [replace(WHOLE, name=f"Person {number}", uid=f"u{number}") for number in range(2001)]

    async with statements() as seen:
        created = await records.import_records(uow, people, "vcard", "FR")

    assert len([statement for statement in seen if "INSERT INTO crm_contact" in statement]) == 3
    assert len(own(seen)) < 12
    assert await uow.read_value("SELECT count(*) FROM crm_timeline WHERE what = 'imported'") == 2001
    assert [record.name for record in await records.records_of(uow, created)] == [person.name for person in people]
    await uow.commit()
    events = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'crm.contacts_imported'")
    assert [len(row["payload"]["contact_ids"]) for row in events] == [1000, 1000, 1]


async def test_a_list_is_given_out_in_its_order_page_by_page(uow: UnitOfWork) -> None:
    people = [ContactRecord(f"Person {number:04}", uid=str(number)) for number in range(1200)]
    await records.import_records(uow, list(reversed(people)), "csv")
    await records.import_records(uow, [ContactRecord("Other", uid="o")], "vcard")

    pages = [await records.record_page(uow, Wanted(source="csv"), None)]
    while (place := pages[-1].place) is not None:
        pages.append(await records.record_page(uow, Wanted(source="csv"), place))

    assert [len(page.records) for page in pages] == [500, 500, 200]
    assert [record for page in pages for record in page.records] == people
    nobody = await records.record_page(uow, Wanted("nobody"), None)
    assert (nobody.records, nobody.place) == ([], None)


async def test_contacts_are_known_by_the_uid_they_came_with_or_were_given_out_with(uow: UnitOfWork) -> None:
    """Rule 35: a file that comes a second time is recognised."""
    first, second, third = await records.import_records(
        uow, [ContactRecord("A", uid="same"), ContactRecord("B"), ContactRecord("C", uid="same")], "vcard"
    )
    (given_out,) = await records.records_of(uow, [second])
    assert given_out.uid == f"urn:uuid:{second}"

    asked = ["same", given_out.uid, f"urn:uuid:{UUID(int=1)}", "urn:uuid:odd", "other"]
    assert await records.of_uids(uow, asked) == {"same": first, given_out.uid: second}
    assert third != first
