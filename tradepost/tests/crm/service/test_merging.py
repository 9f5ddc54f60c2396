"""Merging contacts, through the front door (rule 34)."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from cards_read import MakeCards
from counting import Statements, own
from merging import (
    CONTACTS,
    MERGES,
    PHONES,
    ContactFactory,
    RunJobs,
    fields_of,
    got,
    listed,
    merge_of,
    merged,
    undone,
)
from shopfloor import business_in, created, store_in

from mainstay import ids
from mainstay.errors import DomainError
from mainstay.testing.client import Client
from mainstay.testing.database import ROLE, as_owner
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm.matching.answers import MergeIn, MergeOut
from tradepost.crm.repository import contacts as repository
from tradepost.crm.repository import merges
from tradepost.crm.schemas import ContactFields, ContactIn
from tradepost.crm.service import contacts, merging
from tradepost.shop.schemas import BusinessIn
from tradepost.shop.service import business

LATER = """
CREATE TABLE {table} (number bigint, part text, contact_id uuid REFERENCES crm_contact, PRIMARY KEY (number, part))
"""


async def test_three_become_one_with_what_was_chosen_of_each(owner: Client, make_contact: ContactFactory) -> None:
    """Rule 34."""
    one = await make_contact("Zoë Müller", title="Buyer", tags=["Fair"])
    two = await make_contact("Z. Mueller", emails=[{"address": "zoe@quay.example", "kind": "work"}], groups=["Press"])
    three = await make_contact("Zoe Muller", phones=PHONES, tags=["Tea"])

    answer = await merged(
        owner, one, two, three,
        phones=PHONES, emails=two["emails"], tags=["Fair", "Tea"], groups=["Press"], notes="Three cards, one person.",
    )  # fmt: skip

    survivor = answer["survivor"]
    assert (survivor["id"], survivor["name"], survivor["title"]) == (one["id"], "Zoë Müller", "Buyer")
    assert [phone["written"] for phone in survivor["phones"]] == [phone["written"] for phone in PHONES]
    assert [email["address"] for email in survivor["emails"]] == ["zoe@quay.example"]
    assert [tag["name"] for tag in survivor["tags"]] == ["Fair", "Tea"]
    assert [group["name"] for group in survivor["groups"]] == ["Press"]
    assert answer["merged_ids"] == sorted([two["id"], three["id"]])
    assert await listed(owner) == ["Zoë Müller"]
    assert await listed(owner, archived=True) == []
    assert await listed(owner, q="zoe@quay.example") == ["Zoë Müller"]


async def test_the_old_ids_lead_to_the_survivor(owner: Client, make_contact: ContactFactory) -> None:
    """Rule 34: a link, a bookmark or another program's copy of the id stays good, over several merges too."""
    one, two, three = [await make_contact(name) for name in ("One", "Two", "Three")]
    first = await merged(owner, two, three)
    await merged(owner, one, first["survivor"])

    for contact in (two, three):
        assert (await got(owner, contact["id"]))["id"] == one["id"]


async def test_who_changes_a_merged_contact_is_told_where_it_went(owner: Client, make_contact: ContactFactory) -> None:
    one, two = await make_contact("One"), await make_contact("Two")
    await merged(owner, one, two)

    answers = [
        await owner.patch(f"{CONTACTS}/{two['id']}", json={"version": two["version"], "title": "Lost"}),
        await owner.post(f"{CONTACTS}/{two['id']}/archive"),
        await owner.post(f"{CONTACTS}/merge", json=merge_of(two, await make_contact("Third"))),
    ]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, "crm.contact_merged")
        assert answer.json()["survivor_id"] == one["id"]
    assert (await got(owner, one["id"]))["title"] is None
    repeated = await owner.post(CONTACTS, json={"id": two["id"], "name": "Two"})
    assert (repeated.status_code, repeated.json()["id"]) == (201, one["id"])


