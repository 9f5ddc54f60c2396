"""Pictures and cards through the front door: who may, what is listed, what is refused."""

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from cards_read import MakeCards, SendPhoto, picture, reading

from mainstay import ids
from mainstay.testing.client import Client

MakeContact = Callable[..., Awaitable[dict[str, Any]]]

PHOTOS = "/api/v1/crm/card-photos"
BATCHES = "/api/v1/crm/card-batches"
CARDS = "/api/v1/crm/cards"
SOME_ID = "018f5a3e-0000-7000-8000-000000000001"


def sent_as(filename: str = "card.jpg", batch_id: str | None = None, photo_id: str | None = None) -> dict[str, str]:
    """Return what a file is sent as."""
    return {"id": photo_id or str(ids.new_id()), "batch_id": batch_id or str(ids.new_id()), "filename": filename}


async def test_a_picture_is_taken_and_waits_to_be_read(owner: Client) -> None:
    params = sent_as()

    answer = await owner.post(PHOTOS, params=params, content=picture())

    assert answer.status_code == 201
    assert answer.headers["location"] == f"{BATCHES}/{params['batch_id']}"
    (photo,) = answer.json()["photos"]
    assert (photo["id"], photo["batch_id"], photo["state"]) == (params["id"], params["batch_id"], "waiting")
    assert (photo["width"], photo["height"], photo["media_type"]) == (300, 200, "image/png")
    assert (answer.json()["is_repeat"], answer.json()["refused"]) == (False, [])


async def test_the_same_picture_again_is_the_first_one(owner: Client) -> None:
    first, again = sent_as(), sent_as("copy.jpg")
    await owner.post(PHOTOS, params=first, content=picture())

    answer = await owner.post(PHOTOS, params=again, content=picture())

    assert (answer.status_code, answer.json()["is_repeat"]) == (200, True)
    assert (answer.json()["batch_id"], answer.json()["photos"][0]["id"]) == (first["batch_id"], first["id"])
    assert (await owner.get(PHOTOS)).json()["total"] == 1
    assert (await owner.get(BATCHES)).json()["total"] == 1


async def test_the_same_id_with_another_picture_is_refused(owner: Client) -> None:
    params = sent_as()
    await owner.post(PHOTOS, params=params, content=picture())

    answer = await owner.post(PHOTOS, params=params, content=picture((1, 2, 3)))

    assert (answer.status_code, answer.json()["code"]) == (409, "crm.photo_id_reused")
    assert (await owner.get(PHOTOS)).json()["total"] == 1


async def test_a_picture_is_shown_as_it_was_sent_until_it_was_looked_at(owner: Client) -> None:
    params = sent_as()
    await owner.post(PHOTOS, params=params, content=picture())

    image = await owner.get(f"{PHOTOS}/{params['id']}/image")

    assert (image.status_code, image.content) == (200, picture())
    assert (image.headers["content-type"], image.headers["cache-control"]) == ("image/png", "no-store")
    assert (image.headers["x-content-type-options"], image.headers["content-disposition"]) == ("nosniff", "inline")


async def test_then_it_is_shown_upright_and_no_browser_keeps_it_for_the_next_person(
    owner: Client, make_cards: MakeCards
) -> None:
    (card,) = await make_cards()

    image = await owner.get(f"{PHOTOS}/{card['photo_id']}/image")

    assert (image.content, image.headers["content-type"]) == (b"\xff\xd8 shown", "image/jpeg")
    assert image.headers.get_list("cache-control") == ["no-store"]
    assert image.headers["etag"] == f'"{hashlib.sha256(image.content).hexdigest()[:32]}"'
    known = {"If-None-Match": image.headers["etag"]}
    again = await owner.get(f"{PHOTOS}/{card['photo_id']}/image", headers=known)
    assert (again.status_code, again.content) == (304, b"")


async def test_pictures_are_listed_in_the_order_in_which_they_were_sent(owner: Client, send_photo: SendPhoto) -> None:
    batch_id = str(ids.new_id())
    sent = [(await send_photo(batch_id=batch_id))["id"] for _ in range(3)]
    await send_photo()

    first = (await owner.get(PHOTOS, params={"batch_id": batch_id, "limit": 2})).json()
    rest = (await owner.get(PHOTOS, params={"batch_id": batch_id, "cursor": first["next_cursor"]})).json()

    assert [one["id"] for one in first["items"] + rest["items"]] == sent
    assert (first["total"], rest["next_cursor"]) == (3, None)
    assert (await owner.get(PHOTOS, params={"state": "done"})).json()["items"] == []


async def test_batches_are_listed_newest_first_with_how_far_they_are(
    owner: Client, make_cards: MakeCards, send_photo: SendPhoto
) -> None:
    older, newer = str(ids.new_id()), str(ids.new_id())
    draft, skipped = await make_cards(reading(), reading(), batch_id=older)
    await owner.post(f"{CARDS}/{skipped['id']}/skip", json={"version": skipped["version"]})
    await send_photo(batch_id=older)
    await send_photo(batch_id=newer)

    first = (await owner.get(BATCHES, params={"limit": 1})).json()
    rest = (await owner.get(BATCHES, params={"cursor": first["next_cursor"]})).json()

    assert [one["id"] for one in first["items"] + rest["items"]] == [newer, older]
    whole = (await owner.get(f"{BATCHES}/{older}")).json()
    assert whole == rest["items"][0]
    counts = {"photos": 2, "waiting": 1, "reading": 0, "done": 1, "failed": 0, "drafts": 1, "accepted": 0, "skipped": 1}
    assert {name: whole[name] for name in counts} == counts
    assert draft["state"] == "draft"


