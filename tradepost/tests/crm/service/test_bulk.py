"""One change to many contacts."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from counting import Statements, own

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

MakeContact = Callable[..., Awaitable[dict[str, Any]]]

CONTACTS = "/api/v1/crm/contacts"


async def bulk(client: Client, change: dict[str, str], *contact_ids: str, **version: int) -> list[dict[str, Any]]:
    """Make one change to contacts, if a `version` is given only to those in it; return what became of each."""
    chosen = [{"id": contact_id} | version for contact_id in contact_ids]
    answer = await client.post(f"{CONTACTS}/bulk", json={"change": change, "items": chosen})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def shown(client: Client, contact: dict[str, Any]) -> dict[str, Any]:
    """Return a contact as it is now."""
    found: dict[str, Any] = (await client.get(f"{CONTACTS}/{contact['id']}")).json()
    return found


@pytest.mark.parametrize("kind", ["tag", "group"])
async def test_labels_are_given_and_taken_and_found(owner: Client, make_contact: MakeContact, kind: str) -> None:
    one, two = await make_contact("One"), await make_contact("Two")

    await bulk(owner, {"kind": f"add_{kind}", "name": "Fair 2026"}, one["id"], two["id"])

    assert [label["name"] for label in (await shown(owner, one))[f"{kind}s"]] == ["Fair 2026"]
    assert (await owner.get(CONTACTS, params={"q": "fair"})).json()["total"] == 2
    (taken,) = await bulk(owner, {"kind": f"remove_{kind}", "name": "FAIR 2026"}, one["id"])
    assert (taken["outcome"], taken["version"]) == ("changed", 3)
    assert (await shown(owner, one))[f"{kind}s"] == []
    assert [row["name"] for row in (await owner.get(CONTACTS, params={"q": "fair"})).json()["items"]] == ["Two"]


async def test_taking_a_tag_that_nobody_has_makes_none(
    owner: Client, make_contact: MakeContact, uow: UnitOfWork
) -> None:
    contact = await make_contact()
    (item,) = await bulk(owner, {"kind": "remove_tag", "name": "Never"}, contact["id"])
    assert (item["outcome"], item["version"]) == ("unchanged", 1)
    assert await uow.read_value("SELECT count(*) FROM tagging_tag") == 0


async def test_a_contact_with_all_the_tags_it_can_have_gets_no_more(owner: Client, make_contact: MakeContact) -> None:
    full = await make_contact("Full", tags=[f"T{number}" for number in range(50)])
    free = await make_contact("Free")

    items = await bulk(owner, {"kind": "add_tag", "name": "One more"}, full["id"], free["id"])

    assert [(item["outcome"], item["code"]) for item in items] == [("refused", "crm.too_many_tags"), ("changed", None)]
    assert len((await shown(owner, full))["tags"]) == 50
    (same,) = await bulk(owner, {"kind": "add_tag", "name": "t7"}, full["id"])
    assert same["outcome"] == "unchanged"
    (group,) = await bulk(owner, {"kind": "add_group", "name": "One more"}, full["id"])
    assert group["outcome"] == "changed"


async def test_many_are_put_away_and_brought_back(owner: Client, make_contact: MakeContact, uow: UnitOfWork) -> None:
    one, two = await make_contact("One"), await make_contact("Two")
    await bulk(owner, {"kind": "archive"}, one["id"])

    items = await bulk(owner, {"kind": "archive"}, one["id"], two["id"], str(ids.new_id()))

    assert [(item["outcome"], item["version"]) for item in items] == [
        ("unchanged", 2), ("changed", 2), ("unknown", None),
    ]  # fmt: skip
    assert (await owner.get(CONTACTS)).json()["total"] == 0
    await bulk(owner, {"kind": "unarchive"}, one["id"], two["id"])
    assert (await owner.get(CONTACTS)).json()["total"] == 2
    events = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'crm.contact_changed'")
    assert [row["payload"]["fields"] for row in events] == [["archived_at"]] * 4


@pytest.mark.parametrize("change", [{"kind": "add_tag", "name": "VIP"}, {"kind": "archive"}])
async def test_with_a_version_only_those_are_changed_that_have_it_still(
    owner: Client, make_contact: MakeContact, change: dict[str, str]
) -> None:
    mine, theirs, done = await make_contact("Mine"), await make_contact("Theirs"), await make_contact("Done")
    await owner.patch(f"{CONTACTS}/{theirs['id']}", json={"version": 1, "title": "Buyer"})
    await bulk(owner, change, done["id"])

    items = await bulk(owner, change, mine["id"], theirs["id"], done["id"], version=1)

    assert [(item["outcome"], item["version"], item["code"]) for item in items] == [
        ("changed", 2, None), ("conflict", 2, "version_conflict"), ("unchanged", 2, None),
    ]  # fmt: skip
    sides = items[1]["sides"]
    assert (sides["base"]["title"], sides["theirs"]["title"], sides["mine"]) == (None, "Buyer", {})
    left = await shown(owner, theirs)
    assert (left["version"], left["tags"], left["archived_at"]) == (2, [], None)


async def test_who_may_not_see_what_is_personal_is_not_told_it_by_a_conflict(
    owner: Client, sign_in_as: Callable[[str], Awaitable[Client]], make_contact: MakeContact
) -> None:
    role = {"id": str(ids.new_id()), "title": "Sorter", "permissions": ["crm.read", "crm.write"]}
    key = (await owner.post("/api/v1/identity/roles", json=role)).json()["key"]
    sorter = await sign_in_as(key)
    contact = await make_contact(notes="Ill since May.", emails=[{"address": "zoe@example.com"}])
    await owner.patch(f"{CONTACTS}/{contact['id']}", json={"version": 1, "notes": "Well again."})

    (item,) = await bulk(sorter, {"kind": "archive"}, contact["id"], version=1)

    assert item["outcome"] == "conflict"
    assert {str(item["sides"][side]["notes"]) + str(item["sides"][side]["emails"]) for side in ("base", "theirs")} == {
        "[]"
    }


async def test_ids_alone_are_taken_as_before(owner: Client, make_contact: MakeContact) -> None:
    contact = await make_contact()
    answer = await owner.post(f"{CONTACTS}/bulk", json={"change": {"kind": "archive"}, "ids": [contact["id"]]})
    assert [item["outcome"] for item in answer.json()["items"]] == ["changed"]


@pytest.mark.practice(42)
@pytest.mark.parametrize("change", [{"kind": "add_tag", "name": "VIP"}, {"kind": "archive"}])
async def test_many_cost_as_many_statements_as_one(
    owner: Client, make_contact: MakeContact, statements: Statements, change: dict[str, str]
) -> None:
    contacts = [(await make_contact(f"Contact {number}"))["id"] for number in range(40)]
    counts = []
    for chosen in (contacts[:1], contacts[1:]):
        async with statements() as seen:
            items = await bulk(owner, change, *chosen)
        assert {item["outcome"] for item in items} == {"changed"}
        counts.append(len([statement for statement in own(seen) if "INSERT INTO tagging_tag" not in statement]))
    assert counts[0] >= counts[1]
