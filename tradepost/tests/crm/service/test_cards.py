"""Cards in review: kept, accepted once, skipped, opened again; what was corrected is remembered."""

import asyncio
from typing import Any

import pytest
from cards_read import ENGINES, MakeCards, picture, reading

from mainstay import clock, ids
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, UnitOfWork, WorkOpener
from tradepost.crm.cards.answers import CardAccept, CardOut
from tradepost.crm.repository import photos
from tradepost.crm.repository.readings import Done
from tradepost.crm.schemas import ContactIn
from tradepost.crm.service import card_reading, cards
from tradepost.crm.service.card_reading import Read

CARDS = "/api/v1/crm/cards"
CORRECTIONS = """
SELECT kind, index, read_value, kept_value, read_boxes, kept_boxes, box_texts, actor_name FROM crm_card_correction
ORDER BY id
"""
Card = dict[str, Any]


def accepting(card: Card, **changes: object) -> dict[str, Any]:
    """Return what is sent to accept a card, its contact with some changes."""
    contact = card["contact"] | {"id": str(ids.new_id())} | changes
    return {"version": card["version"], "contact": contact, "boxes": card["boxes"], "fields": card["fields"]}


async def test_an_accepted_card_is_a_contact(owner: Client, make_cards: MakeCards, uow: UnitOfWork) -> None:
    (card,) = await make_cards()
    body = accepting(card)

    answer = await owner.post(f"{CARDS}/{card['id']}/accept", json=body)

    assert answer.status_code == 200
    kept = answer.json()
    assert (kept["state"], kept["contact_id"]) == ("accepted", body["contact"]["id"])
    assert kept["decided_at"] is not None
    contact = (await owner.get(f"/api/v1/crm/contacts/{body['contact']['id']}")).json()
    assert (contact["source"], contact["name"], contact["company_name"]) == (
        "card", "Odalys Fennimore", "Kestrel Tools Ltd",
    )  # fmt: skip
    assert await uow.read(CORRECTIONS) == []
    events = await uow.read("SELECT payload FROM mainstay_event WHERE name = 'crm.card_kept'")
    assert [row["payload"] for row in events] == [{"card_id": card["id"], "contact_id": body["contact"]["id"]}]


async def test_what_was_corrected_is_remembered_once(owner: Client, make_cards: MakeCards, uow: UnitOfWork) -> None:
    (card,) = await make_cards()
    made = {"id": 9, "text": "Fenimore", "quad": [[0, 0], [9, 0], [9, 9], [0, 9]], "confidence": 1}
    body = accepting(card, name="Odalys Fenimore")
    body["boxes"] = [*body["boxes"], made]
    body["fields"] = [one | {"box_ids": [0, 9]} if one["kind"] == "name" else one for one in body["fields"]]

    for _ in range(3):
        assert (await owner.post(f"{CARDS}/{card['id']}/accept", json=body)).status_code == 200

    (row,) = await uow.read(CORRECTIONS)
    assert (row["kind"], row["read_value"], row["kept_value"]) == ("name", "Odalys Fennimore", "Odalys Fenimore")
    assert (row["read_boxes"], row["kept_boxes"]) == ([0], [0, 9])
    assert row["box_texts"] == {"0": "Odalys Fennimore", "9": "Fenimore"}
    assert row["actor_name"].startswith("Owner")
    assert await uow.read_value("SELECT count(*) FROM crm_contact") == 1


async def test_an_accepted_card_is_not_accepted_as_somebody_else(owner: Client, make_cards: MakeCards) -> None:
    (card,) = await make_cards()
    await owner.post(f"{CARDS}/{card['id']}/accept", json=accepting(card))

    again = await owner.post(f"{CARDS}/{card['id']}/accept", json=accepting(card))

    assert (again.status_code, again.json()["code"]) == (409, "crm.card_decided")
    assert (await owner.get("/api/v1/crm/contacts")).json()["total"] == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"name": ""}, "invalid_input"), ({"emails": [{"address": "not one"}]}, "crm.invalid_contact")],
)
async def test_what_no_contact_can_have_is_refused_and_the_card_stays_a_draft(
    owner: Client, make_cards: MakeCards, changes: dict[str, object], code: str
) -> None:
    (card,) = await make_cards()

    answer = await owner.post(f"{CARDS}/{card['id']}/accept", json=accepting(card, **changes))

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert (await owner.get(f"{CARDS}/{card['id']}")).json() == card


async def test_an_old_version_is_not_accepted(owner: Client, make_cards: MakeCards) -> None:
    """Rule 36."""
    (card,) = await make_cards()
    await owner.patch(f"{CARDS}/{card['id']}", json={"version": 1, "contact": card["contact"]})

    answer = await owner.post(f"{CARDS}/{card['id']}/accept", json=accepting(card))

    assert (answer.status_code, answer.json()["theirs"]["version"]) == (412, 2)
    assert (await owner.get("/api/v1/crm/contacts")).json()["total"] == 0


