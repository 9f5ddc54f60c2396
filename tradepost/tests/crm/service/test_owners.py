"""Whose contacts are whose: who owns what is made, who reaches it, and to whom it can be given."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from cards_read import picture
from out_of_reach import limit, make_role
from shopfloor import created

from mainstay import ids
from mainstay.bootstrap.program import Program
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, Actor, WorkOpener
from tradepost.crm.repository import reaching

CONTACTS, CARDS = "/api/v1/crm/contacts", "/api/v1/crm/card-photos"
SignIn = Callable[[str], Awaitable[Client]]
SignInLimited = Callable[[str], Awaitable[Client]]
# Places are ids of anything here: the program under test is asked for mates, not for stores.
NORTH, SOUTH = (UUID(f"018f5a3e-0000-7000-8000-00000000000{place}") for place in (1, 2))


@pytest.fixture
def limited(program: Program, open_work: WorkOpener, sign_in_as: SignIn) -> SignInLimited:
    """Signs somebody in who holds every right, over their own or their team's contacts."""

    async def sign_in(extent: str) -> Client:
        return await sign_in_as(await make_role(open_work, program.roles.all_rights, {"crm.contacts": extent}))

    return sign_in


async def contact_of(client: Client, name: str, **fields: object) -> dict[str, Any]:
    """Make a contact as somebody."""
    return await created(client, CONTACTS, {"id": str(ids.new_id()), "name": name} | fields)


async def names(client: Client, **params: str) -> list[str]:
    """Return the names in a list, and check that its total counts no others."""
    listed = (await client.get(CONTACTS, params=params)).json()
    assert listed["total"] == len(listed["items"])
    return [item["name"] for item in listed["items"]]


async def put_into_house(open_work: WorkOpener, contact: dict[str, Any]) -> None:
    """Make a contact the house's."""
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE crm_contact SET owner_id = NULL WHERE id = $1", UUID(contact["id"]))


async def test_what_somebody_makes_is_theirs_and_a_services_is_the_houses(cashier: Client) -> None:
    contact = await contact_of(cashier, "Zoë")

    assert (contact["owner_id"], contact["has_owner_left"]) == (str(cashier.person_id), False)
    assert contact["owner_name"]
    assert reaching.new_owner(Actor("service", ids.new_id())) is None


async def test_who_is_limited_to_their_own_finds_nobody_elses(limited: SignInLimited, owner: Client) -> None:
    seller = await limited("own")
    mine, theirs = await contact_of(seller, "Mine"), await contact_of(owner, "Theirs")

    assert await names(seller) == ["Mine"]
    assert await names(seller, q="theirs") == []
    assert await names(seller, owner=str(owner.person_id)) == []
    assert sorted(await names(owner)) == ["Mine", "Theirs"]
    far, nothing = [await seller.get(f"{CONTACTS}/{key}") for key in (theirs["id"], ids.new_id())]
    assert (far.status_code, far.json()["detail"]) == (404, nothing.json()["detail"])
    assert (await seller.get(f"{CONTACTS}/{mine['id']}")).status_code == 200


async def test_a_file_of_picked_contacts_holds_those_in_reach(limited: SignInLimited, owner: Client) -> None:
    seller = await limited("own")
    picked = [(await contact_of(client, name))["id"] for client, name in ((seller, "Mine"), (owner, "Theirs"))]

    file = (await seller.get(f"{CONTACTS}.vcf", params={"id": picked})).text

    assert "FN:Mine" in file
    assert "Theirs" not in file


@pytest.mark.parametrize("act", ["patch", "archive", "not-same", "merge"])
async def test_who_is_out_of_reach_is_not_changed(limited: SignInLimited, owner: Client, act: str) -> None:
    seller = await limited("own")
    mine, theirs = await contact_of(seller, "Mine"), await contact_of(owner, "Theirs")
    one = f"{CONTACTS}/{theirs['id']}"
    merge = {
        "id": str(ids.new_id()),
        "survivor_id": mine["id"],
        "versions": {mine["id"]: 1, theirs["id"]: 1},
        "result": {"name": "Both"},
    }

    method, address, body = {
        "patch": ("PATCH", one, {"version": 1, "name": "Taken"}),
        "archive": ("POST", f"{one}/archive", None),
        "not-same": ("PUT", f"{CONTACTS}/{mine['id']}/not-same/{theirs['id']}", None),
        "merge": ("POST", f"{CONTACTS}/merge", merge),
    }[act]

    assert (await seller.request(method, address, json=body)).status_code == 404
    assert (await owner.get(one)).json() == theirs


