"""The routes of contacts: who may, what is kept, what is refused, and what is never confused."""

from typing import Any
from uuid import UUID

import pytest
from counting import Statements, own
from shopfloor import created

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

CONTACTS = "/api/v1/crm/contacts"
BULK = f"{CONTACTS}/bulk"


def contact_in(name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
    """Return a contact as its route takes it."""
    return {"id": str(ids.new_id()), "name": name} | fields


WHOLE: dict[str, Any] = {
    "kind": "person",
    "name": "Dr. Zoë Anna Müller jr.",
    "given": "Zoë",
    "family": "Müller",
    "middle": "Anna",
    "prefix": "Dr.",
    "suffix": "jr.",
    "company_name": "Quay & Sons",
    "title": "Head of Buying",
    "language": "de-CH",
    "notes": "Met at the fair.\nLikes tea.",
    "phones": [
        {"written": "01 23 45 67 89", "kind": "work"},
        {"written": "+41 (0)79 123 45 67", "kind": "mobile"},
        {"written": "Extension 12", "kind": "other"},
    ],
    "emails": [{"address": "Zoe.Mueller@MÜLLER.example", "kind": "work"}],
    "websites": [{"url": "müller.example/me"}],
    "addresses": [
        {
            "text": "12 Harbour Street\n29200 Brest\nFrance",
            "street": "12 Harbour Street",
            "postcode": "29200",
            "city": "Brest",
            "region": "Bretagne",
            "country": "France",
            "kind": "work",
        }
    ],
}


async def assert_refused(client: Client, method: str, path: str, body: object, expected: tuple[int, str]) -> Any:  # noqa: ANN401  JSON
    """Send a request, expect a refusal, and return the problem."""
    answer = await client.request(method, path, json=body)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == expected, answer.text
    return problem


async def rows_of_contacts(uow: UnitOfWork) -> int:
    """Return how many rows contacts take."""
    tables = ("contact", "phone", "email", "website", "address", "timeline")
    counts = " + ".join(f"(SELECT count(*) FROM crm_{table})" for table in tables)
    return int(await uow.read_value(f"SELECT {counts}"))


@pytest.mark.usefixtures("in_france")
async def test_a_contact_is_created_with_all_it_is_reached_by(owner: Client) -> None:
    """Rules 30 and 33: E.164 beside what was written, names as they were written."""
    body = contact_in(**WHOLE, tags=["VIP", "vip"], groups=["Fair 2026"])

    answer = await owner.post(CONTACTS, json=body)

    made = answer.json()
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{CONTACTS}/{body['id']}")
    assert {key: made[key] for key in WHOLE if key != "phones"} == {key: WHOLE[key] for key in WHOLE if key != "phones"}
    assert [phone["e164"] for phone in made["phones"]] == ["+33123456789", "+41791234567", None]
    assert [phone["written"] for phone in made["phones"]] == [
        "01 23 45 67 89", "+41 (0)79 123 45 67", "Extension 12",
    ]  # fmt: skip
    assert [[label["name"] for label in made[kind]] for kind in ("tags", "groups")] == [["VIP"], ["Fair 2026"]]
    assert (made["company_id"], made["source"], made["version"], made["archived_at"]) == (None, "manual", 1, None)
    assert (await owner.get(f"{CONTACTS}/{body['id']}")).json() == made


@pytest.mark.parametrize(
    "name",
    ["Zoë Müller", "Борис Пастернак", "田中 さくら", "محمد الأمين", "O’Brien-Smith", "Ng", "María José García López",
     "<script>alert('x')</script>", "=1+1"],
)  # fmt: skip
async def test_a_name_is_kept_whole_and_never_split(owner: Client, name: str) -> None:
    """Rule 33: no part of a name is guessed, and its script stays."""
    made = await created(owner, CONTACTS, contact_in(name))
    assert made["name"] == name
    assert [made[part] for part in ("given", "family", "middle", "prefix", "suffix")] == [None] * 5


async def test_a_name_is_composed(owner: Client) -> None:
    """Rule 33: NFC, however it was typed."""
    assert (await created(owner, CONTACTS, contact_in("Zoe\u0308")))["name"] == "Zoë"


async def test_without_a_shop_only_numbers_with_a_country_code_are_known(owner: Client) -> None:
    """Rule 30: the default country is said, never guessed."""
    phones = [{"written": "01 23 45 67 89"}, {"written": "+33 1 23 45 67 89"}]
    made = await created(owner, CONTACTS, contact_in(phones=phones))
    assert [phone["e164"] for phone in made["phones"]] == [None, "+33123456789"]


async def test_an_address_is_kept_as_typed_and_compared_in_idna_form(owner: Client, uow: UnitOfWork) -> None:
    """Rule 31: the domain in lower case and IDNA form, the local part as typed, dots and plus signs are left alone."""
    addresses = ["Zoe.M+Fair@MÜLLER.example", "иван@почта.example"]
    made = await created(owner, CONTACTS, contact_in(emails=[{"address": address} for address in addresses]))
    assert [email["address"] for email in made["emails"]] == addresses
    keys = [row["address_key"] for row in await uow.read("SELECT address_key FROM crm_email ORDER BY position")]
    assert keys == ["Zoe.M+Fair@xn--mller-kva.example", "иван@xn--80a1acny.example"]


async def test_the_same_contact_again_changes_nothing(owner: Client, uow: UnitOfWork) -> None:
    """Rule 18: the id is the idempotency key, also after the contact was changed."""
    body = contact_in(tags=["VIP"], phones=[{"written": "+33 1 23 45 67 89"}])
    await created(owner, CONTACTS, body)
    await owner.patch(f"{CONTACTS}/{body['id']}", json={"version": 1, "name": "Renamed"})
    before = await rows_of_contacts(uow)

    again = await created(owner, CONTACTS, body)

    assert again["name"] == "Renamed"
    assert await rows_of_contacts(uow) == before


async def test_the_same_id_with_other_content_is_refused(owner: Client) -> None:
    """Rule 18."""
    body = contact_in()
    await created(owner, CONTACTS, body)
    await assert_refused(owner, "POST", CONTACTS, body | {"name": "Other"}, (409, "crm.id_reused"))


@pytest.mark.practice(46)
@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"emails": [{"address": "zoe"}]}, "emails.0.address", "invalid_email"),
        ({"emails": [{"address": "a@b.example"}, {"address": "a b@c.example"}]}, "emails.1.address", "invalid_email"),
        ({"emails": [{"address": "Zoe <a@b.example>"}]}, "emails.0.address", "invalid_email"),
        ({"company_id": str(UUID(int=7))}, "company_id", "unknown_company"),
        ({"kind": "company", "company_name": "Other"}, "company_name", "company_of_company"),
    ],
)
async def test_what_cannot_be_is_refused(
    owner: Client, uow: UnitOfWork, change: dict[str, Any], field: str, code: str
) -> None:
    """Rule 31."""
    problem = await assert_refused(owner, "POST", CONTACTS, contact_in(**change), (422, "crm.invalid_contact"))
    assert [(error["field"], error["code"]) for error in problem["errors"]] == [(field, code)]
    assert await rows_of_contacts(uow) == 0


