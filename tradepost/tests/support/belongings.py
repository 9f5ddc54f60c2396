"""What a shop has besides its sales: a picture of a product, with its smaller forms, and a contact."""

import asyncio

from file_calls import FILES_URL, picture, send
from shopfloor import created
from shopfloor.busy import BusyShop

from mainstay import clock, ids
from mainstay.testing.process import ProgramProcess

PATIENCE = 60.0


async def a_picture_and_a_contact(program: ProgramProcess, shop: BusyShop) -> tuple[str, bytes]:
    """Add both; return the address of the picture and its bytes, once its forms are made."""
    product = await shop.product(await shop.till(), stock="9")
    photo = await send(shop.owner, picture(), owner_kind="catalog.product", owner_id=str(product.id))
    await created(shop.owner, "/api/v1/crm/contacts", {"id": str(ids.new_id()), "name": "Zoë"})
    deadline = clock.monotonic() + PATIENCE
    while len(program.ask("SELECT 1 FROM files_form WHERE file_id = %s", photo["id"])) < 2:
        assert clock.monotonic() < deadline, "the picture has no forms"
        await asyncio.sleep(0.1)
    address = f"{FILES_URL}/{photo['id']}"
    return address, (await shop.owner.get(f"{address}/content")).content


async def assert_is_shown(program: ProgramProcess, address: str, content: bytes) -> None:
    """Fail unless a picture is there as it was, with its smaller forms."""
    async with program.owner() as owner:
        assert (await owner.get(f"{address}/content")).content == content
        assert (await owner.get(f"{address}/forms/thumbnail")).status_code == 200