async def test_one_change_to_many_leaves_those_out_of_reach(limited: SignInLimited, owner: Client) -> None:
    seller = await limited("own")
    theirs = await contact_of(owner, "Theirs")

    answer = await seller.post(f"{CONTACTS}/bulk", json={"change": {"kind": "archive"}, "ids": [theirs["id"]]})

    assert [item["outcome"] for item in answer.json()["items"]] == ["unknown"]


async def test_a_draft_is_like_nobody_out_of_reach(
    limited: SignInLimited, owner: Client, run_jobs: Callable[[], Awaitable[int]]
) -> None:
    """A duplicate hint during the review of a card gives nobody away."""
    seller = await limited("own")
    person = {"phones": [{"written": "+33 1 23 45 67 89"}], "emails": [{"address": "zoe@example.com"}]}
    mine, theirs = await contact_of(seller, "Zoë Müller", **person), await contact_of(owner, "Zoë Müller", **person)
    await run_jobs()
    draft = {"id": str(ids.new_id()), "name": "Zoë Müller"} | person

    answers = [await client.post("/api/v1/crm/duplicates/check", json=draft) for client in (seller, owner)]
    hints = [[item["contact"]["id"] for item in answer.json()["items"]] for answer in answers]

    assert hints[0] == [mine["id"]]
    assert sorted(hints[1]) == sorted([mine["id"], theirs["id"]])
    assert (await seller.get("/api/v1/crm/duplicates")).json()["total"] == 0
    assert (await owner.get("/api/v1/crm/duplicates")).json()["total"] == 1


async def test_the_same_picture_is_each_senders_own(limited: SignInLimited, owner: Client) -> None:
    """A colleague's picture is not shown to whoever sends the very same one."""
    seller = await limited("own")
    sent = [
        await client.post(
            CARDS,
            params={"id": str(ids.new_id()), "batch_id": str(ids.new_id()), "filename": f"{place}.png"},
            content=picture(),
        )
        for place, client in enumerate((owner, seller, seller))
    ]

    assert [answer.status_code for answer in sent] == [201, 201, 200]
    assert [item["filename"] for item in (await seller.get(CARDS)).json()["items"]] == ["1.png"]
    assert (await owner.get(CARDS)).json()["total"] == 2


async def test_the_team_is_who_shares_a_place_and_not_the_house(
    limited: SignInLimited, sign_in_as: SignIn, open_work: WorkOpener
) -> None:
    seller, mate, other = await limited("team"), await sign_in_as("cashier"), await sign_in_as("cashier")
    for client, place in ((seller, NORTH), (mate, NORTH), (other, SOUTH)):
        await limit(open_work, client.person_id, [place])
    for client, name in ((seller, "Mine"), (mate, "Mates"), (other, "Others")):
        await contact_of(client, name)
    await put_into_house(open_work, await contact_of(mate, "House"))

    assert sorted(await names(seller)) == ["Mates", "Mine"]
    assert await names(seller, owner="house") == []
    assert await names(seller, owner="me") == ["Mine"]


async def test_a_contact_is_given_away_and_its_story_says_so(owner: Client, cashier: Client) -> None:
    contact = await contact_of(owner, "Zoë")

    given = await owner.patch(f"{CONTACTS}/{contact['id']}", json={"version": 1, "owner_id": str(cashier.person_id)})

    assert (given.json()["owner_id"], given.json()["version"]) == (str(cashier.person_id), 2)
    (entry, _) = (await owner.get(f"{CONTACTS}/{contact['id']}/timeline")).json()["items"]
    assert (entry["what"], entry["details"]["owner"]["id"]) == ("given", str(cashier.person_id))
    audit = (await owner.get("/api/v1/audit/entries", params={"act": "crm.contact_given"})).json()["items"]
    assert [one["object_id"] for one in audit] == [contact["id"]]


async def test_many_are_given_to_the_house_at_once(owner: Client) -> None:
    ids_of = [(await contact_of(owner, name))["id"] for name in ("A", "B")]
    change = {"change": {"kind": "give", "owner_id": None}, "ids": ids_of}

    outcomes = [
        [item["outcome"] for item in (await owner.post(f"{CONTACTS}/bulk", json=change)).json()["items"]]
        for _ in range(2)
    ]

    assert outcomes == [["changed", "changed"], ["unchanged", "unchanged"]]
    assert await names(owner, owner="house", sort="name") == ["A", "B"]