@pytest.mark.practice(46)
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"name": None}, "name"),
        ({"id": "1"}, "id"),
        ({"kind": "dog"}, "kind"),
        ({"given": ""}, "given"),
        ({"prefix": "x" * 101}, "prefix"),
        ({"language": "German!"}, "language"),
        ({"notes": "x" * 20_001}, "notes"),
        ({"notes": "\x07"}, "notes"),
        ({"phones": [{"written": ""}]}, "phones.0.written"),
        ({"phones": [{"written": "1" * 101}]}, "phones.0.written"),
        ({"phones": [{"written": "1", "kind": "car"}]}, "phones.0.kind"),
        ({"phones": [{"written": "1", "e164": "+1"}]}, "phones.0.e164"),
        ({"phones": [{"written": "1"}] * 21}, "phones"),
        ({"emails": [{"address": "a@b.example"}] * 21}, "emails"),
        ({"emails": [{"address": "a" * 321}]}, "emails.0.address"),
        ({"websites": [{"url": "x"}] * 21}, "websites"),
        ({"websites": [{"url": "x" * 2001}]}, "websites.0.url"),
        ({"addresses": [{"text": "x"}] * 11}, "addresses"),
        ({"addresses": [{"text": "x" * 2001}]}, "addresses.0.text"),
        ({"addresses": [{"text": "x", "city": "x" * 301}]}, "addresses.0.city"),
        ({"tags": ["x"] * 51}, "tags"),
        ({"tags": [""]}, "tags.0"),
        ({"groups": ["x" * 101]}, "groups.0"),
        ({"source": "card"}, "source"),
        ({"colour": "red"}, "colour"),
    ],
)
async def test_malformed_contacts_are_refused(
    owner: Client, uow: UnitOfWork, change: dict[str, Any], field: str
) -> None:
    problem = await assert_refused(owner, "POST", CONTACTS, contact_in() | change, (422, "invalid_input"))
    assert [error["field"] for error in problem["errors"]] == [field]
    assert await rows_of_contacts(uow) == 0


