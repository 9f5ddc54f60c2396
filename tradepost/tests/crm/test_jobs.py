"""What contacts are searched by follows the names of companies and tags, as the program's worker does it."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

MakeContact = Callable[..., Awaitable[dict[str, Any]]]
RunJobs = Callable[[], Awaitable[int]]

CONTACTS = "/api/v1/crm/contacts"
TAGS = "/api/v1/tagging/tags"


async def names(client: Client, **params: str) -> list[str]:
    """Return the names that a list shows."""
    return [row["name"] for row in (await client.get(CONTACTS, params=params)).json()["items"]]


async def test_people_are_found_by_the_new_name_of_their_company(
    owner: Client, make_contact: MakeContact, run_jobs: RunJobs, uow: UnitOfWork
) -> None:
    company = await make_contact("Alpha", kind="company")
    await make_contact("Zoë", company_id=company["id"])
    await make_contact("Bob", company_name="Middle")
    await owner.patch(f"{CONTACTS}/{company['id']}", json={"version": 1, "name": "Zulu"})

    await run_jobs()

    assert await names(owner, q="zulu", sort="name") == ["Zoë", "Zulu"]
    assert await names(owner, q="alpha", sort="name") == []
    assert await names(owner, sort="company", kind="person") == ["Bob", "Zoë"]
    assert await uow.read_value("SELECT version FROM crm_contact WHERE name = 'Zoë'") == 1


async def test_contacts_are_found_by_the_new_name_of_a_tag(
    owner: Client, make_contact: MakeContact, run_jobs: RunJobs
) -> None:
    contact = await make_contact(tags=["Wine Merchant"])
    await make_contact("Wine Merchant")
    tag = contact["tags"][0]
    await owner.patch(f"{TAGS}/{tag['id']}", json={"version": 1, "name": "Brewer"})

    await run_jobs()

    assert await names(owner, q="brewer") == ["Zoë Müller"]
    assert await names(owner, q="merchant") == ["Wine Merchant"]
    await owner.delete(f"{TAGS}/{tag['id']}")
    await run_jobs()
    assert await names(owner, q="brewer") == []


@pytest.mark.parametrize("name", ["★", "x"])
async def test_a_tag_that_nobody_has_changes_nothing(owner: Client, run_jobs: RunJobs, name: str) -> None:
    body = {"id": "018f5a3e-0000-7000-8000-000000000001", "name": name}
    assert (await owner.post(TAGS, json=body)).status_code == 201
    await owner.delete(f"{TAGS}/{body['id']}")
    assert await run_jobs() == 1


async def test_pictures_wait_behind_everything_else(
    owner: Client, send_photo: Callable[..., Awaitable[dict[str, Any]]], make_contact: MakeContact, uow: UnitOfWork
) -> None:
    await send_photo()
    await make_contact()

    jobs = await uow.read("SELECT task_name FROM procrastinate_jobs ORDER BY priority DESC, id")

    assert [row["task_name"] for row in jobs] == ["crm.find_duplicates", "crm.read_photo"]