async def test_cards_are_listed_page_by_page_with_how_many_fields_are_unsure(
    owner: Client, make_cards: MakeCards
) -> None:
    batch_id = str(ids.new_id())
    sure, unsure = await make_cards(reading(), reading(phone_confidence=0.79), batch_id=batch_id)
    (third,) = await make_cards(batch_id=batch_id)

    draft = {"state": "draft", "batch_id": batch_id}
    first = (await owner.get(CARDS, params=draft | {"limit": "2"})).json()
    rest = (await owner.get(CARDS, params=draft | {"cursor": first["next_cursor"]})).json()

    assert [one["id"] for one in first["items"] + rest["items"]] == [sure["id"], unsure["id"], third["id"]]
    assert [one["unsure"] for one in first["items"]] == [0, 1]
    assert (first["items"][0]["name"], first["items"][0]["company"]) == ("Odalys Fennimore", "Kestrel Tools Ltd")
    assert first["items"][0]["place"] == [[0, 0], [300, 0], [300, 200], [0, 200]]
    assert (first["items"][0]["photo_width"], first["items"][0]["photo_height"], first["total"]) == (300, 200, 3)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{PHOTOS}/{SOME_ID}/image"),
        ("POST", f"{PHOTOS}/{SOME_ID}/read"),
        ("DELETE", f"{PHOTOS}/{SOME_ID}"),
        ("GET", f"{BATCHES}/{SOME_ID}"),
        ("GET", f"{CARDS}/{SOME_ID}"),
        ("GET", f"/api/v1/crm/contacts/{SOME_ID}/cards"),
    ],
)
async def test_what_is_not_there_is_not_found(owner: Client, method: str, path: str) -> None:
    assert (await owner.request(method, path)).status_code == 404


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", PHOTOS),
        ("GET", PHOTOS),
        ("GET", f"{PHOTOS}/{SOME_ID}/image"),
        ("POST", f"{PHOTOS}/{SOME_ID}/read"),
        ("DELETE", f"{PHOTOS}/{SOME_ID}"),
        ("GET", BATCHES),
        ("GET", f"{BATCHES}/{SOME_ID}"),
        ("GET", CARDS),
        ("GET", f"{CARDS}/{SOME_ID}"),
        ("PATCH", f"{CARDS}/{SOME_ID}"),
        ("POST", f"{CARDS}/{SOME_ID}/accept"),
        ("POST", f"{CARDS}/{SOME_ID}/skip"),
        ("POST", f"{CARDS}/{SOME_ID}/reopen"),
        ("POST", f"{CARDS}/{SOME_ID}/join"),
        ("POST", f"{CARDS}/{SOME_ID}/part"),
        ("GET", f"/api/v1/crm/contacts/{SOME_ID}/cards"),
        ("GET", "/api/v1/crm/card-engines"),
    ],
)
async def test_nobody_sees_or_changes_anything_without_signing_in(api: Client, method: str, path: str) -> None:
    answer = await api.request(method, path, params=sent_as())
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.not_signed_in")


async def test_a_card_that_somebody_else_changed_is_not_overwritten(owner: Client, make_cards: MakeCards) -> None:
    """Rule 36."""
    (card,) = await make_cards()
    contact = card["contact"] | {"name": "Odalys F."}
    mine = await owner.patch(f"{CARDS}/{card['id']}", json={"version": 1, "contact": contact})

    late = await owner.patch(f"{CARDS}/{card['id']}", json={"version": 1, "contact": card["contact"]})

    assert (mine.status_code, mine.json()["contact"]["name"], mine.json()["version"]) == (200, "Odalys F.", 2)
    assert (late.status_code, late.json()["code"]) == (412, "version_conflict")
    assert late.json()["theirs"]["contact"]["name"] == "Odalys F."


@pytest.mark.parametrize(
    "change",
    [
        {"version": 0},
        {"boxes": [{"id": 1, "text": "x", "quad": [[0, 0]], "confidence": 1}]},
        {"boxes": [{"id": -1, "text": "x", "quad": [[0, 0]] * 4, "confidence": 1}]},
        {"fields": [{"kind": "nickname", "index": 0, "value": "x", "confidence": 1}]},
        {"fields": [{"kind": "name", "index": 0, "value": "x", "confidence": 2}]},
        {"contact": {"name": "x" * 301}},
        {"contact": {"phones": [{"written": "1"}] * 21}},
        {"place": [[0, 0]] * 4},
    ],
)
async def test_malformed_changes_are_refused(owner: Client, make_cards: MakeCards, change: dict[str, Any]) -> None:
    (card,) = await make_cards()
    answer = await owner.patch(f"{CARDS}/{card['id']}", json={"version": 1} | change)
    assert answer.status_code == 422


async def test_the_cards_of_a_contact_are_listed(
    owner: Client, make_cards: MakeCards, make_contact: MakeContact
) -> None:
    (card,) = await make_cards()
    contact = card["contact"] | {"id": str(ids.new_id())}
    body = {"version": 1, "contact": contact, "boxes": card["boxes"], "fields": card["fields"]}
    assert (await owner.post(f"{CARDS}/{card['id']}/accept", json=body)).status_code == 200

    of_it = (await owner.get(f"/api/v1/crm/contacts/{contact['id']}/cards")).json()

    assert [(one["id"], one["state"]) for one in of_it["items"]] == [(card["id"], "accepted")]
    other = await make_contact()
    assert (await owner.get(f"/api/v1/crm/contacts/{other['id']}/cards")).json()["items"] == []