# -- archiving and many at once ----------------------------------------------------------------------------------------


async def test_a_contact_is_put_away_and_brought_back(owner: Client) -> None:
    body = contact_in()
    await created(owner, CONTACTS, body)

    away = (await owner.post(f"{CONTACTS}/{body['id']}/archive")).json()
    again = (await owner.post(f"{CONTACTS}/{body['id']}/archive")).json()

    assert (away["version"], again) == (2, away)
    assert away["archived_at"] is not None
    assert (await owner.get(CONTACTS)).json()["total"] == 0
    assert (await owner.get(CONTACTS, params={"archived": True})).json()["total"] == 1
    back = (await owner.post(f"{CONTACTS}/{body['id']}/unarchive")).json()
    assert (back["archived_at"], back["version"]) == (None, 3)
    assert (await owner.get(CONTACTS)).json()["total"] == 1


@pytest.mark.practice(66)
async def test_one_change_is_made_to_many_and_each_is_told_apart(owner: Client) -> None:
    has, lacks = contact_in(tags=["vip"]), contact_in()
    for body in (has, lacks):
        await created(owner, CONTACTS, body)
    missing = str(ids.new_id())
    wanted = {"change": {"kind": "add_tag", "name": "VIP"}, "ids": [lacks["id"], missing, has["id"]]}

    answer = (await owner.post(BULK, json=wanted)).json()

    assert [(item["id"], item["outcome"], item["version"]) for item in answer["items"]] == [
        (lacks["id"], "changed", 2), (missing, "unknown", None), (has["id"], "unchanged", 1),
    ]  # fmt: skip
    assert answer["items"][1]["code"] == "crm.unknown_contact"
    assert [item["outcome"] for item in (await owner.post(BULK, json=wanted)).json()["items"]] == [
        "unchanged", "unknown", "unchanged",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"change": {"kind": "archive"}, "items": []}, "items"),
        ({"change": {"kind": "archive"}, "items": [{"id": str(UUID(int=number))} for number in range(201)]}, "items"),
        ({"change": {"kind": "archive"}, "items": [{"id": str(UUID(int=1))}] * 2}, "items"),
        ({"change": {"kind": "archive"}, "items": [{"id": str(UUID(int=1)), "version": 0}]}, "items.0.version"),
        ({"change": {"kind": "archive"}, "ids": [str(UUID(int=1))] * 2}, "items"),
        ({"change": {"kind": "archive"}, "ids": [str(UUID(int=1))], "items": [{"id": str(UUID(int=2))}]}, "ids"),
        ({"change": {"kind": "delete"}, "ids": [str(UUID(int=1))]}, "change"),
        ({"change": {"kind": "add_tag"}, "ids": [str(UUID(int=1))]}, "change.add_tag.name"),
        ({"change": {"kind": "add_tag", "name": ""}, "ids": [str(UUID(int=1))]}, "change.add_tag.name"),
    ],
)
async def test_malformed_bulk_changes_are_refused(owner: Client, body: dict[str, Any], field: str) -> None:
    problem = await assert_refused(owner, "POST", BULK, body, (422, "invalid_input"))
    assert [error["field"] for error in problem["errors"]] == [field]


# -- listing -----------------------------------------------------------------------------------------------------------


