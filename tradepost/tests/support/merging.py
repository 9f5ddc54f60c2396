"""Contacts that tests merge: what a merge is asked with, and what the program shows of it."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from shopfloor import created

from mainstay import ids
from mainstay.testing.client import Client

RunJobs = Callable[[], Awaitable[int]]
CONTACTS = "/api/v1/crm/contacts"
MERGES = "/api/v1/crm/merges"
# What a contact has that a merge chooses among; the rest is told by the program.
CHOSEN = (
    "kind", "name", "given", "family", "middle", "prefix", "suffix", "company_id", "company_name", "title",
    "department", "language", "notes",
)  # fmt: skip
PHONES = [{"written": "01 23 45 67 89", "kind": "work"}, {"written": "+41 79 123 45 67", "kind": "mobile"}]


class ContactFactory(Protocol):
    """Makes contacts through the front door."""

    async def __call__(self, name: str = "Zoë Müller", **fields: object) -> dict[str, Any]:
        """Return the contact as its route shows it."""
        ...


def fields_of(contact: dict[str, Any], **changed: object) -> dict[str, Any]:
    """Return a contact as the result of a merge, with some of it changed."""
    fields = {name: contact[name] for name in CHOSEN}
    if fields["company_id"]:
        fields["company_name"] = None
    fields["phones"] = [{"written": one["written"], "kind": one["kind"]} for one in contact["phones"]]
    for name in ("emails", "websites", "addresses"):
        fields[name] = contact[name]
    for name in ("tags", "groups"):
        fields[name] = [label["name"] for label in contact[name]]
    return fields | changed


def merge_of(survivor: dict[str, Any], *others: dict[str, Any], **changed: object) -> dict[str, Any]:
    """Return the body of a merge that keeps the survivor's values but for those that are changed."""
    return {
        "id": str(ids.new_id()),
        "survivor_id": survivor["id"],
        "versions": {one["id"]: one["version"] for one in (survivor, *others)},
        "result": fields_of(survivor, **changed),
    }


async def merged(
    client: Client, survivor: dict[str, Any], *others: dict[str, Any], **changed: object
) -> dict[str, Any]:
    """Merge contacts and return what the route shows."""
    return await created(client, f"{CONTACTS}/merge", merge_of(survivor, *others, **changed))


async def got(client: Client, contact_id: str) -> dict[str, Any]:
    """Return a contact."""
    answer = await client.get(f"{CONTACTS}/{contact_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def undone(client: Client, merge: dict[str, Any]) -> dict[str, Any]:
    """Undo a merge and return what the route shows."""
    answer = await client.post(f"{MERGES}/{merge['id']}/undo")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def told(contact: dict[str, Any]) -> dict[str, Any]:
    """Return a contact without what each change moves on."""
    return {name: value for name, value in contact.items() if name not in {"version", "updated_at"}}


async def listed(client: Client, **asked: str | bool) -> list[str]:
    """Return the names of those that the list holds."""
    answer = await client.get(CONTACTS, params=asked)
    return [item["name"] for item in answer.json()["items"]]
