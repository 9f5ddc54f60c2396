"""What matters in the shop leaves an entry that names actor and change, holds no secrets, and outlives people."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from shopfloor import ProductFactory, Till, created

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener

SignIn = Callable[[str], Awaitable[Client]]


async def trail(owner: Client, act: str) -> list[dict[str, Any]]:
    answer = await owner.get("/api/v1/audit/entries", params={"act": act})
    assert answer.status_code == 200, answer.text
    return list(answer.json()["items"])


async def contact(owner: Client, name: str) -> str:
    key = str(ids.new_id())
    await created(owner, "/api/v1/crm/contacts", {"id": key, "name": name})
    return key


@pytest.mark.practice(33)
async def test_a_price_change_tells_both_prices_and_who_made_it(owner: Client, make_product: ProductFactory) -> None:
    product = await make_product(price="2.49")
    version = (await owner.get(f"/api/v1/catalog/products/{product.id}")).json()["variants"][0]["version"]

    path = f"/api/v1/catalog/variants/{product.variant_id}"
    assert (await owner.patch(path, json={"version": version, "price": "0.01"})).status_code == 200

    (entry,) = await trail(owner, "catalog.price_changed")
    assert (entry["old"]["price"], entry["new"]["price"]) == ("2.49", "0.01")
    assert entry["actor"]["id"] == str(owner.person_id)
    assert entry["actor"]["role"] == "owner"
    assert entry["object_id"] == str(product.variant_id)
    assert entry["request_id"] != "-"


@pytest.mark.practice(33)
async def test_a_correction_of_stock_tells_its_reason(owner: Client, make_product: ProductFactory) -> None:
    product = await make_product(stock="5")

    (entry,) = await trail(owner, "stock.adjusted")

    assert (entry["object_id"], entry["new"]["quantity"]) == (str(product.variant_id), "5")
    assert entry["reason"] == "Counted"


@pytest.mark.practice(33)
async def test_a_closed_shift_tells_the_difference(owner: Client, cashier: Client, till: Till) -> None:
    answer = await cashier.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 9500})
    assert answer.status_code == 200, answer.text

    (entry,) = await trail(owner, "pos.shift_closed")

    assert entry["new"]["difference_minor"] == -500
    assert (entry["actor"]["id"], entry["actor"]["role"]) == (str(cashier.person_id), "cashier")


@pytest.mark.practice(33)
async def test_a_merge_and_its_undoing_are_on_record(owner: Client) -> None:
    survivor, other = await contact(owner, "Anna"), await contact(owner, "Ana")
    merge = {
        "id": str(ids.new_id()),
        "survivor_id": survivor,
        "versions": {survivor: 1, other: 1},
        "result": {"name": "Anna"},
    }
    await created(owner, "/api/v1/crm/contacts/merge", merge)
    assert (await owner.post(f"/api/v1/crm/merges/{merge['id']}/undo")).status_code == 200

    story = (await owner.get(f"/api/v1/audit/stories/crm.contact/{survivor}")).json()["items"]

    assert [entry["act"] for entry in story] == ["crm.contacts_merged", "crm.merge_undone"]
    assert story[0]["new"]["merged"] == [{"id": other, "name": "Ana"}]


@pytest.mark.practice(33)
async def test_a_deleted_tag_and_what_was_set_up_are_on_record(owner: Client, till: Till) -> None:
    tag = str(ids.new_id())
    await created(owner, "/api/v1/tagging/tags", {"id": tag, "kind": "tag", "name": "VIP", "colour": "red"})
    assert (await owner.delete(f"/api/v1/tagging/tags/{tag}")).status_code == 204

    assert [entry["old"] for entry in await trail(owner, "tagging.tag_deleted")] == [{"kind": "tag", "name": "VIP"}]
    for act in ("shop.business_set_up", "shop.store_added", "pos.register_added"):
        assert len(await trail(owner, act)) == 1


@pytest.mark.practice(33)
@pytest.mark.parametrize(
    ("path", "act"),
    [
        ("/crm/contacts.vcf", "crm.contacts_exported"),
        ("/crm/contacts.csv", "crm.contacts_exported"),
        ("/crm/contacts.pdf", "crm.contacts_exported"),
        ("/catalog/variants.csv", "catalog.variants_exported"),
        ("/pos/sales.csv", "pos.sales_exported"),
        ("/pos/refunds.csv", "pos.refunds_exported"),
        ("/pos/shifts.csv", "pos.shifts_exported"),
    ],
)
async def test_reading_a_sensitive_export_is_on_record(owner: Client, till: Till, path: str, act: str) -> None:
    """Rule 39."""
    await contact(owner, "Anna")

    assert (await owner.get(f"/api/v1{path}")).status_code == 200

    (entry,) = await trail(owner, act)
    assert entry["actor"]["id"] == str(owner.person_id)


@pytest.mark.practice(33)
async def test_entries_outlive_the_person_who_acted(
    owner: Client, sign_in_as: SignIn, till: Till, open_work: WorkOpener
) -> None:
    """Rule 39."""
    guest = await sign_in_as("cashier")
    answer = await guest.post(f"/api/v1/pos/shifts/{till.shift_id}/close", json={"counted_minor": 10000})
    assert answer.status_code == 200, answer.text
    (before,) = await trail(owner, "pos.shift_closed")

    await forget(open_work, guest)

    assert await trail(owner, "pos.shift_closed") == [before]
    assert before["actor"]["id"] == str(guest.person_id)


async def forget(open_work: WorkOpener, guest: Client) -> None:
    """Delete the person behind a client, as nobody does through the API yet."""
    async with open_work(SYSTEM) as work:
        await work.write("DELETE FROM identity_person WHERE id = $1", guest.person_id)


@pytest.mark.practice(33)
async def test_a_wrong_password_is_on_record_without_the_password(owner: Client, api: Client, uow: UnitOfWork) -> None:
    wrong = {"email": "nobody@shop.example", "password": "a very secret sentence"}
    assert (await api.post("/api/v1/identity/session", json=wrong)).status_code == 401

    (entry,) = await trail(owner, "identity.sign_in_failed")

    assert entry["new"] == {"email": "nobody@shop.example"}
    assert (entry["actor"]["kind"], entry["object_id"]) == ("anonymous", None)
    everything = await uow.read_value("SELECT string_agg(content::text, '') FROM audit_private")
    assert wrong["password"] not in everything
