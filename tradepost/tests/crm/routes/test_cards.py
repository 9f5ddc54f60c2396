"""Pictures of cards through the front door: taken once, refused with the reason, shown, listed, deleted."""

import io

from PIL import Image

from mainstay import ids
from mainstay.testing.client import Client

PHOTOS = "/api/v1/crm/card-photos"
BATCHES = "/api/v1/crm/card-batches"


def picture(colour: str = "white", kind: str = "JPEG", size: tuple[int, int] = (300, 200)) -> bytes:
    """Return the file of a picture of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, kind)
    return out.getvalue()


async def test_a_picture_is_taken_and_shown(owner: Client) -> None:
    photo_id, batch_id = str(ids.new_id()), str(ids.new_id())
    content = picture()

    answer = await owner.post(
        PHOTOS, params={"id": photo_id, "batch_id": batch_id, "filename": "card.jpg"}, content=content
    )

    assert answer.status_code == 201, answer.text
    (photo,) = answer.json()["photos"]
    assert (photo["id"], photo["batch_id"], photo["state"]) == (photo_id, batch_id, "waiting")
    assert (photo["width"], photo["height"], photo["media_type"]) == (300, 200, "image/jpeg")
    image = await owner.get(f"{PHOTOS}/{photo_id}/image")
    assert (image.status_code, image.content) == (200, content)
    assert image.headers["content-type"] == "image/jpeg"
    assert image.headers["x-content-type-options"] == "nosniff"
    listed = (await owner.get(PHOTOS, params={"batch_id": batch_id})).json()
    assert listed["total"] == 1
    assert (await owner.get(f"{BATCHES}/{batch_id}")).json()["waiting"] == 1
    assert (await owner.get(BATCHES)).json()["items"][0]["photos"] == 1
    assert (await owner.get("/api/v1/crm/cards")).json() == {"items": [], "next_cursor": None, "total": 0}
    assert (await owner.get("/api/v1/crm/card-engines")).json() == {"items": []}