async def test_people_go_with_their_company_and_are_found_by_its_name(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    """Rule 34: every reference is re-pointed."""
    quay, kai = await make_contact("Quay & Sons", kind="company"), await make_contact("Kai GmbH", kind="company")
    anna = await make_contact("Anna", company_id=kai["id"])

    merge = await merged(owner, quay, kai)
    await run_jobs()

    assert (await got(owner, anna["id"]))["company_id"] == quay["id"]
    assert await listed(owner, q="anna quay") == ["Anna"]
    assert await listed(owner, company_id=quay["id"]) == ["Anna"]
    late = await make_contact("Ben", company_id=kai["id"])
    assert late["company_id"] == quay["id"]

    answer = await undone(owner, merge)
    await run_jobs()

    assert answer["restored"][0]["name"] == "Kai GmbH"
    assert (await got(owner, anna["id"]))["company_id"] == kai["id"]
    assert (await got(owner, late["id"]))["company_id"] == quay["id"]
    assert await listed(owner, q="anna kai") == ["Anna"]
    assert await listed(owner, q="anna quay") == []


async def test_every_reference_of_the_database_is_followed(
    owner: Client, make_contact: ContactFactory, uow: UnitOfWork
) -> None:
    """Rule 34: a table that comes later is found by its foreign key."""
    one, two, three = [UUID((await make_contact(name))["id"]) for name in ("One", "Two", "Three")]
    async with as_owner(uow):
        await uow.write(LATER.format(table="crm_later"))
        await uow.write(f"GRANT SELECT, INSERT, UPDATE ON crm_later TO {ROLE}")
    await uow.write("INSERT INTO crm_later VALUES (1, 'a', $1), (1, 'b', $2), (2, 'a', $3)", one, two, three)

    moved = await merges.move(uow, one, [two, three])
    assert [row["contact_id"] for row in await uow.read("SELECT contact_id FROM crm_later")] == [one] * 3
    await uow.write("UPDATE crm_later SET contact_id = NULL WHERE number = 2")
    await merges.move_back(uow, one, moved)

    rows = await uow.read("SELECT number, part, contact_id FROM crm_later ORDER BY number, part")
    assert [tuple(row.values()) for row in rows] == [(1, "a", one), (1, "b", two), (2, "a", None)]


async def test_the_card_that_a_contact_came_from_goes_with_it_and_comes_back(
    owner: Client, make_contact: ContactFactory, make_cards: MakeCards
) -> None:
    """Rule 34: the picture is where the contact is."""
    (card,) = await make_cards()
    contact = card["contact"] | {"id": str(ids.new_id())}
    body = {"version": card["version"], "contact": contact, "fields": card["fields"], "boxes": card["boxes"]}
    assert (await owner.post(f"/api/v1/crm/cards/{card['id']}/accept", json=body)).status_code == 200
    survivor, from_card = await make_contact("Odalys F."), await got(owner, contact["id"])

    async def cards_of(contact_id: str) -> list[str]:
        answer = await owner.get(f"{CONTACTS}/{contact_id}/cards")
        return [one["id"] for one in answer.json()["items"]]

    merge = await merged(owner, survivor, from_card)
    assert await cards_of(survivor["id"]) == [card["id"]]
    await undone(owner, merge)
    assert (await cards_of(survivor["id"]), await cards_of(from_card["id"])) == ([], [card["id"]])


async def test_rows_that_nobody_may_change_keep_the_id_they_were_written_with(uow: UnitOfWork) -> None:
    """It leads to the survivor: a ledger is not rewritten for a merge."""
    async with as_owner(uow):
        for table in ("crm_later", "crm_ledger"):
            await uow.write(LATER.format(table=table))
        await uow.write(f"GRANT UPDATE ON crm_later TO {ROLE}")
        await uow.write(f"GRANT SELECT, INSERT ON crm_ledger TO {ROLE}")

    assert {"crm_later", "crm_ledger"} & {row["table"] for row in await merges.references(uow)} == {"crm_later"}


async def test_references_that_are_known_today(uow: UnitOfWork) -> None:
    """Whoever adds a table that refers to contacts sees here what a merge does with it."""
    found = {f"{row['table']}.{row['column']}": row["width"] for row in await merges.references(uow)}
    assert found == {
        "crm_card.contact_id": 1,
        "crm_contact.company_id": 1,
        "crm_contact.merged_into": 1,
        "crm_import_row.contact_id": 1,
    }


async def test_a_merge_is_told_once_however_often_it_is_sent(owner: Client, make_contact: ContactFactory) -> None:
    """Rule 18."""
    one, two = await make_contact("One"), await make_contact("Two")
    wanted = merge_of(one, two)
    first = await created(owner, f"{CONTACTS}/merge", wanted)

    assert await created(owner, f"{CONTACTS}/merge", wanted) == first
    assert (await owner.get(f"{MERGES}/{wanted['id']}")).json() == first
    assert (await owner.get(f"{CONTACTS}/{two['id']}/merges")).json()["items"] == [first]
    other = await owner.post(f"{CONTACTS}/merge", json=wanted | {"result": fields_of(one, name="Else")})
    assert (other.status_code, other.json()["code"]) == (409, "crm.id_reused")


async def test_who_was_not_seen_as_it_is_now_is_not_merged(owner: Client, make_contact: ContactFactory) -> None:
    """Rule 36."""
    one, two = await make_contact("One"), await make_contact("Two")
    await owner.patch(f"{CONTACTS}/{two['id']}", json={"version": 1, "title": "New"})

    answer = await owner.post(f"{CONTACTS}/merge", json=merge_of(one, two))

    assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
    told = answer.json()
    assert (told["changed"], told["theirs"]["id"], told["theirs"]["version"]) == ([two["id"]], two["id"], 2)
    assert sorted(await listed(owner)) == ["One", "Two"]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        ({"emails": [{"address": "no mail@@", "kind": "work"}]}, 422, "crm.invalid_contact"),
        ({"company_id": "another"}, 422, "crm.invalid_contact"),
        ({"kind": "company", "company_name": "Quay"}, 422, "crm.invalid_contact"),
        ({"name": ""}, 422, "invalid_input"),
    ],
)
async def test_a_result_that_no_contact_can_be_is_refused(
    owner: Client, make_contact: ContactFactory, changed: dict[str, Any], status: int, code: str
) -> None:
    one, two = await make_contact("One"), await make_contact("Two", kind="company")
    if "company_id" in changed:
        changed = {"company_id": two["id"]}

    answer = await owner.post(f"{CONTACTS}/merge", json=merge_of(one, two, **changed))

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert sorted(await listed(owner)) == ["One", "Two"]


