"""Two sides of one card: joined to one draft, parted again, accepted together."""

from typing import Any

from cards_read import MakeCards, reading

from mainstay import ids
from mainstay.testing.client import Client
from mainstay.work import UnitOfWork

CARDS = "/api/v1/crm/cards"
FRONT = reading(("Odalys Fennimore", "", "Kestrel Tools Ltd", "+44 20 7946 0958", ""))
BACK = reading(("Одалис Феннимор", "Sales Manager", "", "", "odalys@kestrel.example"))
Card = dict[str, Any]


async def join(client: Client, card: Card, other: Card) -> Card:
    """Join two drafts and return the first."""
    answer = await client.post(f"{CARDS}/{card['id']}/join", json={"version": card["version"], "other_id": other["id"]})
    assert answer.status_code == 200, answer.text
    joined: Card = answer.json()
    return joined


async def listed(client: Client) -> list[str]:
    """Return the ids of the drafts in the list."""
    return [one["id"] for one in (await client.get(CARDS, params={"state": "draft"})).json()["items"]]


async def test_the_draft_has_what_both_say_and_the_other_leaves_the_list(owner: Client, make_cards: MakeCards) -> None:
    front, back = await make_cards(FRONT, BACK)

    both = await join(owner, front, back)

    assert (both["sides"], both["version"]) == ([back["id"]], 2)
    assert (both["contact"]["name"], both["contact"]["title"]) == ("Odalys Fennimore", "Sales Manager")
    assert both["contact"]["emails"] == [{"address": "odalys@kestrel.example", "kind": "work"}]
    assert both["boxes"] == front["boxes"]
    assert (await owner.get(f"{CARDS}/{back['id']}")).json()["joined_to"] == front["id"]
    assert await listed(owner) == [front["id"]]
    assert await join(owner, front, back) == both


async def test_parted_drafts_are_as_they_were(owner: Client, make_cards: MakeCards) -> None:
    front, back = await make_cards(FRONT, BACK)
    both = await join(owner, front, back)

    parted = (await owner.post(f"{CARDS}/{front['id']}/part", json={"version": both["version"]})).json()

    assert parted | {"version": 1} == front
    assert (await owner.get(f"{CARDS}/{back['id']}")).json() | {"version": 1} == back
    assert await listed(owner) == [front["id"], back["id"]]
    again = await owner.post(f"{CARDS}/{front['id']}/part", json={"version": 1})
    assert again.json() == parted


async def test_one_of_several_sides_is_parted_alone(owner: Client, make_cards: MakeCards) -> None:
    front, back, third = await make_cards(FRONT, BACK, reading(("", "", "", "+44 7700 900123", "")))
    both = await join(owner, await join(owner, front, back), third)
    assert len(both["contact"]["phones"]) == 2

    side = (await owner.get(f"{CARDS}/{back['id']}")).json()
    await owner.post(f"{CARDS}/{back['id']}/part", json={"version": side["version"]})

    left = (await owner.get(f"{CARDS}/{front['id']}")).json()
    assert (left["sides"], left["contact"]["title"]) == ([third["id"]], None)
    assert len(left["contact"]["phones"]) == 2


async def test_both_sides_are_accepted_together_and_nothing_joined_is_a_correction(
    owner: Client, make_cards: MakeCards, uow: UnitOfWork
) -> None:
    front, back = await make_cards(FRONT, BACK)
    both = await join(owner, front, back)
    contact = both["contact"] | {"id": str(ids.new_id())}
    body = {"version": both["version"], "contact": contact, "boxes": both["boxes"], "fields": both["fields"]}

    assert (await owner.post(f"{CARDS}/{front['id']}/accept", json=body)).status_code == 200

    of_it = (await owner.get(f"/api/v1/crm/contacts/{contact['id']}/cards")).json()["items"]
    assert [(one["id"], one["state"]) for one in of_it] == [(front["id"], "accepted"), (back["id"], "accepted")]
    assert await uow.read_value("SELECT count(*) FROM crm_card_correction") == 0
    parted = await owner.post(f"{CARDS}/{front['id']}/part", json={"version": 4})
    assert parted.json()["code"] == "crm.card_decided"


async def test_both_sides_are_skipped_and_taken_up_together(owner: Client, make_cards: MakeCards) -> None:
    front, back = await make_cards(FRONT, BACK)
    both = await join(owner, front, back)

    skipped = (await owner.post(f"{CARDS}/{front['id']}/skip", json={"version": both["version"]})).json()
    assert (await owner.get(f"{CARDS}/{back['id']}")).json()["state"] == "skipped"
    await owner.post(f"{CARDS}/{front['id']}/reopen", json={"version": skipped["version"]})

    assert (await owner.get(f"{CARDS}/{back['id']}")).json()["state"] == "draft"
    assert await listed(owner) == [front["id"]]


async def test_what_is_one_side_of_another_is_left_alone(owner: Client, make_cards: MakeCards) -> None:
    front, back, third = await make_cards(FRONT, BACK, reading())
    both = await join(owner, front, back)
    side = (await owner.get(f"{CARDS}/{back['id']}")).json()

    answers = [
        await owner.post(f"{CARDS}/{back['id']}/skip", json={"version": side["version"]}),
        await owner.patch(f"{CARDS}/{back['id']}", json={"version": side["version"], "contact": back["contact"]}),
        await owner.post(f"{CARDS}/{third['id']}/join", json={"version": 1, "other_id": back["id"]}),
        await owner.post(f"{CARDS}/{third['id']}/join", json={"version": 1, "other_id": front["id"]}),
        await owner.post(f"{CARDS}/{third['id']}/join", json={"version": 1, "other_id": third["id"]}),
    ]

    assert [answer.json()["code"] for answer in answers] == ["crm.card_joined"] * 5
    assert (await owner.get(f"{CARDS}/{front['id']}")).json() == both


async def test_a_decided_card_is_not_joined_and_an_old_version_neither(owner: Client, make_cards: MakeCards) -> None:
    front, back = await make_cards(FRONT, BACK)
    old = await owner.post(f"{CARDS}/{front['id']}/join", json={"version": 7, "other_id": back["id"]})
    await owner.post(f"{CARDS}/{back['id']}/skip", json={"version": 1})
    decided = await owner.post(f"{CARDS}/{front['id']}/join", json={"version": 1, "other_id": back["id"]})

    assert (old.json()["code"], decided.json()["code"]) == ("version_conflict", "crm.card_decided")
    unknown = await owner.post(f"{CARDS}/{front['id']}/join", json={"version": 1, "other_id": str(ids.new_id())})
    assert unknown.status_code == 404


async def test_when_the_picture_of_one_side_is_deleted_the_other_is_a_card_of_its_own(
    owner: Client, make_cards: MakeCards
) -> None:
    (front,) = await make_cards(FRONT)
    (back,) = await make_cards(BACK)
    await join(owner, front, back)

    await owner.delete(f"/api/v1/crm/card-photos/{front['photo_id']}")

    assert await listed(owner) == [back["id"]]
