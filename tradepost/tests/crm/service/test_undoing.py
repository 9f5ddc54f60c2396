"""Undoing merges, through the front door (rule 34)."""

from merging import CONTACTS, MERGES, PHONES, ContactFactory, RunJobs, got, listed, merged, told, undone

from mainstay.testing.client import Client


async def test_an_undo_brings_everything_back(owner: Client, make_contact: ContactFactory, run_jobs: RunJobs) -> None:
    """Rule 34."""
    one = await make_contact("Zoë Müller", title="Buyer", phones=PHONES, tags=["Fair"])
    two = await make_contact("Zoe Mueller", company_name="Quay", phones=[PHONES[1]], tags=["Tea"], groups=["Press"])
    merge = await merged(
        owner, one, two, name="Zoë M.", title=None, company_name="Quay", phones=[PHONES[1]], tags=["Tea"]
    )
    await run_jobs()

    answer = await undone(owner, merge)
    await run_jobs()

    assert answer["kept"] == []
    assert told(await got(owner, one["id"])) == told(one)
    assert told(await got(owner, two["id"])) == told(two)
    assert sorted(await listed(owner)) == ["Zoe Mueller", "Zoë Müller"]
    assert await listed(owner, q="quay") == ["Zoe Mueller"]
    pairs = (await owner.get("/api/v1/crm/duplicates")).json()["items"]
    assert {contact["id"] for contact in pairs[0]["contacts"]} == {one["id"], two["id"]}


async def test_an_undo_keeps_what_was_changed_since_and_tells_it(owner: Client, make_contact: ContactFactory) -> None:
    """Rule 34: undo that keeps later edits or reports them."""
    mail = [{"address": f"{name}@quay.example", "kind": "work"} for name in ("old", "taken", "late")]
    one = await make_contact("Zoë Müller", title="Buyer", emails=mail[:1])
    two = await make_contact("Zoe Mueller", emails=mail[1:2], tags=["Tea"])
    merge = await merged(owner, one, two, title="Head", emails=mail[:2], tags=["Tea"], notes="Both.")
    patch = {"version": merge["survivor"]["version"], "title": "Chief", "emails": mail, "tags": ["Tea", "Late"]}
    assert (await owner.patch(f"{CONTACTS}/{one['id']}", json=patch)).status_code == 200

    answer = await undone(owner, merge)

    survivor = answer["survivor"]
    assert (survivor["title"], survivor["notes"]) == ("Chief", "")
    assert [email["address"] for email in survivor["emails"]] == ["old@quay.example", "late@quay.example"]
    assert [tag["name"] for tag in survivor["tags"]] == ["Late"]
    kept = {one["field"]: one["value_now"] for one in answer["kept"]}
    assert kept == {"title": "Chief", "emails": [mail[2]], "labels": [survivor["tags"][0]["id"]]}
    assert [email["address"] for email in answer["restored"][0]["emails"]] == ["taken@quay.example"]


async def test_a_company_that_people_came_to_stays_one(owner: Client, make_contact: ContactFactory) -> None:
    quay = await make_contact("Quay & Sons", kind="company")
    person = await make_contact("Mr Quay", company_name="Harbour")
    merge = await merged(owner, person, quay, kind="company", company_name=None)
    await make_contact("Anna", company_id=person["id"])

    answer = await undone(owner, merge)

    assert (answer["survivor"]["kind"], answer["survivor"]["company_name"]) == ("company", None)
    assert answer["kept"] == [{"field": "kind", "value_now": "company"}]


async def test_merges_are_undone_from_the_last_to_the_first(owner: Client, make_contact: ContactFactory) -> None:
    one, two, three = [await make_contact(name) for name in ("One", "Two", "Three")]
    first = await merged(owner, two, three)
    second = await merged(owner, one, first["survivor"])

    early = await owner.post(f"{MERGES}/{first['id']}/undo")
    assert (early.status_code, early.json()["code"]) == (409, "crm.merge_not_undoable")
    assert "into One" in early.json()["detail"]
    await undone(owner, second)
    assert (await got(owner, three["id"]))["id"] == two["id"]
    await undone(owner, first)
    assert [told(await got(owner, contact["id"])) for contact in (one, two, three)] == [
        told(contact) for contact in (one, two, three)
    ]
    again = await owner.post(f"{MERGES}/{first['id']}/undo")
    assert (again.status_code, again.json()["code"]) == (409, "crm.merge_not_undoable")


async def test_what_was_put_away_comes_back_put_away(owner: Client, make_contact: ContactFactory) -> None:
    one, two = await make_contact("One"), await make_contact("Two")
    away = (await owner.post(f"{CONTACTS}/{two['id']}/archive")).json()
    await undone(owner, await merged(owner, one, away))
    assert (await listed(owner), await listed(owner, archived=True)) == (["One"], ["Two"])


async def test_a_tag_that_was_deleted_or_renamed_since_is_respected(
    owner: Client, make_contact: ContactFactory
) -> None:
    one, two = await make_contact("One", tags=["Stays"]), await make_contact("Two", tags=["Gone", "Old name"])
    tags = {tag["name"]: tag for tag in two["tags"]}
    merge = await merged(owner, one, two, tags=["Stays"])
    old = tags["Old name"]
    patch = {"version": 1, "name": "New name"}
    assert (await owner.patch(f"/api/v1/tagging/tags/{old['id']}", json=patch)).status_code == 200
    assert (await owner.delete(f"/api/v1/tagging/tags/{tags['Gone']['id']}")).status_code == 204

    answer = await undone(owner, merge)

    assert [tag["name"] for tag in answer["restored"][0]["tags"]] == ["New name"]
    assert [tag["name"] for tag in answer["survivor"]["tags"]] == ["Stays"]