async def test_a_company_with_people_becomes_no_person(owner: Client, make_contact: ContactFactory) -> None:
    quay = await make_contact("Quay & Sons", kind="company")
    person, anna = await make_contact("Mr Quay"), await make_contact("Anna", company_id=quay["id"])

    answer = await owner.post(f"{CONTACTS}/merge", json=merge_of(person, quay))
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "has_people")

    # When all its people are merged with it, nobody is left behind.
    await merged(owner, person, quay, anna)
    assert (await got(owner, anna["id"]))["id"] == person["id"]


async def test_unknown_contacts_and_merges_are_told(owner: Client, make_contact: ContactFactory) -> None:
    one = await make_contact("One")
    nobody = {"id": str(ids.new_id()), "version": 1}
    lost = await owner.post(f"{CONTACTS}/merge", json=merge_of(one, nobody))
    assert (lost.status_code, lost.json()["code"], lost.json()["contact_id"]) == (
        404,
        "crm.unknown_contact",
        nobody["id"],
    )
    for answer in (await owner.get(f"{MERGES}/{ids.new_id()}"), await owner.post(f"{MERGES}/{ids.new_id()}/undo")):
        assert (answer.status_code, answer.json()["code"]) == (404, "crm.unknown_merge")
    outside = merge_of(one, await make_contact("Two")) | {"survivor_id": nobody["id"]}
    assert (await owner.post(f"{CONTACTS}/merge", json=outside)).status_code == 422


async def test_the_story_of_all_is_the_survivors(owner: Client, make_contact: ContactFactory) -> None:
    one, two = await make_contact("One"), await make_contact("Two")
    merge = await merged(owner, one, two)

    story = (await owner.get(f"{CONTACTS}/{one['id']}/timeline")).json()
    assert story["total"] == 3
    assert [(entry["what"], entry["contact_name"]) for entry in story["items"]] == [
        ("merged", None), ("created", "Two"), ("created", None),
    ]  # fmt: skip
    assert story["items"][0]["details"] == {"merge_id": merge["id"], "merged": [{"id": two["id"], "name": "Two"}]}

    await undone(owner, merge)
    story = (await owner.get(f"{CONTACTS}/{two['id']}/timeline")).json()
    assert [entry["what"] for entry in story["items"]] == ["merge_undone", "created"]


