"""The notification routes: one's own inbox and wishes alone, and links that end mails without signing in."""

import re
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest

from mainstay import clock, ids
from mainstay.modules.notifications.service import choices
from mainstay.testing.client import Client
from mainstay.testing.mail import MailServer, Received
from mainstay.work import SYSTEM, WorkOpener

Tell = Callable[..., Awaitable[None]]
MailsTo = Callable[[Client], Awaitable[list[Received]]]
Items = Callable[..., Awaitable[list[dict[str, Any]]]]
AddressOf = Callable[[UUID | None], Awaitable[str]]
SignIn = Callable[[str], Awaitable[Client]]
BASE = "/api/v1/notifications"
ONE_CLICK = {"Content-Type": "application/x-www-form-urlencoded"}


def link_of(received: Received) -> str:
    """Return the address for one click, without the program's own."""
    header = str(received.message["List-Unsubscribe"])
    assert header.startswith("<https://shop.example/api/v1/")
    return header.strip("<>").removeprefix("https://shop.example")


async def unread(client: Client) -> int:
    return int((await client.get(f"{BASE}/unread")).json()["unread"])


async def test_the_inbox_comes_page_by_page_the_newest_first(owner: Client, tell: Tell) -> None:
    for number in range(3):
        await tell(f"Reason {number}.")

    first = (await owner.get(BASE, params={"limit": 2})).json()
    rest = (await owner.get(BASE, params={"limit": 2, "cursor": first["next_cursor"]})).json()

    reasons = [fact["value"] for item in [*first["items"], *rest["items"]] for fact in item["facts"][1:]]
    assert reasons == ["Reason 2.", "Reason 1.", "Reason 0."]
    assert rest["next_cursor"] is None
    assert (await owner.get(BASE, params={"cursor": "made-up"})).status_code == 422


async def test_what_was_read_and_removed_counts_no_more(owner: Client, tell: Tell, items: Items) -> None:
    for _ in range(3):
        await tell()
    newest, _, oldest = await items(owner)
    assert await unread(owner) == 3

    assert (await owner.post(f"{BASE}/{newest['id']}/read")).status_code == 204
    assert (await owner.delete(f"{BASE}/{oldest['id']}")).status_code == 204

    assert await unread(owner) == 1
    assert [bool(item["read_at"]) for item in await items(owner)] == [True, False]
    assert (await owner.delete(f"{BASE}/{oldest['id']}")).json()["code"] == "notifications.unknown"


async def test_all_are_read_up_to_what_was_seen(owner: Client, tell: Tell, items: Items) -> None:
    """What came between looking and pressing the button stays unread."""
    await tell()
    seen = (await items(owner))[0]["created_at"]
    await tell()

    assert (await owner.post(f"{BASE}/read", json={"up_to": seen})).status_code == 204

    assert [bool(item["read_at"]) for item in await items(owner)] == [False, True]


async def test_what_one_was_told_by_a_right_is_shown_for_as_long_as_one_holds_it(
    owner: Client, sign_in_as: SignIn, tell: Tell, items: Items, open_work: WorkOpener
) -> None:
    """The inbox of somebody who is an owner no more went on telling where backups lie and why they fail."""
    ada = await sign_in_as("owner")
    await tell()
    (told,) = await items(ada)
    assert await unread(ada) == 1

    await become(open_work, ada, "employee")

    assert await items(ada) == []
    assert await unread(ada) == 0
    assert (await ada.post(f"{BASE}/{told['id']}/read")).json()["code"] == "notifications.unknown"
    assert await change(ada, "remove", told["id"]) == [("unknown", "notifications.unknown")]
    assert (await ada.post(f"{BASE}/read", json={"up_to": clock.now().isoformat()})).status_code == 204

    await become(open_work, ada, "owner")

    assert len(await items(owner)) == 1
    (again,) = await items(ada)
    assert (again["id"], again["read_at"]) == (told["id"], None)


async def test_a_mutant_that_withholds_nothing_shows_what_one_may_not_see(
    owner: Client, sign_in_as: SignIn, tell: Tell, items: Items, open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "withheld", lambda _uow: [])
    ada = await sign_in_as("owner")
    await tell()

    await become(open_work, ada, "employee")

    assert (len(await items(owner)), len(await items(ada))) == (1, 1)


async def become(open_work: WorkOpener, client: Client, role: str) -> None:
    """Give somebody another role."""
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE identity_person SET role = $2 WHERE id = $1", client.person_id, role)


async def change(client: Client, kind: str, *keys: str) -> list[tuple[str, str | None]]:
    """Do something with many notifications, and return what became of each."""
    body = {"change": {"kind": kind}, "items": [{"id": key} for key in keys]}
    answer = await client.post(f"{BASE}/bulk", json=body)
    assert answer.status_code == 200, answer.text
    return [(each["outcome"], each["code"]) for each in answer.json()["items"]]


