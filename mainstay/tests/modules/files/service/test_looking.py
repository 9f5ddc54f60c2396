"""What happens to a file by itself: forms that fit the picture."""

from uuid import UUID

from file_calls import FILES_URL, picture, send

from mainstay import ids
from mainstay.modules.files.repository import files as repository
from mainstay.modules.files.service import looking
from mainstay.modules.files.service.looking import Forms
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener


async def test_what_is_gone_gets_no_forms(open_work: WorkOpener) -> None:
    absent = ids.new_id()
    async with open_work(SYSTEM) as uow:
        assert await looking.make_forms(uow, absent) is None
        await looking.keep_forms(uow, absent, Forms())


async def test_forms_of_a_picture_that_was_turned_meanwhile_are_dropped(owner: Client, open_work: WorkOpener) -> None:
    made = await send(owner, picture())
    file_id = UUID(made["id"])
    async with open_work(SYSTEM) as uow:
        forms = await looking.make_forms(uow, file_id)
        assert forms is not None
        await repository.turn(uow, file_id, 90)
        await looking.keep_forms(uow, file_id, forms)
    assert (await owner.get(f"{FILES_URL}/{made['id']}")).json()["forms"] == []


async def test_a_picture_whose_pixels_are_broken_can_be_saved_and_has_no_forms(
    owner: Client, open_work: WorkOpener
) -> None:
    content = bytearray(picture("JPEG", (2000, 2000)))
    content[700:-2] = bytes(len(content) - 702)
    made = await send(owner, bytes(content), "dawn.jpg")
    assert made["state"] == "ready"
    async with open_work(SYSTEM) as uow:
        await looking.make_forms(uow, UUID(made["id"]))
