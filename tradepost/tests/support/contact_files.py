"""Files of contacts as tests send them, and what comes of their entries."""

from typing import Any

from mainstay import ids
from mainstay.testing.client import Client

CONTACTS = "/api/v1/crm/contacts"
IMPORTS = "/api/v1/crm/imports"
ZOE = "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:zoe-1\r\nFN:Zoë Müller\r\nTEL:+41 79 123 45 67\r\nX-SHOE:42\r\nEND:VCARD\r\n"
NOBODY = "BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n"
WRONG = "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Wrong\r\nEMAIL:no address\r\nEND:VCARD\r\n"


async def send(client: Client, content: str | bytes, filename: str = "a.vcf", import_id: str | None = None) -> Any:  # noqa: ANN401  an answer
    """Send a file."""
    return await client.post(
        IMPORTS,
        params={"id": import_id or str(ids.new_id()), "filename": filename},
        content=content.encode() if isinstance(content, str) else content,
        headers={"Content-Type": "application/octet-stream"},
    )


def counts(shown: dict[str, Any]) -> tuple[int, int, int]:
    """Return how many entries were accepted, known and rejected; they are all that were read."""
    accepted, known, rejected = (shown[f"entries_{outcome}"] for outcome in ("accepted", "known", "rejected"))
    assert shown["state"] == "done"
    assert accepted + known + rejected == shown["entries_read"] == len(shown["rows"])
    return accepted, known, rejected


async def total(client: Client) -> int:
    """Return how many contacts there are."""
    return int((await client.get(CONTACTS)).json()["total"])
