"""What is personal: not written, not asked for and not searched by whoever may not see it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from out_of_reach import make_role

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.work import WorkOpener

SignIn = Callable[[str], Awaitable[Client]]
MakeContact = Callable[..., Awaitable[dict[str, Any]]]

CONTACTS = "/api/v1/crm/contacts"
NUMBER, MAILBOX = "+33123456789", "zoe@lyrebird.example"
FIELDS: list[tuple[str, object]] = [
    ("phones", [{"written": NUMBER}]),
    ("emails", [{"address": MAILBOX}]),
    ("websites", [{"url": "https://lyrebird.example"}]),
    ("addresses", [{"text": "7 Rue du Lac"}]),
    ("notes", "Likes tea"),
]


@pytest.fixture
async def clerk(program: Program, open_work: WorkOpener, sign_in_as: SignIn) -> Client:
    """Somebody who may do everything with contacts but see what is personal of them."""
    return await sign_in_as(await make_role(open_work, program.roles.all_rights - {"crm.see_personal"}, {}))


@pytest.mark.parametrize(("field", "value"), FIELDS)
async def test_nobody_writes_what_they_may_not_see(
    clerk: Client, owner: Client, make_contact: MakeContact, field: str, value: object
) -> None:
    contact = await make_contact()

    added = await clerk.post(CONTACTS, json={"id": str(ids.new_id()), "name": "Ann", field: value})
    changed = await clerk.patch(f"{CONTACTS}/{contact['id']}", json={"version": 1, field: value})

    for answer in (added, changed):
        assert (answer.status_code, answer.json()["permission"]) == (403, "crm.see_personal")
    assert (await owner.get(CONTACTS)).json()["total"] == 1
    assert (await owner.get(f"{CONTACTS}/{contact['id']}")).json() == contact
    named = await clerk.patch(f"{CONTACTS}/{contact['id']}", json={"version": 1, "title": "Buyer"})
    assert named.status_code == 200


@pytest.mark.parametrize("path", [CONTACTS, *(f"{CONTACTS}.{form}" for form in ("pdf", "csv", "vcf"))])
@pytest.mark.parametrize("missing", ["phone", "email"])
async def test_nobody_lists_who_has_what_they_may_not_see(clerk: Client, path: str, missing: str) -> None:
    answer = await clerk.get(path, params={"missing": missing})

    assert (answer.status_code, answer.json().get("permission")) == (403, "crm.see_personal")
    assert (await clerk.get(CONTACTS, params={"missing": "company"})).status_code == 200


@pytest.mark.parametrize("q", [NUMBER, "23456789", MAILBOX, "lyrebird", "tea"])
async def test_nobody_finds_a_contact_by_what_they_may_not_see(
    clerk: Client, owner: Client, make_contact: MakeContact, q: str
) -> None:
    await make_contact("Zoë Müller", phones=[{"written": NUMBER}], emails=[{"address": MAILBOX}], notes="Likes tea")

    assert (await owner.get(CONTACTS, params={"q": q})).json()["total"] == 1
    assert (await clerk.get(CONTACTS, params={"q": q})).json()["total"] == 0
    assert (await clerk.get(CONTACTS, params={"q": f"Zoë {q}"})).json()["total"] == 0
    assert (await clerk.get(CONTACTS, params={"q": "Zoë"})).json()["total"] == 1


async def test_nobody_is_told_in_a_conflict_what_they_may_not_see(
    clerk: Client, owner: Client, make_contact: MakeContact
) -> None:
    contact = await make_contact(phones=[{"written": NUMBER}], notes="Likes tea")
    path = f"{CONTACTS}/{contact['id']}"
    await owner.patch(path, json={"version": 1, "emails": [{"address": MAILBOX}], "title": "Buyer"})

    answer = await clerk.patch(path, json={"version": 1, "title": "Seller"})

    told = answer.json()
    assert (answer.status_code, told["conflicts"], told["mine"]) == (412, ["title"], {"title": "Seller"})
    for side in ("base", "theirs"):
        assert (told[side]["phones"], told[side]["emails"], told[side]["notes"]) == ([], [], "")
    assert not any(hidden in answer.text for hidden in (NUMBER, MAILBOX, "Likes tea"))
