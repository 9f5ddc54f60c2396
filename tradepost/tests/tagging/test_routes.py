"""The tagging routes: who may, what is refused, and that a word stands once."""

from typing import Any

import pytest
from shopfloor import created

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

TAGS = "/api/v1/tagging/tags"
CONTACTS = "/api/v1/crm/contacts"


def tag_in(name: str = "Supplier", **changed: object) -> dict[str, Any]:
    """Return a tag as its route takes it."""
    return {"id": str(ids.new_id()), "kind": "tag", "name": name, "colour": "teal"} | changed


async def assert_refused(client: Client, method: str, path: str, body: object, expected: tuple[int, str]) -> Any:  # noqa: ANN401  JSON
    """Send a request, expect a refusal, and return the problem."""
    answer = await client.request(method, path, json=body)
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == expected, answer.text
    return problem


async def labelled(owner: Client, *tags: str) -> dict[str, Any]:
    """Return a contact with these tags."""
    return await created(owner, CONTACTS, {"id": str(ids.new_id()), "name": "Zoë", "tags": list(tags)})


async def test_a_tag_is_made_and_listed(owner: Client, cashier: Client) -> None:
    body = tag_in()
    answer = await owner.post(TAGS, json=body)
    assert (answer.status_code, answer.headers["Location"]) == (201, f"{TAGS}/{body['id']}")
    assert answer.json() == body | {"version": 1, "count": 0}
    assert (await cashier.get(TAGS)).json() == {"items": [answer.json()]}


async def test_the_same_tag_again_changes_nothing(owner: Client) -> None:
    """Rule 18."""
    body = tag_in()
    first = await created(owner, TAGS, body)
    assert await created(owner, TAGS, body) == first
    await assert_refused(owner, "POST", TAGS, body | {"name": "Other"}, (409, "tagging.id_reused"))


@pytest.mark.parametrize("name", ["supplier", " SUPPLIER ", "Ｓupplier"])
async def test_a_name_stands_once_in_its_kind_whatever_its_case(owner: Client, name: str) -> None:
    first = tag_in()
    await created(owner, TAGS, first)
    problem = await assert_refused(owner, "POST", TAGS, tag_in(name), (409, "tagging.name_taken"))
    assert problem["taken"] == first["id"]
    await created(owner, TAGS, tag_in(name, kind="group"))


async def test_accents_make_another_word(owner: Client) -> None:
    """Rule 33: a name keeps its letters."""
    await created(owner, TAGS, tag_in("Peche"))
    assert (await created(owner, TAGS, tag_in("Pêche")))["name"] == "Pêche"


async def test_lists_are_sorted_counted_and_chosen_by_kind(owner: Client) -> None:
    await created(owner, TAGS, tag_in("Zebra"))
    await created(owner, TAGS, tag_in("apple", kind="group"))
    await labelled(owner, "zebra", "Mango")
    await labelled(owner, "Zebra")

    async def names(**params: str) -> list[tuple[str, int]]:
        return [(tag["name"], tag["count"]) for tag in (await owner.get(TAGS, params=params)).json()["items"]]

    assert await names() == [("apple", 0), ("Mango", 1), ("Zebra", 2)]
    assert await names(kind="group") == [("apple", 0)]
    assert await names(kind="tag", entity="crm.contact") == [("Mango", 1), ("Zebra", 2)]
    assert await names(kind="tag", entity="stock.item") == [("Mango", 0), ("Zebra", 0)]


async def test_a_tag_is_renamed_everywhere(owner: Client, uow: UnitOfWork) -> None:
    contact = await labelled(owner, "Suplier")
    tag = contact["tags"][0]

    answer = await owner.patch(f"{TAGS}/{tag['id']}", json={"version": 1, "name": "Supplier", "colour": "red"})

    assert answer.json() == {
        "id": tag["id"],
        "kind": "tag",
        "name": "Supplier",
        "colour": "red",
        "version": 2,
        "count": 1,
    }
    shown = (await owner.get(f"{CONTACTS}/{contact['id']}")).json()
    assert shown["tags"] == [{"id": tag["id"], "name": "Supplier", "colour": "red"}]
    (event,) = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'tagging.tag_renamed'")
    assert event["payload"] == {"tag_id": tag["id"], "old_name": "Suplier", "new_name": "Supplier"}


