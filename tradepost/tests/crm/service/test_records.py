"""Whole contacts in the neutral form: in by the thousand, out page by page."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.work import UnitOfWork
from tradepost.crm import api as crm
from tradepost.crm.api import ContactRecord, Wanted
from tradepost.crm.errors import InvalidContact
from tradepost.crm.exchange.record import Email, ForeignProperty, Phone, PostalAddress, Website
from tradepost.crm.service import records as service

Statements = Callable[[], AbstractAsyncContextManager[list[str]]]

WHOLE = ContactRecord(
    name="Dr. Zoë Anna Müller jr.",
    given="Zoë",
    family="Müller",
    middle="Anna",
    prefix="Dr.",
    suffix="jr.",
    company="Quay & Sons",
    title="Head of Buying",
    department="Wine",
    language="de-CH",
    notes="Met at the fair.\nLikes tea.",
    uid="urn:uuid:6b2d7a5c-0d3f-4f7e-9a51-1d2f7f4f2a11",
    phones=(Phone("+41 79 123 45 67", "+41791234567", "mobile"), Phone("Extension 12", None, "other")),
    emails=(Email("Zoe@MÜLLER.example", "home"),),
    websites=(Website("müller.example/me"),),
    addresses=(PostalAddress("12 Harbour Street\n29200 Brest", "12 Harbour Street", "29200", "Brest", kind="home"),),
    tags=("Fair", "VIP"),
    foreign=(ForeignProperty("X-SHOE-SIZE:42"),),
)


async def test_a_contact_comes_back_as_it_went_in(uow: UnitOfWork) -> None:
    """Rules 32 and 33: nothing is lost, also what nobody here knows, and nothing is split."""
    company = ContactRecord("Quay", "company", uid="x-1")
    made = await crm.import_records(uow, [WHOLE, company], "vcard")
    assert await crm.records_of(uow, [made[1], ids.new_id(), made[0]]) == [company, WHOLE]


async def test_phones_without_a_country_are_those_of_the_region_that_is_named(uow: UnitOfWork) -> None:
    """Rule 30."""
    found = []
    for region in ("FR", None):
        made = await crm.import_records(uow, [ContactRecord("Zoë", phones=(Phone("01 23 45 67 89"),))], "csv", region)
        [record] = await crm.records_of(uow, made)
        found.append(record.phones[0].e164)
    assert found == ["+33123456789", None]


async def test_thousands_are_taken_in_by_few_statements(uow: UnitOfWork, statements: Statements) -> None:
    wanted = [ContactRecord(f"Person {number}", tags=("VIP",)) for number in range(1100)]

    async with statements() as seen:
        made = await crm.import_records(uow, wanted, "csv")

    assert len(set(made)) == 1100
    assert len(seen) <= 12


@pytest.mark.parametrize(
    ("record", "field", "code"),
    [
        (ContactRecord(""), "name", "string_too_short"),
        (ContactRecord("A", company="x" * 301), "company", "string_too_long"),
        (ContactRecord("A", emails=(Email("a"),)), "emails.0.address", "invalid_email"),
        (ContactRecord("A", "company", company="B"), "company", "company_of_company"),
        (ContactRecord("A", foreign=(ForeignProperty("X:" + "y" * 300_000),) * 2), "foreign", "value_error"),
    ],
)
async def test_what_cannot_be_taken_in_is_told_and_nothing_is(
    uow: UnitOfWork, record: ContactRecord, field: str, code: str
) -> None:
    [problem] = crm.problems(record)
    assert (problem.field, problem.code) == (field, code)
    with pytest.raises(InvalidContact) as refused:
        await crm.import_records(uow, [ContactRecord("Fine"), record], "csv")
    assert refused.value.errors == (problem,)
    assert await uow.read_value("SELECT count(*) FROM crm_contact") == 0


async def test_a_list_and_ids_are_given_out_in_pages(uow: UnitOfWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "EXPORT_PAGE", 2)
    made = await crm.import_records(uow, [ContactRecord(name) for name in "edcba"], "csv")

    listed = [[one.name for one in page] async for page in crm.records(uow, Wanted(sort="-name"))]
    chosen = [[one.name for one in page] async for page in crm.records(uow, made[:3])]

    assert listed == [["e", "d"], ["c", "b"], ["a"]]
    assert chosen == [["e", "d"], ["c"]]


async def test_contacts_are_found_by_the_uid_they_came_with_or_were_given(uow: UnitOfWork) -> None:
    """Rules 32 and 34: a contact that was merged is found where it went."""
    [theirs, ours] = await crm.import_records(uow, [ContactRecord("A", uid="a:1"), ContactRecord("B")], "vcard")
    old = ids.new_id()
    await uow.write("INSERT INTO crm_redirect (old_id, contact_id) VALUES ($1, $2)", old, ours)
    asked = ["a:1", f"urn:uuid:{ours}", f"urn:uuid:{old}", f"urn:uuid:{UUID(int=7)}", "urn:uuid:none", "b:2"]
    assert await crm.of_uids(uow, asked) == {"a:1": theirs, f"urn:uuid:{ours}": ours, f"urn:uuid:{old}": ours}
