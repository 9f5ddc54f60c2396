"""What notifications do by themselves: the summary once a day, whom mail misses, and forgetting."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from mainstay.modules.identity.events import PersonDeleted
from mainstay.modules.notifications import jobs
from mainstay.modules.notifications.service.choices import Hour
from mainstay.modules.notifications.service.gathering import last_due
from mainstay.testing.client import Client
from mainstay.testing.frozen import FrozenClock
from mainstay.testing.mail import MailServer, Received
from mainstay.work import SYSTEM, WorkOpener

Tell = Callable[..., Awaitable[None]]
MailsTo = Callable[[Client], Awaitable[list[Received]]]
Items = Callable[..., Awaitable[list[dict[str, Any]]]]
SignIn = Callable[[str], Awaitable[Client]]
RunJobs = Callable[[], Awaitable[int]]
AddressOf = Callable[[UUID | None], Awaitable[str]]
BASE = "/api/v1/notifications"
HOUR = timedelta(hours=1)


async def gather_all(owner: Client) -> None:
    """Have the alarm gathered, at six in the evening in Tomsk (11:00 UTC)."""
    body = {"items": [{"kind": "backup.missed", "in_app": True, "mail": "digest"}]}
    assert (await owner.put(f"{BASE}/preferences", json=body)).status_code == 204
    chosen = {"digest_hour": 18, "time_zone": "Asia/Tomsk"}
    assert (await owner.put(f"{BASE}/digest", json=chosen)).status_code == 204


async def gather(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        await jobs.gather(uow)


async def test_the_summary_comes_once_at_the_readers_hour_with_all_there_is(
    owner: Client, tell: Tell, mails_to: MailsTo, open_work: WorkOpener, clock: FrozenClock
) -> None:
    """The clock stands at 10:30 UTC at first."""
    await gather_all(owner)
    for reason in ("The disk is full.", "The disk is away."):
        await tell(reason)
        await gather(open_work)
    assert await mails_to(owner) == []

    clock.move(HOUR / 2)
    for _ in range(3):
        await gather(open_work)
        clock.move(HOUR / 4)

    (received,) = await mails_to(owner)
    assert received.message["Subject"] == "Corner Shop: your day in 2 notifications"
    assert received.part("plain").count("There is no recent backup") == 2
    assert "https://shop.example/notifications" in received.part("html")
    # What came after is for the next day.
    await tell()
    await gather(open_work)
    assert len(await mails_to(owner)) == 1
    clock.move(24 * HOUR)
    await gather(open_work)
    assert [str(one.message["Subject"]) for one in await mails_to(owner)][1:] == [
        "Corner Shop: your day in 1 notifications"
    ]


async def test_a_summary_is_lost_by_no_server_that_is_away(
    owner: Client, tell: Tell, mails_to: MailsTo, open_work: WorkOpener, clock: FrozenClock, mail_server: MailServer
) -> None:
    await gather_all(owner)
    await tell()
    clock.move(HOUR)
    await mail_server.stop()
    await gather(open_work)
    with pytest.raises(Exception, match="unreachable"):
        await mails_to(owner)

    await mail_server.start()
    await gather(open_work)

    assert len(await mails_to(owner)) == 1


async def test_what_was_removed_or_is_not_wanted_any_more_is_not_in_it(
    owner: Client, tell: Tell, items: Items, mails_to: MailsTo, open_work: WorkOpener, clock: FrozenClock
) -> None:
    await gather_all(owner)
    await tell()
    (item,) = await items(owner)
    await owner.delete(f"{BASE}/{item['id']}")
    clock.move(HOUR)
    await gather(open_work)
    assert await mails_to(owner) == []

    await tell()
    await owner.put(f"{BASE}/preferences", json={"items": [{"kind": "backup.missed", "in_app": True, "mail": "off"}]})
    clock.move(24 * HOUR)
    await gather(open_work)

    assert await mails_to(owner) == []


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE notifications_reader SET time_zone = 'Mars/Olympus' WHERE person_id = $1",
        """UPDATE notifications_item SET told = '{"last": "3 days ago", "reason": ""}' WHERE person_id = $1""",
    ],
)
async def test_what_cannot_be_read_any_more_keeps_nobodys_summary_back(
    owner: Client,
    sign_in_as: SignIn,
    tell: Tell,
    items: Items,
    mails_to: MailsTo,
    open_work: WorkOpener,
    clock: FrozenClock,
    damage: str,
) -> None:
    """Red when one is sent after the other and the first one fails: nobody gets theirs, for ever."""
    ada = await sign_in_as("owner")
    await gather_all(owner)
    await gather_all(ada)
    await tell()
    async with open_work(SYSTEM) as uow:
        await uow.write(damage, owner.person_id)
    clock.move(24 * HOUR)

    await gather(open_work)

    assert [len(await mails_to(each)) for each in (owner, ada)] == [1, 1]
    assert len(await items(owner)) == 1


async def test_who_lost_the_right_meanwhile_gets_no_summary_of_it(
    owner: Client, sign_in_as: SignIn, tell: Tell, mails_to: MailsTo, open_work: WorkOpener, clock: FrozenClock
) -> None:
    ada = await sign_in_as("owner")
    await gather_all(owner)
    await gather_all(ada)
    await tell()
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE identity_person SET role = 'employee' WHERE id = $1", ada.person_id)
    clock.move(HOUR)

    await gather(open_work)

    assert [len(await mails_to(each)) for each in (owner, ada)] == [1, 0]


async def test_its_link_ends_all_that_is_gathered(
    owner: Client, api: Client, tell: Tell, mails_to: MailsTo, open_work: WorkOpener, clock: FrozenClock
) -> None:
    await gather_all(owner)
    await tell()
    clock.move(HOUR)
    await gather(open_work)
    (received,) = await mails_to(owner)
    link = str(received.message["List-Unsubscribe"]).strip("<>").removeprefix("https://shop.example")
    told = await api.post(f"{BASE}/unsubscribe/check", json={"token": link.partition("token=")[2]})
    assert told.json() == {"kind": "gathered", "title": None, "language": "en"}

    assert (await api.post(link)).status_code == 204

    found = (await owner.get(f"{BASE}/preferences")).json()["items"]
    ways = {item["kind"]: (item["in_app"], item["mail"]) for item in found}
    assert ways["backup.missed"] == (True, "off")
    assert ways["backup.well"] == (True, "now")
    # It was gathered by default, and is not chosen by anybody.
    assert ways["notifications.address"] == (True, "off")


async def test_many_are_counted_and_the_newest_are_named(
    owner: Client, tell: Tell, mails_to: MailsTo, open_work: WorkOpener, clock: FrozenClock
) -> None:
    await gather_all(owner)
    for _ in range(33):
        await tell()
    clock.move(HOUR)

    await gather(open_work)

    (received,) = await mails_to(owner)
    assert received.part("plain").count("There is no recent backup") == 30
    assert "And 3 more" in received.part("plain")


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-11-21T11:00:00+00:00", "2026-11-21T11:00:00+00:00"),
        ("2026-11-21T10:59:59+00:00", "2026-11-20T11:00:00+00:00"),
        ("2026-11-21T22:00:00+00:00", "2026-11-21T11:00:00+00:00"),
    ],
)
def test_an_hour_is_due_on_the_readers_clock(moment: str, due: str) -> None:
    assert last_due(datetime.fromisoformat(moment), Hour(18, "Asia/Tomsk")) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        ("2026-10-25T00:30:00+00:00", "2026-10-25T00:00:00+00:00"),
        ("2026-10-25T01:30:00+00:00", "2026-10-25T00:00:00+00:00"),
        ("2026-10-25T02:30:00+00:00", "2026-10-25T00:00:00+00:00"),
        # The clock goes from 2 to 3: there is no such hour, and the one that follows is taken.
        ("2026-03-29T01:00:00+00:00", "2026-03-29T01:00:00+00:00"),
    ],
)
def test_an_hour_that_comes_twice_or_never_is_due_once(moment: str, due: str) -> None:
    """Red when each 2 o'clock of a day counts: the daily mail came twice on one day of the year."""
    found = last_due(datetime.fromisoformat(moment), Hour(2, "Europe/Berlin"))
    assert found.astimezone(UTC).isoformat() == due


