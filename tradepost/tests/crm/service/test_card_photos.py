"""Pictures go when their owner decides so, with all that was read from them; contacts stay."""

from collections.abc import Awaitable, Callable

import pytest
from cards_read import MakeCards, SendPhoto

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

PHOTOS = "/api/v1/crm/card-photos"
CARDS = "/api/v1/crm/cards"
LEFT = """
SELECT (SELECT count(*) FROM crm_card_photo) AS photos, (SELECT count(*) FROM crm_card) AS cards,
    (SELECT count(*) FROM crm_card_batch) AS batches, (SELECT count(*) FROM crm_card_correction) AS corrections,
    (SELECT count(*) FROM crm_card_reading) AS readings
"""
KEEP_READING = """
INSERT INTO crm_card_reading (sha256, engines, readings, cpu_ms) SELECT sha256, engines, '[]', 1 FROM crm_card_photo
"""


@pytest.mark.practice(88)
async def test_a_deleted_picture_leaves_nothing_but_the_contact(
    owner: Client, make_cards: MakeCards, uow: UnitOfWork
) -> None:
    (card,) = await make_cards()
    contact = card["contact"] | {"id": str(ids.new_id()), "name": "Odalys F."}
    body = {"version": 1, "contact": contact, "boxes": card["boxes"], "fields": card["fields"]}
    await owner.post(f"{CARDS}/{card['id']}/accept", json=body)
    await uow.write(KEEP_READING)

    answer = await owner.delete(f"{PHOTOS}/{card['photo_id']}")

    assert answer.status_code == 204
    (left,) = await uow.read(LEFT)
    assert set(dict(left).values()) == {0}
    assert (await owner.get(f"/api/v1/crm/contacts/{contact['id']}")).json()["name"] == "Odalys F."
    assert (await owner.get(f"{PHOTOS}/{card['photo_id']}/image")).status_code == 404


async def test_a_batch_stays_while_it_has_pictures(owner: Client, send_photo: SendPhoto) -> None:
    batch_id = str(ids.new_id())
    first, second = [await send_photo(batch_id=batch_id) for _ in range(2)]

    await owner.delete(f"{PHOTOS}/{first['id']}")
    assert (await owner.get(f"/api/v1/crm/card-batches/{batch_id}")).json()["photos"] == 1
    await owner.delete(f"{PHOTOS}/{second['id']}")

    assert (await owner.get(f"/api/v1/crm/card-batches/{batch_id}")).status_code == 404


async def test_a_picture_that_was_deleted_while_it_waited_is_not_read(
    owner: Client, send_photo: SendPhoto, run_jobs: Callable[[], Awaitable[int]]
) -> None:
    photo = await send_photo()
    await owner.delete(f"{PHOTOS}/{photo['id']}")

    assert await run_jobs() == 1

    assert (await owner.get(PHOTOS)).json()["total"] == 0
    assert (await owner.get(CARDS)).json()["total"] == 0


async def test_reading_again_makes_a_picture_wait(owner: Client, make_cards: MakeCards, uow: UnitOfWork) -> None:
    (card,) = await make_cards()

    answer = await owner.post(f"{PHOTOS}/{card['photo_id']}/read")

    assert answer.status_code == 202
    photo = (await owner.get(PHOTOS)).json()["items"][0]
    assert (photo["state"], photo["card_ids"]) == ("waiting", [card["id"]])
    wanted = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'crm.card_photo_read_wanted'")
    assert [row["payload"] for row in wanted] == [{"photo_id": card["photo_id"]}]