async def test_what_a_reviewer_did_so_far_is_kept(owner: Client, make_cards: MakeCards) -> None:
    (card,) = await make_cards()
    split = [*card["boxes"][1:], card["boxes"][0] | {"id": 20, "text": "Odalys"}]
    fields = [card["fields"][0] | {"box_ids": [20]}]

    kept = await owner.patch(f"{CARDS}/{card['id']}", json={"version": 1, "boxes": split, "fields": fields})

    assert (kept.json()["boxes"], kept.json()["fields"]) == (split, fields)
    assert kept.json()["contact"] == card["contact"]


async def test_a_card_is_skipped_and_taken_up_again(owner: Client, make_cards: MakeCards) -> None:
    (card,) = await make_cards()

    skipped = (await owner.post(f"{CARDS}/{card['id']}/skip", json={"version": 1})).json()
    again = await owner.post(f"{CARDS}/{card['id']}/skip", json={"version": 1})
    late = await owner.post(f"{CARDS}/{card['id']}/reopen", json={"version": 1})
    reopened = (await owner.post(f"{CARDS}/{card['id']}/reopen", json={"version": 2})).json()

    assert (skipped["state"], skipped["version"]) == ("skipped", 2)
    assert again.json() == skipped
    assert late.json()["code"] == "version_conflict"
    assert (reopened["state"], reopened["decided_at"], reopened["version"]) == ("draft", None, 3)
    assert (await owner.post(f"{CARDS}/{card['id']}/reopen", json={"version": 3})).json() == reopened


async def test_what_is_decided_is_not_changed(owner: Client, make_cards: MakeCards) -> None:
    skipped, accepted = await make_cards(reading(), reading())
    await owner.post(f"{CARDS}/{skipped['id']}/skip", json={"version": 1})
    await owner.post(f"{CARDS}/{accepted['id']}/accept", json=accepting(accepted))

    answers = [
        await owner.patch(f"{CARDS}/{skipped['id']}", json={"version": 2, "contact": skipped["contact"]}),
        await owner.post(f"{CARDS}/{skipped['id']}/accept", json=accepting(skipped)),
        await owner.post(f"{CARDS}/{accepted['id']}/skip", json={"version": 3}),
        await owner.post(f"{CARDS}/{accepted['id']}/reopen", json={"version": 3}),
    ]

    assert [answer.json()["code"] for answer in answers] == ["crm.card_decided"] * 4


async def test_formulas_and_marks_in_a_name_are_kept_and_leave_harmless(owner: Client, make_cards: MakeCards) -> None:
    """Rule 33: no letter is lost, and no spreadsheet runs it."""
    names = ["=cmd|' /C calc'!A0", "\u202eelpoeP", "\u200fאבג"]
    for card in await make_cards(*(reading((name, "", "", "", "")) for name in names)):
        assert (await owner.post(f"{CARDS}/{card['id']}/accept", json=accepting(card))).status_code == 200

    listed = (await owner.get("/api/v1/crm/contacts")).json()["items"]
    sheet = (await owner.get("/api/v1/crm/contacts.csv")).text

    assert {one["name"] for one in listed} == set(names)
    assert "'=cmd|" in sheet
    assert "\n=cmd" not in sheet
    assert ",=cmd" not in sheet


async def test_a_card_that_five_accept_at_once_is_one_contact(committed: WorkOpener) -> None:
    photo = photos.Picture(ids.new_id(), ids.new_id(), "card.png", b"1" * 32, picture(), "image/png", 300, 200, "none")
    done = Done(ENGINES, b"\xff\xd8", 300, 200, clock.now())
    async with committed(SYSTEM) as uow:
        await photos.add(uow, photo)
        await card_reading.keep(uow, photo.id, Read([reading()], None, done))
    async with committed(SYSTEM) as uow:
        row = await photos.one(uow, photo.id)
        assert row is not None
        card = await cards.get_card(uow, row["card_ids"][0])
    contact = ContactIn.model_validate(card.contact.model_dump() | {"id": ids.new_id(), "name": "Somebody"})
    wanted = CardAccept(version=1, contact=contact, boxes=card.boxes, fields=card.fields)

    async def accept() -> CardOut:
        async with committed(SYSTEM) as uow:
            return await cards.accept(uow, card.id, wanted)

    answers = await asyncio.gather(*(accept() for _ in range(5)))

    assert {answer.contact_id for answer in answers} == {contact.id}
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM crm_card_correction") == 1
        assert await uow.read_value("SELECT count(*) FROM crm_contact") == 1
        assert await uow.read_value("SELECT count(*) FROM mainstay_event WHERE name = 'crm.card_kept'") == 1
