"""Changing contacts: by those who know the version they change, and never more than they said."""

from typing import Any, Protocol

import pytest

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

CONTACTS = "/api/v1/crm/contacts"


class ContactFactory(Protocol):
    """Makes contacts through the front door."""

    async def __call__(self, name: str = ..., **fields: object) -> dict[str, Any]:
        """Return the contact as its route shows it."""
        ...


NUMBER = "+33 1 23 45 67 89"


async def change(client: Client, contact: dict[str, Any], version: int = 1, **fields: object) -> dict[str, Any]:
    """Change a contact and return it."""
    answer = await client.patch(f"{CONTACTS}/{contact['id']}", json={"version": version} | fields)
    assert answer.status_code == 200, answer.text
    changed: dict[str, Any] = answer.json()
    return changed


async def refused(client: Client, contact: dict[str, Any], status: int, **fields: object) -> dict[str, Any]:
    """Try to change a contact and return the problem."""
    answer = await client.patch(f"{CONTACTS}/{contact['id']}", json={"version": 1} | fields)
    assert answer.status_code == status, answer.text
    problem: dict[str, Any] = answer.json()
    return problem


async def test_what_is_left_out_stays(owner: Client, make_contact: ContactFactory) -> None:
    before = await make_contact(
        title="Buyer", phones=[{"written": NUMBER}], emails=[{"address": "zoe@example.com"}], tags=["VIP"], notes="Tea"
    )
    after = await change(owner, before, title=None, department="Wine")
    moving = {"title", "department", "version", "updated_at"}
    assert {key: value for key, value in after.items() if key not in moving} == {
        key: value for key, value in before.items() if key not in moving
    }
    assert (after["title"], after["department"], after["version"]) == (None, "Wine", 2)


async def test_lists_and_tags_are_replaced_as_a_whole(owner: Client, make_contact: ContactFactory) -> None:
    before = await make_contact(
        phones=[{"written": NUMBER}, {"written": "+33 6 12 34 56 78", "kind": "mobile"}],
        emails=[{"address": "zoe@example.com"}],
        websites=[{"url": "example.com"}],
        addresses=[{"text": "Brest"}],
        tags=["VIP", "Old"],
        groups=["Fair"],
    )
    after = await change(
        owner,
        before,
        phones=[{"written": "+33 6 12 34 56 78", "kind": "home"}],
        emails=[],
        websites=[{"url": "other.example"}],
        addresses=[{"text": "Quimper", "kind": "home"}],
        tags=["vip", "New"],
        groups=[],
    )
    assert after["phones"] == [{"written": "+33 6 12 34 56 78", "e164": "+33612345678", "kind": "home"}]
    assert (after["emails"], after["websites"]) == ([], [{"url": "other.example"}])
    assert [(one["text"], one["kind"]) for one in after["addresses"]] == [("Quimper", "home")]
    assert ([tag["name"] for tag in after["tags"]], after["groups"]) == (["New", "VIP"], [])


@pytest.mark.parametrize(
    "fields",
    [{}, {"name": "Zoë Müller"}, {"name": "Zoe\u0308 Müller"}, {"tags": ["vip"]}, {"phones": [{"written": NUMBER}]}],
)
async def test_what_changes_nothing_leaves_the_version_and_no_trace(
    owner: Client, make_contact: ContactFactory, fields: dict[str, Any]
) -> None:
    """Rule 36."""
    before = await make_contact(tags=["VIP"], phones=[{"written": NUMBER}])
    assert await change(owner, before, **fields) == before
    assert (await owner.get(f"{CONTACTS}/{before['id']}/timeline")).json()["total"] == 1


async def test_whoever_was_second_is_told_what_the_first_did(
    owner: Client, cashier: Client, make_contact: ContactFactory
) -> None:
    """Rule 36: all three sides come with the refusal."""
    contact = await make_contact()
    theirs = await change(cashier, contact, title="Buyer", notes="Tea")
    await owner.post(f"{CONTACTS}/bulk", json={"change": {"kind": "add_tag", "name": "VIP"}, "ids": [contact["id"]]})

    problem = await refused(owner, contact, 412, title="Seller")

    assert problem["code"] == "version_conflict"
    assert (problem["theirs"]["title"], problem["theirs"]["version"]) == ("Buyer", theirs["version"] + 1)
    assert (problem["theirs"]["tags"], problem["base"]["tags"], problem["base"]["notes"]) == (["VIP"], [], "")
    assert (problem["mine"], problem["conflicts"]) == ({"title": "Seller"}, ["title"])
    assert [(one["what"], one["fields"]) for one in problem["since"]] == [
        ("changed", ["notes", "title"]), ("tagged", []),
    ]  # fmt: skip
    assert problem["since"][0]["actor_name"].startswith("Cashier")