async def test_an_address_that_a_server_refuses_for_good_gets_no_more_notifications(
    owner: Client, tell: Tell, mails_to: MailsTo, items: Items, mail_server: MailServer, address_of: AddressOf
) -> None:
    address = await address_of(owner.person_id)
    mail_server.replies[address] = "550 5.1.1 no such person"
    await tell()
    await mails_to(owner)
    mail_server.replies.clear()

    await tell()

    assert await mails_to(owner) == []
    # The inbox still works, and says why there is no mail; so do the account and the list of whoever manages mail.
    kinds = [item["kind"] for item in await items(owner)]
    assert kinds == ["backup.missed", "notifications.address", "notifications.own_address", "backup.missed"]
    missed = (await owner.get(f"{BASE}/preferences")).json()["unreachable"]
    assert (missed["address"], missed["reason"], missed["told"]) == (address, "status_550", "5.1.1 no such person")
    (listed,) = (await owner.get(f"{BASE}/unreachable")).json()["items"]
    assert (listed["person_id"], listed["address"]) == (str(owner.person_id), address)
    # Who says that it is right is written to again.
    assert (await owner.post(f"{BASE}/address/confirm")).status_code == 204
    await tell()
    assert len(await mails_to(owner)) == 1
    again = await owner.post(f"{BASE}/address/confirm")
    assert (again.status_code, again.json()["code"]) == (404, "notifications.address_well")