@pytest.mark.practice(42)
@pytest.mark.parametrize("q", ["", "thing"])
async def test_a_list_of_100_takes_as_many_statements_as_a_list_of_one(
    owner: Client, statements: Statements, q: str
) -> None:
    for number in range(100):
        body = contact_in(f"Thing {number}", tags=["VIP"], phones=[{"written": "+33 1 23 45 67 89"}])
        await created(owner, CONTACTS, body)
    counts = []
    for limit in (1, 100):
        async with statements() as seen:
            page = (await owner.get(CONTACTS, params={"limit": limit, "q": q})).json()
        assert len(page["items"]) == limit
        counts.append(len(own(seen)))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "params",
    [{"limit": 0}, {"limit": "x"}, {"sort": "colour"}, {"q": "x" * 201}, {"tag": "x"}, {"missing": "hat"},
     {"source": "fax"}, {"kind": "dog"}, {"archived": "perhaps"}],
)  # fmt: skip
async def test_lists_refuse_what_they_do_not_know(owner: Client, params: dict[str, Any]) -> None:
    answer = await owner.get(CONTACTS, params=params)
    code = "unknown_sort" if "sort" in params else "invalid_input"
    assert (answer.status_code, answer.json()["code"]) == (422, code)


# -- what happened -----------------------------------------------------------------------------------------------------


async def test_everything_that_happens_is_told_newest_first(owner: Client) -> None:
    body = contact_in()
    await created(owner, CONTACTS, body)
    path = f"{CONTACTS}/{body['id']}"
    await owner.patch(path, json={"version": 1, "title": "Buyer", "phones": [{"written": "+33 1 23 45 67 89"}]})
    for change in ({"kind": "add_tag", "name": "VIP"}, {"kind": "remove_tag", "name": "VIP"}):
        await owner.post(BULK, json={"change": change, "ids": [body["id"]]})
    await owner.post(f"{path}/archive")

    story = (await owner.get(f"{path}/timeline")).json()

    assert [(one["version"], one["what"]) for one in story["items"]] == [
        (5, "archived"), (4, "untagged"), (3, "tagged"), (2, "changed"), (1, "created"),
    ]  # fmt: skip
    assert story["items"][3]["details"] == {
        "changes": {
            "title": {"before": None, "after": "Buyer"},
            "phones": {"before": [], "after": [{"written": "+33 1 23 45 67 89", "kind": "work"}]},
        }
    }
    assert story["items"][2]["details"] == {"kind": "tag", "name": "VIP"}
    assert story["items"][4]["details"] == {"source": "manual"}
    assert {one["actor_name"].startswith("Owner") for one in story["items"]} == {True}
    assert (story["total"], story["next_cursor"]) == (5, None)


async def test_the_story_is_read_page_by_page(owner: Client) -> None:
    body = contact_in()
    await created(owner, CONTACTS, body)
    for version in (1, 2, 3):
        await owner.patch(f"{CONTACTS}/{body['id']}", json={"version": version, "title": f"T{version}"})
    seen: list[int] = []
    cursor: str | None = None
    while not seen or cursor:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = (await owner.get(f"{CONTACTS}/{body['id']}/timeline", params=params)).json()
        seen += [one["version"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [4, 3, 2, 1]


# -- who may -----------------------------------------------------------------------------------------------------------


async def test_a_cashier_takes_cards_too(cashier: Client) -> None:
    body = contact_in(tags=["New word"])
    await created(cashier, CONTACTS, body)
    assert (await cashier.patch(f"{CONTACTS}/{body['id']}", json={"version": 1, "title": "x"})).status_code == 200
    assert (await cashier.get(CONTACTS)).json()["total"] == 1


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CONTACTS),
        ("GET", f"{CONTACTS}/{UUID(int=1)}"),
        ("GET", f"{CONTACTS}/{UUID(int=1)}/timeline"),
        ("POST", CONTACTS),
        ("POST", BULK),
        ("PATCH", f"{CONTACTS}/{UUID(int=1)}"),
        ("POST", f"{CONTACTS}/{UUID(int=1)}/archive"),
        ("POST", f"{CONTACTS}/{UUID(int=1)}/unarchive"),
    ],
)
async def test_nobody_comes_in_without_signing_in(api: Client, method: str, path: str) -> None:
    assert (await api.request(method, path, json={} if method != "GET" else None)).status_code == 401


async def test_what_does_not_exist_is_not_found(owner: Client) -> None:
    path = f"{CONTACTS}/{ids.new_id()}"
    for method, address, body in (
        ("GET", path, None),
        ("GET", f"{path}/timeline", None),
        ("PATCH", path, {"version": 1, "title": "x"}),
        ("POST", f"{path}/archive", None),
        ("POST", f"{path}/unarchive", None),
    ):
        await assert_refused(owner, method, address, body, (404, "crm.unknown_contact"))
    await assert_refused(owner, "GET", f"{CONTACTS}/1", None, (422, "invalid_input"))