async def test_those_that_are_picked_are_read_and_removed_together(owner: Client, tell: Tell, items: Items) -> None:
    for _ in range(3):
        await tell()
    newest, middle, oldest = [item["id"] for item in await items(owner)]
    nobody = str(ids.new_id())

    unknown = ("unknown", "notifications.unknown")
    assert await change(owner, "read", newest, nobody, middle) == [("changed", None), unknown, ("changed", None)]
    assert await change(owner, "read", newest, oldest) == [("unchanged", None), ("changed", None)]
    assert await unread(owner) == 0
    assert await change(owner, "remove", middle, oldest) == [("changed", None)] * 2
    assert await change(owner, "remove", middle, newest) == [unknown, ("changed", None)]
    assert await items(owner) == []


async def test_many_cost_as_many_statements_as_one(owner: Client, tell: Tell, items: Items) -> None:
    """A client of tests refuses a request that makes one statement more than twenty times."""
    for _ in range(25):
        await tell()
    keys = [item["id"] for item in await items(owner)]

    assert await change(owner, "read", *keys) == [("changed", None)] * 25
    assert await change(owner, "remove", *keys) == [("changed", None)] * 25


async def test_an_inbox_is_its_owners_alone(owner: Client, sign_in_as: SignIn, tell: Tell, items: Items) -> None:
    """Red when a statement forgets the person."""
    other = await sign_in_as("cashier")
    await tell()
    (item,) = await items(owner)

    for answer in (await other.post(f"{BASE}/{item['id']}/read"), await other.delete(f"{BASE}/{item['id']}")):
        assert (answer.status_code, answer.json()["code"]) == (404, "notifications.unknown")
    for kind in ("read", "remove"):
        assert await change(other, kind, item["id"]) == [("unknown", "notifications.unknown")]
    await other.post(f"{BASE}/read", json={"up_to": clock.now().isoformat()})

    assert await unread(owner) == 1
    assert await items(other) == []


async def test_who_did_not_change_anything_is_told_so_without_a_body(owner: Client, tell: Tell) -> None:
    """The bell asks every minute: an answer that is the same costs no body."""
    await tell()
    first = await owner.get(f"{BASE}/unread")

    again = await owner.get(f"{BASE}/unread", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.json(), again.status_code) == ({"unread": 1}, 304)


@pytest.mark.parametrize("path", ["", "/unread", "/preferences", "/unreachable"])
async def test_nobody_sees_anything_without_signing_in(api: Client, path: str) -> None:
    assert (await api.get(f"{BASE}{path}")).status_code == 401


async def test_a_kind_is_offered_to_those_whom_it_may_reach(owner: Client, cashier: Client) -> None:
    def kinds(answer: dict[str, Any]) -> dict[str, bool]:
        return {item["kind"]: item["is_fixed"] for item in answer["items"]}

    owners, cashiers = [(await one.get(f"{BASE}/preferences")).json() for one in (owner, cashier)]

    assert kinds(owners) == {
        "notifications.own_address": True,
        "notifications.address": False,
        "backup.missed": False,
        "backup.well": False,
    }
    assert kinds(cashiers) == {"notifications.own_address": True}
    assert (owners["digest_hour"], owners["time_zone"], owners["unreachable"]) == (7, "UTC", None)


@pytest.mark.parametrize("kind", ["notifications.own_address", "backup.missed", "no.such"])
async def test_what_is_about_security_or_not_theirs_cannot_be_chosen(cashier: Client, kind: str) -> None:
    body = {"items": [{"kind": kind, "in_app": False, "mail": "off"}]}

    answer = await cashier.put(f"{BASE}/preferences", json=body)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "items")


