"""Who may be the same, through the front door."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from uuid import UUID

from counting import Statements
from merging import merged

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork
from tradepost.crm.matching.keys import Key
from tradepost.crm.repository import duplicates as repository
from tradepost.crm.service import duplicates

RunJobs = Callable[[], Awaitable[int]]
CONTACTS = "/api/v1/crm/contacts"


class ContactFactory(Protocol):
    """Makes contacts through the front door."""

    async def __call__(self, name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
        """Return the contact as its route shows it."""
        ...


def phone(written: str) -> dict[str, str]:
    return {"written": written, "kind": "mobile"}


async def duplicates_of(client: Client, contact: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await client.get(f"{CONTACTS}/{contact['id']}/duplicates")
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_the_same_person_in_another_script_is_found_with_reasons(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    """Rule 33: transliteration is a key."""
    known = await make_contact("Юлия Щербакова", phones=[phone("+7 916 123-45-67")])
    await make_contact("Hans Meier", phones=[phone("+49 171 1234567")])
    again = await make_contact("Julia Scherbakowa", phones=[phone("+79161234567")])
    await run_jobs()

    found = await duplicates_of(owner, again)

    assert [one["contact"]["id"] for one in found] == [known["id"]]
    assert found[0]["verdict"] == "certain"
    assert {"same_mobile", "name_similar"} <= {reason["code"] for reason in found[0]["reasons"]}


async def test_a_draft_is_checked_before_it_is_saved(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    known = await make_contact("Robert Miller", emails=[{"address": "bob@miller.example", "kind": "work"}])
    await run_jobs()
    draft = {
        "id": str(ids.new_id()),
        "name": "Bob Miller",
        "emails": [{"address": "Bob@MILLER.example", "kind": "work"}],
        "addresses": [{"text": "Hauptstr. 5\n10115 Berlin", "kind": "work"}],
    }

    answer = await owner.post("/api/v1/crm/duplicates/check", json=draft)

    assert answer.status_code == 200
    assert [one["contact"]["id"] for one in answer.json()["items"]] == [known["id"]]
    assert (await owner.get(f"{CONTACTS}/{draft['id']}")).status_code == 404


async def test_colleagues_are_no_duplicates(owner: Client, make_contact: ContactFactory, run_jobs: RunJobs) -> None:
    office: dict[str, Any] = {"company_name": "Romashka", "phones": [{"written": "+74951234567", "kind": "work"}]}
    anna = await make_contact("Anna Petrova", **office)
    await make_contact("Ivan Kuznetsov", **office)
    await run_jobs()
    assert await duplicates_of(owner, anna) == []


async def test_told_apart_holds_until_what_they_are_found_by_changes(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    one = await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    other = await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    await run_jobs()

    said = await owner.put(f"{CONTACTS}/{one['id']}/not-same/{other['id']}")

    assert said.status_code == 204
    assert await duplicates_of(owner, one) == await duplicates_of(owner, other) == []
    assert (await owner.get("/api/v1/crm/duplicates")).json()["items"] == []
    change = {"version": other["version"], "title": "Director"}
    other = (await owner.patch(f"{CONTACTS}/{other['id']}", json=change)).json()
    await run_jobs()
    assert await duplicates_of(owner, one) == []
    change = {"version": other["version"], "emails": [{"address": "ivan@petrov.example", "kind": "work"}]}
    await owner.patch(f"{CONTACTS}/{other['id']}", json=change)
    await run_jobs()
    assert [found["contact"]["id"] for found in await duplicates_of(owner, one)] == [other["id"]]


async def test_told_apart_can_be_taken_back_at_once(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    one = await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    other = await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    await run_jobs()
    await owner.put(f"{CONTACTS}/{one['id']}/not-same/{other['id']}")

    taken_back = [await owner.delete(f"{CONTACTS}/{other['id']}/not-same/{one['id']}") for _ in range(2)]

    assert [answer.status_code for answer in taken_back] == [204, 204]
    assert [found["contact"]["id"] for found in await duplicates_of(owner, one)] == [other["id"]]
    pairs = (await owner.get("/api/v1/crm/duplicates")).json()["items"]
    assert [{contact["id"] for contact in pair["contacts"]} for pair in pairs] == [{one["id"], other["id"]}]


async def test_only_two_known_contacts_can_be_told_apart_and_that_be_taken_back(
    owner: Client, make_contact: ContactFactory
) -> None:
    known = await make_contact()
    for other in (known["id"], str(ids.new_id())):
        for method in ("PUT", "DELETE"):
            answer = await owner.request(method, f"{CONTACTS}/{known['id']}/not-same/{other}")
            assert answer.status_code == 404
            assert answer.json()["code"] == "crm.unknown_contact"


async def test_strangers_see_no_duplicates(api: Client) -> None:
    assert (await api.get("/api/v1/crm/duplicates")).status_code == 401
    assert (await api.get(f"{CONTACTS}/{ids.new_id()}/duplicates")).status_code == 401
    assert (await api.post("/api/v1/crm/duplicates/scan")).status_code == 401


async def test_a_draft_with_an_unknown_company_is_refused(owner: Client) -> None:
    draft = {"id": str(ids.new_id()), "name": "Bob", "company_id": str(ids.new_id())}
    answer = await owner.post("/api/v1/crm/duplicates/check", json=draft)
    assert answer.status_code == 422
    assert answer.json()["code"] == "crm.invalid_contact"


async def test_duplicates_of_an_unknown_contact_are_not_found(owner: Client) -> None:
    assert (await owner.get(f"{CONTACTS}/{ids.new_id()}/duplicates")).status_code == 404


async def test_people_are_found_by_the_new_name_of_their_company(
    owner: Client, uow: UnitOfWork, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    company = await make_contact("Romashka", kind="company")
    anna = await make_contact("Anna Petrova", company_id=company["id"])
    await run_jobs()
    await owner.patch(f"{CONTACTS}/{company['id']}", json={"version": company["version"], "name": "Vasilek"})
    await run_jobs()
    found = await repository.candidates(uow, [Key("work", "an vasilek")], UUID(int=0), 5, None)
    assert [row["contact_id"] for row in found] == [UUID(anna["id"])]


async def test_all_pairs_are_listed_page_by_page_the_likeliest_first(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    await make_contact("Anna Sidorova", company_name="Romashka")
    await make_contact("Sidorova Anna")
    await run_jobs()

    first = (await owner.get("/api/v1/crm/duplicates", params={"limit": 1})).json()
    second = (await owner.get("/api/v1/crm/duplicates", params={"limit": 1, "cursor": first["next_cursor"]})).json()

    assert (first["total"], second["next_cursor"]) == (2, None)
    assert [one["name"] for one in first["items"][0]["contacts"]] == ["Ivan Petrov", "Ivan Petrov"]
    assert {one["name"] for one in second["items"][0]["contacts"]} == {"Anna Sidorova", "Sidorova Anna"}
    assert first["items"][0]["verdict"] == "certain"
    assert second["items"][0]["reasons"][0]["code"] == "name_same"


async def test_a_scan_finds_what_was_never_compared(
    owner: Client, uow: UnitOfWork, make_contact: ContactFactory, run_jobs: RunJobs
) -> None:
    one = await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    await make_contact("Ivan Petrov", phones=[phone("+79161234567")])
    await run_jobs()
    await repository.replace_keys(uow, {UUID(one["id"]): []})
    await repository.replace_pairs(uow, [UUID(one["id"])], [])

    answer = await owner.post("/api/v1/crm/duplicates/scan")
    await run_jobs()

    assert answer.status_code == 202
    assert (await owner.get("/api/v1/crm/duplicates")).json()["total"] == 1


async def test_a_contact_is_compared_in_two_statements_beside_its_own(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs, statements: Statements
) -> None:
    one = await make_contact("Ivan Petrov")
    for _ in range(4):
        await make_contact("Ivan Petrov")
    await run_jobs()
    async with statements() as seen:
        assert len(await duplicates_of(owner, one)) == 4
    assert sum("crm_" in statement for statement in seen) == 3


def test_the_digest_changes_with_the_keys_and_not_with_their_order() -> None:
    one, other = Key("name", "a"), Key("name", "b")
    assert duplicates.digest([one, other]) == duplicates.digest([other, one])
    assert duplicates.digest([one]) != duplicates.digest([other])


async def test_what_a_job_beside_a_merge_kept_of_the_merged_is_shown_to_nobody_and_forgotten(
    owner: Client, make_contact: ContactFactory, run_jobs: RunJobs, uow: UnitOfWork
) -> None:
    """The job read the contact before it was merged, and wrote what it is looked up by after."""
    numbers = {"phones": [phone("+7 916 123-45-67")]}
    kept, gone, other = [await make_contact(name, **numbers) for name in ("Anna Petrova", "A. Petrova", "Anya Petrova")]
    await run_jobs()
    stale = await uow.read("SELECT kind, value FROM crm_key WHERE contact_id = $1", UUID(gone["id"]))
    await merged(owner, kept, gone)
    low, high = sorted((UUID(gone["id"]), UUID(other["id"])))
    await repository.replace_keys(uow, {UUID(gone["id"]): [Key(row["kind"], row["value"]) for row in stale]})
    await repository.replace_pairs(uow, [], [repository.Pair(low, high, 0.9, [])])

    assert {one["contact"]["id"] for one in await duplicates_of(owner, other)} == {kept["id"]}
    pairs = (await owner.get("/api/v1/crm/duplicates")).json()["items"]
    assert gone["id"] not in {contact["id"] for pair in pairs for contact in pair["contacts"]}

    await duplicates.refresh(uow, [UUID(gone["id"])])

    for table in ("crm_key WHERE contact_id = $1", "crm_duplicate WHERE $1 IN (low_id, high_id)"):
        assert await uow.read_value(f"SELECT count(*) FROM {table}", UUID(gone["id"])) == 0