async def test_a_person_is_with_a_company_that_is_a_contact(owner: Client, make_contact: ContactFactory) -> None:
    company = await make_contact("Quay & Sons", kind="company")
    person = await make_contact(company_name="Other")

    linked = await change(owner, person, company_id=company["id"])
    assert (linked["company_id"], linked["company_name"]) == (company["id"], "Quay & Sons")
    # Both come back from a form that shows both.
    same = await change(owner, person, 2, company_id=company["id"], company_name="Quay & Sons")
    assert same["version"] == 2
    named = await change(owner, person, 2, company_name="Third")
    assert (named["company_id"], named["company_name"]) == (None, "Third")
    linked = await change(owner, person, 3, company_id=company["id"])
    loose = await change(owner, person, 4, company_id=None)
    assert (loose["company_id"], loose["company_name"]) == (None, "Quay & Sons")
    assert (await change(owner, person, 5, company_id=None, company_name=None))["company_name"] is None


async def test_what_cannot_be_is_refused_and_nothing_is_changed(owner: Client, make_contact: ContactFactory) -> None:
    company, person = await make_contact("Quay", kind="company"), await make_contact()
    await make_contact("Bob", company_id=company["id"])
    for contact, fields, code in (
        (person, {"company_id": person["id"]}, "unknown_company"),
        (company, {"company_id": company["id"]}, "company_of_company"),
        (person, {"kind": "company", "company_name": "Quay"}, "company_of_company"),
        (company, {"kind": "person"}, "has_people"),
        (person, {"emails": [{"address": "no"}]}, "invalid_email"),
    ):
        problem = await refused(owner, contact, 422, **fields)
        assert (problem["code"], problem["errors"][0]["code"]) == ("crm.invalid_contact", code)
        assert (await owner.get(f"{CONTACTS}/{contact['id']}")).json() == contact


async def test_who_loses_the_last_number_is_listed_among_those_without_and_no_longer_with_the_next(
    owner: Client, make_contact: ContactFactory
) -> None:
    contact = await make_contact(phones=[{"written": NUMBER}], emails=[{"address": "zoe@example.com"}])

    async def lacks() -> list[str]:
        answers = {key: await owner.get(CONTACTS, params={"missing": key}) for key in ("phone", "email")}
        return [key for key, answer in answers.items() if answer.json()["items"]]

    assert await lacks() == []
    await change(owner, contact, 1, phones=[])
    assert await lacks() == ["phone"]
    await change(owner, contact, 2, emails=[])
    assert await lacks() == ["phone", "email"]
    await change(owner, contact, 3, phones=[{"written": NUMBER}, {"written": "12 34 56"}])
    assert await lacks() == ["email"]


@pytest.mark.parametrize("fields", [{"name": None}, {"notes": None}, {"phones": None}, {"version": 0}, {"id": "x"}])
async def test_malformed_changes_are_refused(
    owner: Client, make_contact: ContactFactory, fields: dict[str, Any]
) -> None:
    assert (await refused(owner, await make_contact(), 422, **fields))["code"] == "invalid_input"


async def test_changes_are_published(owner: Client, make_contact: ContactFactory, uow: UnitOfWork) -> None:
    contact = await make_contact()
    await change(owner, contact, title="Buyer", tags=["VIP"])
    rows = await uow.read("SELECT name, payload FROM mainstay_event WHERE name LIKE 'crm.%' ORDER BY position")
    assert [(row["name"], row["payload"]) for row in rows] == [
        ("crm.contact_created", {"contact_id": contact["id"], "source": "manual"}),
        ("crm.contact_changed", {"contact_id": contact["id"], "fields": ["title", "tags"]}),
    ]
