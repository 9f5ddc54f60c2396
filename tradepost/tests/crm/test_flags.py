"""What is switched off of contacts is refused to those it is off for, and to nobody else; nothing is kept of it."""

from collections.abc import Awaitable, Callable, Iterator

import pytest
from contact_files import send
from fastapi import FastAPI

from mainstay import ids
from mainstay.flags.flag import Flag
from mainstay.flags.rules import Rule, Steering
from mainstay.flags.state import Flags
from mainstay.testing.client import Client
from mainstay.work import WorkOpener
from tradepost.crm.flags import CARD_SCANNING, CONTACT_IMPORTS

PHOTOS, IMPORTS = "/api/v1/crm/card-photos", "/api/v1/crm/imports"
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\nEND:VCARD\r\n"
Off = Callable[[Flag], None]


@pytest.fixture
def off_for_managers(app: FastAPI) -> Iterator[Off]:
    """Switches something off for managers alone."""
    opener: WorkOpener = app.state.edge.open_work
    flags: Flags = opener.setup.flags

    def switch(flag: Flag) -> None:
        flags.steer({flag.key: Steering((Rule(False, roles=frozenset({"manager"})),))}, {})

    yield switch
    flags.steer({}, {})


@pytest.fixture
async def manager(sign_in_as: Callable[[str], Awaitable[Client]]) -> Client:
    """The client of a signed-in manager."""
    return await sign_in_as("manager")


async def test_cards_are_taken_from_those_for_whom_scanning_is_on(
    owner: Client, manager: Client, off_for_managers: Off
) -> None:
    off_for_managers(CARD_SCANNING)

    async def sent(client: Client) -> tuple[int, str]:
        params = {"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": "a.jpg"}
        answer = await client.post(PHOTOS, params=params, content=b"no picture")
        return answer.status_code, answer.json()["code"]

    assert await sent(manager) == (503, "flags.switched_off")
    # The owner's is looked at, and is no picture.
    assert (await sent(owner))[0] == 422
    again = await manager.post(f"{PHOTOS}/{ids.new_id()}/read")
    assert (again.status_code, again.json()["flag"]) == (503, CARD_SCANNING.key)
    assert (await owner.post(f"{PHOTOS}/{ids.new_id()}/read")).status_code == 404


async def test_files_of_contacts_are_taken_from_those_for_whom_imports_are_on(
    owner: Client, manager: Client, off_for_managers: Off
) -> None:
    off_for_managers(CONTACT_IMPORTS)

    refused = await send(manager, CARD)
    taken = await send(owner, CARD)

    assert (refused.status_code, refused.json()["code"]) == (503, "flags.switched_off")
    assert taken.status_code == 202
    assert (await manager.post(f"{IMPORTS}/{ids.new_id()}/restart")).status_code == 503
    assert len((await owner.get(IMPORTS)).json()["items"]) == 1