async def test_another_case_of_the_same_name_is_no_conflict(owner: Client) -> None:
    body = tag_in("supplier")
    await created(owner, TAGS, body)
    answer = await owner.patch(f"{TAGS}/{body['id']}", json={"version": 1, "name": "Supplier"})
    assert (answer.json()["name"], answer.json()["colour"]) == ("Supplier", "teal")


async def test_nothing_changed_keeps_the_version(owner: Client) -> None:
    body = tag_in()
    await created(owner, TAGS, body)
    answer = await owner.patch(f"{TAGS}/{body['id']}", json={"version": 1, "name": "Supplier"})
    assert answer.json()["version"] == 1


async def test_a_change_needs_the_present_version(owner: Client) -> None:
    """Rule 36."""
    body = tag_in()
    await created(owner, TAGS, body)
    await owner.patch(f"{TAGS}/{body['id']}", json={"version": 1, "colour": "pink"})
    problem = await assert_refused(
        owner, "PATCH", f"{TAGS}/{body['id']}", {"version": 1, "name": "Other"}, (412, "version_conflict")
    )
    assert (problem["theirs"]["colour"], problem["theirs"]["version"]) == ("pink", 2)


async def test_a_name_of_another_tag_is_refused(owner: Client) -> None:
    body = tag_in("Other")
    await created(owner, TAGS, tag_in())
    await created(owner, TAGS, body)
    await assert_refused(
        owner, "PATCH", f"{TAGS}/{body['id']}", {"version": 1, "name": "SUPPLIER"}, (409, "tagging.name_taken")
    )


async def test_a_deleted_tag_is_gone_from_what_had_it(owner: Client, uow: UnitOfWork) -> None:
    contact = await labelled(owner, "Old", "Kept")
    old = next(tag for tag in contact["tags"] if tag["name"] == "Old")

    assert (await owner.delete(f"{TAGS}/{old['id']}")).status_code == 204

    assert [tag["name"] for tag in (await owner.get(f"{CONTACTS}/{contact['id']}")).json()["tags"]] == ["Kept"]
    assert [tag["name"] for tag in (await owner.get(TAGS)).json()["items"]] == ["Kept"]
    assert await uow.read_value("SELECT count(*) FROM tagging_link") == 1


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": " "}, {"name": "x" * 101}, {"name": "a\nb"}, {"colour": "beige"}, {"kind": "label"},
     {"id": "1"}, {"extra": 1}, {"name": None}, {"name": "\u2028"}],
)  # fmt: skip
async def test_malformed_tags_are_refused(owner: Client, uow: UnitOfWork, change: dict[str, Any]) -> None:
    problem = await assert_refused(owner, "POST", TAGS, tag_in() | change, (422, "invalid_input"))
    assert problem["errors"]
    assert await uow.read_value("SELECT count(*) FROM tagging_tag") == 0


@pytest.mark.parametrize("change", [{}, {"version": 0}, {"version": 1, "kind": "group"}, {"version": 1, "name": None}])
async def test_malformed_changes_are_refused(owner: Client, change: dict[str, Any]) -> None:
    body = tag_in()
    await created(owner, TAGS, body)
    await assert_refused(owner, "PATCH", f"{TAGS}/{body['id']}", change, (422, "invalid_input"))


async def test_a_cashier_sees_tags_and_changes_none(owner: Client, cashier: Client) -> None:
    body = tag_in()
    await created(owner, TAGS, body)
    await assert_refused(cashier, "POST", TAGS, tag_in("New"), (403, "not_allowed"))
    for method, change in (("PATCH", {"version": 1, "name": "x"}), ("DELETE", None)):
        await assert_refused(cashier, method, f"{TAGS}/{body['id']}", change, (403, "not_allowed"))
    assert len((await cashier.get(TAGS)).json()["items"]) == 1


async def test_nobody_reads_without_signing_in(api: Client) -> None:
    assert (await api.get(TAGS)).status_code == 401


async def test_what_does_not_exist_is_not_found(owner: Client) -> None:
    for method, body in (("PATCH", {"version": 1}), ("DELETE", None)):
        await assert_refused(owner, method, f"{TAGS}/{ids.new_id()}", body, (404, "tagging.unknown_tag"))


@pytest.mark.parametrize("params", [{"kind": "label"}, {"entity": "x" * 61}])
async def test_lists_refuse_what_they_do_not_know(owner: Client, params: dict[str, str]) -> None:
    assert (await owner.get(TAGS, params=params)).status_code == 422