@pytest.mark.parametrize(
    "reply", ["450 4.2.0 later", "550 5.7.1 not from here", "552 5.2.2 mailbox full", "554 5.7.1 looks like spam"]
)
async def test_a_refusal_that_is_not_about_the_address_is_not_held_against_it(
    owner: Client, tell: Tell, run_jobs: RunJobs, mail_server: MailServer, address_of: AddressOf, reply: str
) -> None:
    """Red when every 5xx counts: a server that takes us for spam would silence a whole shop."""
    mail_server.replies[await address_of(owner.person_id)] = reply
    await tell()

    if reply.startswith("4"):
        with pytest.raises(Exception, match="status_450"):
            await run_jobs()
    else:
        await run_jobs()

    assert (await owner.get(f"{BASE}/unreachable")).json()["items"] == []


async def test_another_address_is_another_matter(
    owner: Client, tell: Tell, mails_to: MailsTo, mail_server: MailServer, address_of: AddressOf, open_work: WorkOpener
) -> None:
    mail_server.replies[await address_of(owner.person_id)] = "550 5.1.1 no such person"
    await tell()
    await mails_to(owner)
    async with open_work(SYSTEM) as uow:
        change = "UPDATE identity_person SET email = $2, email_key = $2 WHERE id = $1"
        await uow.write(change, owner.person_id, "ada.new@shop.example")

    await tell()

    assert len(await mails_to(owner)) == 1
    assert (await owner.get(f"{BASE}/preferences")).json()["unreachable"] is None
    assert (await owner.get(f"{BASE}/unreachable")).json()["items"] == []


async def test_a_summary_waits_for_an_address_that_works(
    owner: Client,
    tell: Tell,
    mails_to: MailsTo,
    mail_server: MailServer,
    address_of: AddressOf,
    open_work: WorkOpener,
    clock: FrozenClock,
) -> None:
    """Nothing is lost: it is sent once the address is right."""
    mail_server.replies[await address_of(owner.person_id)] = "550 5.1.1 no such person"
    await tell()
    await mails_to(owner)
    mail_server.replies.clear()
    await gather_all(owner)
    await tell()
    clock.move(HOUR)
    await gather(open_work)
    assert await mails_to(owner) == []

    assert (await owner.delete(f"{BASE}/unreachable/{owner.person_id}")).status_code == 204
    await gather(open_work)

    assert len(await mails_to(owner)) == 1


