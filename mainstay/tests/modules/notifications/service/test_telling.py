"""Who is told, how, and in which words: the inbox and the mail are made of one letter."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mainstay import ids
from mainstay.mail.settings import Language
from mainstay.modules.notifications import api as notifications
from mainstay.modules.notifications.api import Notice
from mainstay.modules.notifications.service.bouncing import OWN_ADDRESS
from mainstay.testing.client import Client
from mainstay.testing.mail import Received
from mainstay.work import SYSTEM, WorkOpener

Tell = Callable[..., Awaitable[None]]
MailsTo = Callable[[Client], Awaitable[list[Received]]]
Items = Callable[..., Awaitable[list[dict[str, Any]]]]
Speak = Callable[[Client, Language], Awaitable[None]]
SignIn = Callable[[str], Awaitable[Client]]
PREFERENCES = "/api/v1/notifications/preferences"


async def test_whoever_holds_the_right_is_told_in_their_language_and_nobody_else(
    owner: Client, sign_in_as: SignIn, cashier: Client, tell: Tell, mails_to: MailsTo, items: Items, speak: Speak
) -> None:
    ada = await sign_in_as("owner")
    await speak(ada, "ru")

    await tell()

    (english,), (russian,) = await mails_to(owner), await mails_to(ada)
    assert await mails_to(cashier) == []
    assert english.message["Subject"] == "Corner Shop: no recent backup"
    assert russian.message["Subject"] == "Corner Shop: нет свежей резервной копии"
    for part in ("plain", "html"):
        assert "https://shop.example/settings" in english.part(part)
        assert "The disk is full." in english.part(part)
        assert "ни разу" in russian.part(part)
    # The inbox says the same, in the language it is read in.
    (item,) = await items(owner)
    assert (item["title"], item["path"], item["read_at"]) == ("There is no recent backup", "/settings", None)
    assert item["paragraphs"][0] in english.part("plain").replace("\n", " ")
    assert {"label": "Last verified backup", "value": "never"} in item["facts"]
    assert (await items(owner, language="ru"))[0]["title"] == "Нет свежей резервной копии"
    assert (await items(ada))[0]["title"] == "Нет свежей резервной копии"
    assert await items(cashier) == []


async def test_a_role_that_was_given_the_right_is_told_too(
    sign_in_as: SignIn, tell: Tell, items: Items, open_work: WorkOpener
) -> None:
    """Rights are data: who is told follows what a role holds now, not what it is called."""
    manager = await sign_in_as("manager")
    await tell()
    assert await items(manager) == []
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE identity_role SET permissions = '{backup.manage}' WHERE key = 'manager'")

    await tell()

    assert len(await items(manager)) == 1


@pytest.mark.parametrize(
    ("in_app", "mail", "shown", "sent"), [(False, "now", 0, 1), (True, "off", 1, 0), (False, "off", 0, 0)]
)
async def test_each_way_can_be_switched_off(
    owner: Client, tell: Tell, mails_to: MailsTo, items: Items, in_app: bool, mail: str, shown: int, sent: int
) -> None:
    body = {"items": [{"kind": "backup.missed", "in_app": in_app, "mail": mail}]}
    assert (await owner.put(PREFERENCES, json=body)).status_code == 204

    await tell()

    assert (len(await items(owner)), len(await mails_to(owner))) == (shown, sent)


async def test_the_same_thing_is_told_once_even_after_it_was_removed(
    owner: Client, tell: Tell, mails_to: MailsTo, items: Items
) -> None:
    await tell(once="today")
    (item,) = await items(owner)
    assert (await owner.delete(f"/api/v1/notifications/{item['id']}")).status_code == 204

    await tell(once="today")
    await tell(once="tomorrow")

    assert len(await items(owner)) == 1
    assert len(await mails_to(owner)) == 2


async def test_nothing_is_told_by_work_that_fails(
    owner: Client, mails_to: MailsTo, items: Items, open_work: WorkOpener
) -> None:
    with pytest.raises(ZeroDivisionError):
        async with open_work(SYSTEM) as uow:
            await notifications.notify_people(uow, Notice(OWN_ADDRESS, {"address": "a", "told": "b"}), _ids(owner))
            _ = 1 / 0

    assert (await items(owner), await mails_to(owner)) == ([], [])


async def test_somebody_who_is_gone_is_not_told(cashier: Client, open_work: WorkOpener) -> None:
    notice = Notice(OWN_ADDRESS, {"address": "a", "told": "b"})
    async with open_work(SYSTEM) as uow:
        await uow.write("UPDATE identity_person SET is_active = false WHERE id = $1", cashier.person_id)
        await notifications.notify_people(uow, notice, [*_ids(cashier), ids.new_id()])

    async with open_work(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM notifications_item") == 0


async def test_what_is_about_single_people_is_not_told_by_right(open_work: WorkOpener) -> None:
    async with open_work(SYSTEM) as uow:
        with pytest.raises(ValueError, match="own_address are for people who are named"):
            await notifications.notify(uow, Notice(OWN_ADDRESS))


def _ids(client: Client) -> list[Any]:
    return [client.person_id]
