"""Through HTTP, on work that really commits: the feed and what leaves it, filters, parts sent again, and the notice."""

import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from webhook_calls import delivery_rows, rounds

from mainstay import clock, ids
from mainstay.bootstrap.program import Program
from mainstay.modules.webhooks.jobs import FORGET_THE_OLD
from mainstay.modules.webhooks.service.delivering import Dispatcher
from mainstay.modules.webhooks.settings import WebhookSettings
from mainstay.settings import Configuration
from mainstay.testing.client import Client
from mainstay.testing.database import as_owner
from mainstay.testing.mail import MailServer
from mainstay.testing.receiver import Answer, Receiver
from mainstay.work import SYSTEM, WorkOpener
from mainstay.worker.body import perform_scheduled
from mainstay.worker.inline import run_deferred

Publish = Callable[..., Awaitable[None]]
Subscribe = Callable[..., Awaitable[dict[str, Any]]]
EVENTS = "/api/v1/events"
SUBSCRIPTIONS = "/api/v1/webhooks/subscriptions"
MAIL = "owner@shop.example"


@pytest.fixture
def owner(committing: Client) -> Client:
    """An owner whose requests commit."""
    return committing


async def page(owner: Client, **query: int | list[str]) -> dict[str, Any]:
    answer = await owner.get(EVENTS, params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def people(events: Sequence[dict[str, Any]]) -> list[str]:
    return [each["payload"]["person_id"] for each in events]


async def test_the_feed_is_read_in_order_part_by_part_from_where_one_was(
    owner: Client, publish: Publish, publish_role: Callable[[str], Awaitable[None]]
) -> None:
    changed = [ids.new_id() for _ in range(5)]
    for person in changed[:4]:
        await publish(person)
    await publish_role("manager")
    await publish(changed[4])

    read: list[dict[str, Any]] = []
    after = 0
    while (part := await page(owner, after=after, limit=2, names=["identity.person_changed"]))["items"]:
        assert len(part["items"]) <= 2
        assert part["next_after"] == part["items"][-1]["position"] > after
        read += part["items"]
        after = part["next_after"]

    assert people(read) == [str(person) for person in changed]
    assert part["next_after"] == after, "who has read everything stays where they are"
    assert [each["name"] for each in (await page(owner, after=read[3]["position"]))["items"]] == [
        *("identity.role_changed", "identity.person_changed")
    ]


def with_settings(open_work: WorkOpener, monkeypatch: pytest.MonkeyPatch, **changes: object) -> None:
    """Have webhooks work by other settings for this test."""
    settings = open_work.setup.settings
    others = [each for each in settings if not isinstance(each, WebhookSettings)]
    changed = Configuration([*others, WebhookSettings.model_validate(changes)])
    monkeypatch.setattr(settings, "_by_class", dict(changed._by_class))


async def age(open_work: WorkOpener, days: int) -> None:
    """Make all events older, as their owner can and the program cannot."""
    async with open_work(SYSTEM) as uow, as_owner(uow):
        await uow.write("ALTER TABLE mainstay_event DISABLE TRIGGER USER")
        await uow.write("UPDATE mainstay_event SET happened_at = happened_at - make_interval(days => $1)", days)
        await uow.write("ALTER TABLE mainstay_event ENABLE TRIGGER USER")


async def test_the_log_goes_back_as_far_as_the_setting_says_and_who_was_further_back_is_told(
    owner: Client, committed: WorkOpener, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red when what leaves the log is by another number than the setting's, or when a gap is passed over in silence."""
    with_settings(committed, monkeypatch, event_days=10)
    await publish(ids.new_id(), ids.new_id())
    await age(committed, 4)
    await publish(ids.new_id())
    await age(committed, 7)
    await publish(ids.new_id())
    positions = [each["position"] for each in (await page(owner))["items"]]
    assert len(positions) == 4

    assert await perform_scheduled(FORGET_THE_OLD, committed, 1)

    kept = await page(owner)
    assert [each["position"] for each in kept["items"]] == positions[2:], "of 11, 11, 7 and 0 days"
    assert kept["oldest"] == positions[2]
    for gone in positions[:2]:
        answer = await owner.get(EVENTS, params={"after": gone})
        assert (answer.status_code, answer.json()["code"]) == (410, "webhooks.position_gone")
        assert answer.json()["oldest"] == positions[2]
    assert len((await page(owner, after=positions[2]))["items"]) == 1


def told_of(receiver: Receiver) -> list[str]:
    """Return whom the messages that came in were about, in their order."""
    return [json.loads(got.body)["data"]["person_id"] for got in receiver.got]


async def test_a_filter_lets_through_what_fits_and_nothing_else_is_delivered(
    owner: Client,
    subscribe: Subscribe,
    committed: WorkOpener,
    dispatcher: Dispatcher,
    receiver: Receiver,
    publish: Publish,
    publish_role: Callable[[str], Awaitable[None]],
) -> None:
    """The one that fits comes last, so that the others were decided on before."""
    wanted = ids.new_id()
    filters = [{"field": "person_id", "values": [str(wanted), str(ids.new_id())]}]
    await subscribe(events=["identity.*"], filters=filters)
    await publish(ids.new_id())
    await publish_role("manager")
    await publish(wanted)

    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()

    assert told_of(receiver) == [str(wanted)]
    assert [row["state"] for row in await delivery_rows(committed)] == ["delivered"]


async def test_what_happened_between_two_moments_is_sent_again(
    owner: Client, subscribe: Subscribe, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    """From the first on, up to the second without it; under the ids of before."""
    made = await subscribe()
    first, second, third = changed = [ids.new_id() for _ in range(3)]
    for person in changed:
        await publish(person)
    await rounds(dispatcher, lambda: len(receiver.got) == 3)
    await dispatcher.settled()
    ids_of = dict(zip(told_of(receiver), [got.headers["webhook-id"] for got in receiver.got], strict=True))
    moments = [each["happened_at"] for each in (await page(owner))["items"]]
    again = f"{SUBSCRIPTIONS}/{made['id']}/again"

    async def sent_again(count: int, **part: str) -> list[str]:
        receiver.got.clear()
        answer = await owner.post(again, json=part)
        assert (answer.status_code, answer.json()) == (202, {"count": count})
        await rounds(dispatcher, lambda: len(receiver.got) == count)
        await dispatcher.settled()
        assert {got.headers["webhook-id"] for got in receiver.got} == {ids_of[each] for each in told_of(receiver)}
        return sorted(told_of(receiver))

    assert await sent_again(1, since=moments[1], until=moments[2]) == [str(second)]
    assert await sent_again(2, since=moments[1]) == sorted([str(second), str(third)])
    assert str(first) in await sent_again(3, since=moments[0], until=(clock.now() + timedelta(hours=1)).isoformat())


@pytest.mark.parametrize(("status", "why", "word"), [(410, "gone", "410"), (500, "failing", "days")])
async def test_a_receiver_that_fails_is_switched_off_and_its_owner_finds_it_in_the_inbox_and_the_mail(
    owner: Client,
    subscribe: Subscribe,
    program: Program,
    committed: WorkOpener,
    dispatcher: Dispatcher,
    receiver: Receiver,
    publish: Publish,
    mail_server: MailServer,
    status: int,
    why: str,
    word: str,
) -> None:
    receiver.answers = [Answer(status)]
    made = await subscribe()
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()
    if why == "failing":
        await fail_for_days(committed, UUID(made["id"]))
        await rounds(dispatcher, lambda: len(receiver.got) == 2)
        await dispatcher.settled()
    await run_deferred(program, committed)

    shown = (await owner.get(f"{SUBSCRIPTIONS}/{made['id']}")).json()
    assert (shown["state"], shown["reason"]) == ("disabled", why)
    (item,) = (await owner.get("/api/v1/notifications")).json()["items"]
    assert (item["kind"], item["path"]) == ("webhooks.disabled", f"/settings/webhooks?webhook={made['id']}")
    (mail,) = mail_server.received
    assert mail.recipients == (MAIL,)
    assert item["title"] == "A webhook was switched off"
    assert mail.message["Subject"] == "A webhook of Teller was switched off"
    assert word in mail.part("plain")


async def fail_for_days(open_work: WorkOpener, subscription: UUID) -> None:
    """Have a receiver have failed for six days, and its delivery be due."""
    async with open_work(SYSTEM) as uow:
        await uow.write(
            "UPDATE webhooks_subscription SET failing_since = now() - interval '6 days' WHERE id = $1", subscription
        )
        await uow.write("UPDATE webhooks_delivery SET next_at = now()")