async def test_whoever_does_not_look_after_mail_clears_nobody(owner: Client, cashier: Client) -> None:
    answer = await cashier.delete(f"{BASE}/unreachable/{owner.person_id}")
    assert answer.status_code == 403


async def test_nothing_is_kept_of_a_person_who_was_deleted(
    owner: Client, tell: Tell, mails_to: MailsTo, mail_server: MailServer, address_of: AddressOf, open_work: WorkOpener
) -> None:
    assert owner.person_id is not None
    mail_server.replies[await address_of(owner.person_id)] = "550 5.1.1 no such person"
    await gather_all(owner)
    await tell()
    await owner.put(f"{BASE}/preferences", json={"items": [{"kind": "backup.missed", "in_app": True, "mail": "now"}]})
    await tell()
    await mails_to(owner)

    counts = [f"(SELECT count(*) FROM notifications_{name})" for name in ("item", "preference", "reader", "bounce")]
    async with open_work(SYSTEM) as uow:
        before = await uow.read_row(f"SELECT {', '.join(f'{one} AS a{n}' for n, one in enumerate(counts))}")
        await jobs.forget_person(uow, PersonDeleted(person_id=owner.person_id))
        after = await uow.read_row(f"SELECT {', '.join(f'{one} AS a{n}' for n, one in enumerate(counts))}")

    assert before is not None
    assert after is not None
    assert all(before.values())
    assert list(after.values()) == [0, 0, 0, 0]


async def test_what_others_were_told_of_a_person_who_was_deleted_goes_too(
    owner: Client,
    sign_in_as: SignIn,
    tell: Tell,
    items: Items,
    mails_to: MailsTo,
    mail_server: MailServer,
    address_of: AddressOf,
    open_work: WorkOpener,
) -> None:
    """Their name and address would have stayed in the inboxes of whoever looks after mail."""
    ada = await sign_in_as("owner")
    assert ada.person_id is not None
    mail_server.replies[await address_of(ada.person_id)] = "550 5.1.1 no such person"
    await tell()
    await mails_to(ada)
    assert [item["kind"] for item in await items(owner)] == ["notifications.address", "backup.missed"]

    async with open_work(SYSTEM) as uow:
        await jobs.forget_person(uow, PersonDeleted(person_id=ada.person_id))

    assert [item["kind"] for item in await items(owner)] == ["backup.missed"]


async def test_a_deleted_person_is_forgotten_by_the_job(
    owner: Client, cashier: Client, run_jobs: RunJobs, open_work: WorkOpener
) -> None:
    """Through the front door: deleting somebody announces it, and the job answers."""
    hour = {"digest_hour": 3, "time_zone": "UTC"}
    assert (await cashier.put(f"{BASE}/digest", json=hour)).status_code == 204
    person = (await owner.get(f"/api/v1/identity/people/{cashier.person_id}")).json()

    deleted = await owner.request(
        "DELETE", f"/api/v1/identity/people/{cashier.person_id}", params={"version": person["version"]}
    )

    assert deleted.status_code == 204, deleted.text
    await run_jobs()
    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM notifications_reader") == 0


async def test_what_was_read_long_ago_is_forgotten(
    owner: Client, tell: Tell, items: Items, open_work: WorkOpener
) -> None:
    for _ in range(4):
        await tell()
    keys = [item["id"] for item in await items(owner)]
    async with open_work(SYSTEM) as uow:
        change = "UPDATE notifications_item SET {what} WHERE id = $1"
        await uow.write(change.format(what="read_at = now() - interval '61 days'"), UUID(keys[0]))
        await uow.write(change.format(what="created_at = now() - interval '366 days'"), UUID(keys[1]))
        await uow.write(change.format(what="read_at = now() - interval '59 days'"), UUID(keys[2]))

        await jobs.forget_the_old(uow)

    assert {item["id"] for item in await items(owner)} == {keys[2], keys[3]}