async def test_nobody_gives_to_whom_they_do_not_reach(limited: SignInLimited, owner: Client) -> None:
    seller = await limited("own")
    contact = await contact_of(seller, "Zoë")

    for other in (str(owner.person_id), None, str(ids.new_id())):
        answer = await seller.patch(f"{CONTACTS}/{contact['id']}", json={"version": 1, "owner_id": other})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unknown_owner")

    listed = (await seller.get("/api/v1/crm/owners")).json()
    assert ([one["id"] for one in listed["items"]], listed["house"]) == ([str(seller.person_id)], False)


async def test_who_was_deactivated_keeps_their_contacts_and_gets_no_more(
    owner: Client, cashier: Client, open_work: WorkOpener
) -> None:
    kept, other = await contact_of(cashier, "Kept"), await contact_of(owner, "Other")
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE identity_person SET is_active = false WHERE id = $1", cashier.person_id)

    shown = (await owner.get(f"{CONTACTS}/{kept['id']}")).json()
    assert (shown["owner_id"], shown["has_owner_left"]) == (str(cashier.person_id), True)
    body = {"version": 1, "owner_id": str(cashier.person_id)}
    assert (await owner.patch(f"{CONTACTS}/{other['id']}", json=body)).status_code == 422


async def test_a_merge_keeps_the_survivors_owner_and_only_who_reaches_both_undoes_it(
    limited: SignInLimited, owner: Client
) -> None:
    seller = await limited("own")
    mine, theirs = await contact_of(seller, "Mine"), await contact_of(owner, "Theirs")
    merge = {
        "id": str(ids.new_id()),
        "survivor_id": mine["id"],
        "versions": {mine["id"]: 1, theirs["id"]: 1},
        "result": {"name": "Both"},
    }
    await created(owner, f"{CONTACTS}/merge", merge)

    assert (await seller.get(f"{CONTACTS}/{theirs['id']}")).json()["owner_id"] == str(seller.person_id)
    assert (await seller.post(f"/api/v1/crm/merges/{merge['id']}/undo")).status_code == 404
    assert (await owner.post(f"/api/v1/crm/merges/{merge['id']}/undo")).status_code == 200
    assert (await seller.get(f"{CONTACTS}/{theirs['id']}")).status_code == 404


async def test_a_company_out_of_reach_is_not_named(
    limited: SignInLimited, owner: Client, open_work: WorkOpener
) -> None:
    seller = await limited("own")
    company = await contact_of(owner, "Secret & Sons", kind="company")
    body = {"id": str(ids.new_id()), "name": "Zoë", "company_id": company["id"]}

    assert (await seller.post(CONTACTS, json=body)).json()["errors"][0]["code"] == "unknown_company"
    person = await created(owner, CONTACTS, body)
    give = {"version": 1, "owner_id": str(seller.person_id)}
    assert (await owner.patch(f"{CONTACTS}/{person['id']}", json=give)).status_code == 200
    kept = await seller.patch(f"{CONTACTS}/{person['id']}", json={"version": 2, "title": "Buyer"})
    assert kept.json()["company_name"] == "Secret & Sons"


async def test_imported_contacts_are_whose_file_it_was(
    owner: Client, import_file: Callable[[str], Awaitable[dict[str, Any]]], limited: SignInLimited
) -> None:
    await import_file("name,phone\nZoë,+33123456789\n")

    assert await names(owner, owner="me") == ["Zoë"]
    seller = await limited("own")
    assert (await seller.get("/api/v1/crm/imports")).status_code == 403


async def test_without_the_condition_the_others_are_found(
    limited: SignInLimited, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutant: the one place that decides says everybody's."""
    seller = await limited("own")
    await contact_of(owner, "Theirs")
    monkeypatch.setattr(reaching, "owners", lambda _actor: None)

    assert await names(seller) == ["Theirs"]


async def test_who_is_limited_is_not_told_how_many_a_tag_labels(limited: SignInLimited, owner: Client) -> None:
    await contact_of(owner, "Zoë", tags=["VIP"])

    counts = [
        [tag["count"] for tag in (await client.get("/api/v1/tagging/tags")).json()["items"]]
        for client in (owner, await limited("own"))
    ]

    assert counts == [[1], [None]]