async def test_the_hour_of_the_summary_is_chosen_in_ones_own_time_zone(owner: Client) -> None:
    chosen = {"digest_hour": 19, "time_zone": "Asia/Tomsk"}
    assert (await owner.put(f"{BASE}/digest", json=chosen)).status_code == 204

    found = (await owner.get(f"{BASE}/preferences")).json()

    assert {name: found[name] for name in chosen} == chosen
    refused = await owner.put(f"{BASE}/digest", json={"digest_hour": 19, "time_zone": "Moon/Crater"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "time_zone")


async def test_one_click_ends_the_mails_of_a_kind_and_nothing_else(
    owner: Client, api: Client, tell: Tell, mails_to: MailsTo, items: Items
) -> None:
    """RFC 8058: a mail program posts to the address in the mail's head, without cookies."""
    await tell()
    (received,) = await mails_to(owner)
    assert received.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = link_of(received)
    for _ in range(2):
        answer = await api.post(link, content="List-Unsubscribe=One-Click", headers=ONE_CLICK)
        assert (answer.status_code, answer.content) == (204, b"")

    await tell()

    assert len(await mails_to(owner)) == 1
    assert len(await items(owner)) == 2


async def test_looking_at_the_link_ends_nothing_and_leads_to_a_page_that_asks(
    owner: Client, api: Client, tell: Tell, mails_to: MailsTo
) -> None:
    """Scanners of mails open every link."""
    await tell()
    (received,) = await mails_to(owner)
    link = link_of(received)
    token = link.partition("token=")[2]

    answer = await api.get(link)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/unsubscribe#{token}")
    assert f"https://shop.example/unsubscribe#{token}" in received.part("plain")
    assert f"https://shop.example/unsubscribe#{token}" in received.part("html")
    told = await api.post(f"{BASE}/unsubscribe/check", json={"token": token})
    assert told.json() == {"kind": "backup.missed", "title": "No recent backup", "language": "en"}
    await tell()
    assert len(await mails_to(owner)) == 2


async def test_a_link_works_for_its_person_and_kind_alone(
    owner: Client, sign_in_as: SignIn, api: Client, tell: Tell, mails_to: MailsTo
) -> None:
    """Red without the signature: whoever knows an id would end the mails of its person."""
    other = await sign_in_as("owner")
    await tell()
    token = link_of((await mails_to(owner))[0]).partition("token=")[2]
    person, kind, signature = token[:32], token[33:-44], token[-43:]
    forged = [
        f"{other.person_id.hex if other.person_id else ''}.{kind}.{signature}",
        f"{person}.backup.well.{signature}",
        f"{person}.gathered.{signature}",
        f"{person}.{kind}.{signature[:-2]}AA",
        "",
    ]
    for wrong in forged:
        for answer in (
            await api.post(f"{BASE}/unsubscribe", params={"token": wrong}),
            await api.get(f"{BASE}/unsubscribe", params={"token": wrong}),
            await api.post(f"{BASE}/unsubscribe/check", json={"token": wrong}),
        ):
            assert (answer.status_code, answer.json()["code"]) == (404, "notifications.link_unknown")
    await tell()
    assert [len(await mails_to(one)) for one in (owner, other)] == [2, 2]


async def test_mails_of_security_say_nothing_of_ending_them(
    owner: Client, sign_in_as: SignIn, tell: Tell, mails_to: MailsTo, mail_server: MailServer, address_of: AddressOf
) -> None:
    ada = await sign_in_as("owner")
    mail_server.replies[await address_of(ada.person_id)] = "550 5.1.1 no such person"
    body = {"items": [{"kind": "notifications.address", "in_app": True, "mail": "now"}]}
    assert (await owner.put(f"{BASE}/preferences", json=body)).status_code == 204
    await tell()

    # The owner is told that Ada is not reached; a link ends that. Ada's own is fixed, and has none.
    told = [one for one in await mails_to(owner) if "does not reach" in str(one.message["Subject"])]
    assert len(told) == 1
    assert told[0].message["List-Unsubscribe"] is not None
    del mail_server.replies[await address_of(ada.person_id)]
    assert (await ada.post(f"{BASE}/address/confirm")).status_code == 204


async def test_what_nobody_knows_the_words_of_is_shown_by_its_kind(
    owner: Client, items: Items, open_work: WorkOpener
) -> None:
    """A module that went, or a letter that has more words than the version that told it knew."""
    add = """
    INSERT INTO notifications_item (id, person_id, kind, told, in_app, mail) VALUES ($1, $2, $3, '{}', true, 'off')
    """
    async with open_work(SYSTEM) as uow:
        await uow.write(add, ids.new_id(), owner.person_id, "gone.kind")
        await uow.write(add, ids.new_id(), owner.person_id, "notifications.address")

    found = await items(owner)

    assert sorted((item["kind"], item["title"]) for item in found) == [
        ("gone.kind", None),
        ("notifications.address", None),
    ]


async def test_the_one_click_address_stands_in_one_line_of_the_head(
    owner: Client, tell: Tell, mails_to: MailsTo
) -> None:
    """Red when the head is folded: an address in encoded words is none for a mail program."""
    await tell()
    (received,) = await mails_to(owner)

    lines = [line for line in received.content.split(b"\r\n") if line.startswith(b"List-Unsubscribe:")]

    assert len(lines) == 1
    assert re.fullmatch(rb"List-Unsubscribe: <https://shop\.example/api/v1/[!-;=?-~]+>", lines[0])