async def test_merged_contacts_are_known_when_their_file_comes_again(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    """Rules 34 and 35: what was tidied up does not come back by importing another file with the same people."""
    cards = (
        "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:zoe-1\r\nFN:Zoe Mueller\r\nTEL:+41791234567\r\nEND:VCARD\r\n"
        "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ben Ryder\r\nTEL:+41791234568\r\nCATEGORIES:Fair\r\nX-SHOE-SIZE:44\r\n"
        "END:VCARD\r\n"
    )
    await _imported(owner, "first.vcf", cards)
    await run_jobs()
    survivor = await make_contact("Zoë")
    others = [
        await got(owner, item["id"]) for item in (await owner.get(CONTACTS, params={"q": "+4179"})).json()["items"]
    ]
    assert len(others) == 2
    await merged(owner, survivor, *others)

    again = await _imported(owner, "second.vcf", cards + "\r\n")
    await run_jobs()

    rows = (await owner.get(f"/api/v1/crm/imports/{again}/rows")).json()["items"]
    assert [(row["outcome"], row["contact_id"]) for row in rows] == [("known", survivor["id"])] * 2
    assert await listed(owner) == ["Zoë"]
    sheet = (await owner.get("/api/v1/crm/contacts.vcf")).text
    assert "X-SHOE-SIZE:44" in sheet


async def _imported(client: Client, filename: str, content: str) -> str:
    import_id = str(ids.new_id())
    answer = await client.post("/api/v1/crm/imports", params={"id": import_id, "filename": filename}, content=content)
    assert answer.status_code == 202, answer.text
    return import_id


async def test_a_merge_of_many_takes_as_many_statements_as_one_of_two(
    owner: Client, make_contact: ContactFactory, statements: Statements
) -> None:
    many = [await make_contact(f"Contact {number}") for number in range(22)]
    async with statements() as of_two:
        await merged(owner, *many[:2])
    async with statements() as of_twenty:
        await merged(owner, *many[2:])
    assert len(own(of_twenty)) == len(own(of_two)) <= 40


async def two_contacts(committed: WorkOpener) -> tuple[UUID, UUID]:
    """Make two contacts that others see, and return their ids."""
    one, two = ids.new_id(), ids.new_id()
    async with committed(SYSTEM) as uow:
        await business.set_up(uow, BusinessIn.model_validate(business_in(store_in())))
        for contact_id in (one, two):
            await contacts.create_contact(uow, ContactIn(id=contact_id, name=f"Contact {contact_id}"))
    return one, two


async def test_one_merge_sent_many_times_at_once_is_one(committed: WorkOpener) -> None:
    """Rule 18: each sender gets the same answer (shown red when it is looked for before the lock alone)."""
    one, two = await two_contacts(committed)
    wanted = MergeIn(id=ids.new_id(), survivor_id=one, versions={one: 1, two: 1}, result=ContactFields(name="Both"))

    async def merge(_: int) -> MergeOut:
        async with committed(SYSTEM) as uow:
            return await merging.merge(uow, wanted)

    answers = await asyncio.gather(*map(merge, range(5)))

    assert answers == [answers[0]] * 5
    assert answers[0].survivor.version == 2


async def test_two_who_merge_at_once_do_not_both(committed: WorkOpener) -> None:
    """Each wants the other's survivor gone: one wins, the other is told (shown red without the lock)."""
    one, two = await two_contacts(committed)

    async def merge(survivor: UUID) -> str:
        wanted = MergeIn(
            id=ids.new_id(), survivor_id=survivor, versions={one: 1, two: 1}, result=ContactFields(name="Both")
        )
        try:
            async with committed(SYSTEM) as uow:
                return str((await merging.merge(uow, wanted)).survivor.id)
        except DomainError as failure:
            return failure.code

    answers = await asyncio.gather(*map(merge, (one, two)))
    assert answers in ([str(one), "crm.contact_merged"], ["crm.contact_merged", str(two)])
    async with committed(SYSTEM) as uow:
        assert len(await repository.many(uow, [one, two])) == 1
