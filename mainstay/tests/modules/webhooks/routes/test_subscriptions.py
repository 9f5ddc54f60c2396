"""The routes of subscriptions: who may, what is refused, what is shown once."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from mainstay import ids
from mainstay.modules.identity.events import PersonChanged
from mainstay.modules.webhooks.repository import deliveries
from mainstay.modules.webhooks.service import delivering, fan_out
from mainstay.modules.webhooks.settings import WebhookSettings
from mainstay.testing.client import Client
from mainstay.testing.receiver import Answer, Receiver
from mainstay.work import SYSTEM, WorkOpener

BASE = "/api/v1/webhooks"
SUBSCRIPTIONS = f"{BASE}/subscriptions"
# Fixed, because the workers of a run must find the same tests.
NOBODY = "018f5a3e-0000-7000-8000-000000000001"
Subscribe = Callable[..., Awaitable[dict[str, Any]]]


def one(made: dict[str, Any]) -> str:
    return f"{SUBSCRIPTIONS}/{made['id']}"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", SUBSCRIPTIONS),
        ("POST", SUBSCRIPTIONS),
        ("GET", f"{SUBSCRIPTIONS}/{NOBODY}"),
        ("POST", f"{SUBSCRIPTIONS}/{NOBODY}/rotate"),
        ("GET", f"{BASE}/deliveries/{NOBODY}"),
        ("POST", f"{BASE}/deliveries/bulk"),
        ("GET", f"{BASE}/sources"),
        ("POST", f"{BASE}/sources"),
        ("GET", "/api/v1/events"),
    ],
)
async def test_others_may_not(cashier: Client, method: str, path: str) -> None:
    answer = await cashier.request(method, path, json={} if method == "POST" else None)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_the_secret_is_shown_once(owner: Client, subscribe: Subscribe) -> None:
    made = await subscribe()
    assert made["secret"].startswith("whsec_")
    shown = (await owner.get(one(made))).json()
    assert {**shown, "secret": made["secret"]} == made
    listed = (await owner.get(SUBSCRIPTIONS)).json()
    assert [each["id"] for each in listed["items"]] == [made["id"]]
    assert "identity.person_changed" in listed["events"]
    assert not any(name.startswith(("mail.", "webhooks.")) for name in listed["events"])


async def test_the_secret_is_sealed_in_the_database(subscribe: Subscribe, open_work: WorkOpener) -> None:
    made = await subscribe()
    async with open_work(SYSTEM) as uow:
        row = await uow.read_row(
            "SELECT secret_sealed::text AS sealed, s::text AS whole FROM webhooks_subscription AS s"
        )
    assert row is not None
    assert made["secret"].removeprefix("whsec_") not in row["whole"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"url": "https://10.0.0.1/x"}, "webhooks.address_not_allowed"),
        ({"url": "http://169.254.169.254/latest/meta-data"}, "webhooks.address_not_allowed"),
        ({"url": "https://2130706433/"}, "webhooks.address_not_allowed"),
        (
            {"url": "https://somebody@hooks.example.com/"},
            "webhooks.address_not_allowed",
        ),
        ({"url": "ftp://hooks.example.com/"}, "webhooks.address_not_allowed"),
        ({"events": ["pos.never"]}, "webhooks.event_unknown"),
        ({"events": ["mail.queued"]}, "webhooks.event_unknown"),
        ({"events": []}, "invalid_input"),
        ({"events": ["'; DROP TABLE"]}, "invalid_input"),
        ({"filters": [{"field": "store_id", "values": []}]}, "invalid_input"),
        ({"description": ""}, "invalid_input"),
    ],
)
async def test_what_makes_no_sense_is_refused(
    owner: Client, receiver: Receiver, fields: dict[str, object], code: str
) -> None:
    body = {"id": str(ids.new_id()), "url": receiver.url, "description": "A", "events": ["*"], **fields}
    answer = await owner.post(SUBSCRIPTIONS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_an_id_is_taken_once_and_there_are_so_many(
    owner: Client, receiver: Receiver, subscribe: Subscribe, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await subscribe()
    body = {"id": made["id"], "url": receiver.url, "description": "A", "events": ["*"]}
    answer = await owner.post(SUBSCRIPTIONS, json=body)
    assert (answer.status_code, answer.json()["code"]) == (409, "webhooks.id_taken")

    monkeypatch.setattr("mainstay.modules.webhooks.service.subscriptions.MOST", 1)
    answer = await owner.post(SUBSCRIPTIONS, json={**body, "id": str(ids.new_id())})
    assert (answer.status_code, answer.json()["code"]) == (409, "webhooks.too_many")


async def test_changes_need_the_version_that_was_looked_at(owner: Client, subscribe: Subscribe) -> None:
    made = await subscribe()
    change = {"url": made["url"], "description": "Other", "events": ["identity.*"], "filters": [], "version": 1}
    changed = (await owner.put(one(made), json=change)).json()
    assert (changed["description"], changed["events"], changed["version"]) == ("Other", ["identity.*"], 2)
    for method, path, body in (
        ("PUT", one(made), change),
        ("POST", f"{one(made)}/pause", {"version": 1}),
        ("POST", f"{one(made)}/resume", {"version": 1}),
        ("POST", f"{one(made)}/rotate", {"version": 1}),
    ):
        answer = await owner.request(method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")
        theirs = answer.json()["theirs"]
        assert theirs.items() <= (await owner.get(one(made))).json().items()
        assert (theirs["description"], answer.json()["base"]["description"]) == ("Other", made["description"])


async def test_a_rotation_gives_another_secret_and_keeps_the_former_for_a_day(
    owner: Client, subscribe: Subscribe
) -> None:
    made = await subscribe()
    rotated = (await owner.post(f"{one(made)}/rotate", json={"version": 1})).json()
    assert rotated["secret"] != made["secret"]
    assert rotated["former_until"] is not None


async def test_a_paused_one_is_resumed_and_takes_no_tests_meanwhile(owner: Client, subscribe: Subscribe) -> None:
    made = await subscribe()
    paused = (await owner.post(f"{one(made)}/pause", json={"version": 1})).json()
    assert paused["state"] == "paused"
    for path, body in (("test", None), ("again", {"first_position": 0})):
        answer = await owner.post(f"{one(made)}/{path}", json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "webhooks.not_active")
    resumed = (await owner.post(f"{one(made)}/resume", json={"version": 2})).json()
    assert resumed["state"] == "active"


async def test_a_test_event_is_sent_and_its_log_shows_how_it_went(
    owner: Client, subscribe: Subscribe, receiver: Receiver, open_work: WorkOpener
) -> None:
    receiver.answers = [Answer(503, b"come back later")]
    made = await subscribe()
    sent = await owner.post(f"{one(made)}/test")
    assert (sent.status_code, sent.json()["event_name"], sent.json()["state"]) == (202, "webhooks.test", "waiting")
    await send_due(open_work)

    (listed,) = (await owner.get(f"{one(made)}/deliveries")).json()["items"]
    assert (listed["outcome"], listed["status"], listed["tries"]) == ("status_503", 503, 1)
    detail = (await owner.get(f"{BASE}/deliveries/{listed['id']}")).json()
    assert '"type":"webhooks.test"' in detail["body"]
    (attempt,) = detail["attempts"]
    assert attempt["answer"] == "come back later"
    assert f"Webhook-Id: {listed['id']}" in attempt["request"]
    assert receiver.got[0].headers["webhook-id"] == listed["id"]


async def send_due(open_work: WorkOpener) -> None:
    """Send what is due, one after the other, as the dispatcher does side by side."""
    async with open_work(SYSTEM) as uow:
        settings = uow.setup.settings.of(WebhookSettings)
        rows = await deliveries.take(uow, {}, 100, 100, timedelta(minutes=1))
    for row in rows:
        async with open_work(SYSTEM) as uow:
            result = await delivering.send(uow, row, settings)
        async with open_work(SYSTEM) as uow:
            await delivering.record(uow, row, result, settings)


async def test_events_of_a_part_are_sent_again_under_their_ids(
    owner: Client, subscribe: Subscribe, committed: WorkOpener
) -> None:
    """Those that were delivered are sent again in `service/test_feed.py`; here nothing is settled, and nothing sent."""
    made = await subscribe()
    answer = await owner.post(f"{one(made)}/again", json={"first_position": 9_000_000_000})
    assert (answer.status_code, answer.json()) == (202, {"count": 0})
    answer = await owner.post(f"{one(made)}/again", json={})
    assert answer.status_code == 422


async def again(client: Client, *keys: str) -> list[tuple[str, str | None]]:
    """Send deliveries again, and return what became of each."""
    body = {"change": {"kind": "send_again"}, "items": [{"id": key} for key in keys]}
    answer = await client.post(f"{BASE}/deliveries/bulk", json=body)
    assert answer.status_code == 200, answer.text
    return [(each["outcome"], each["code"]) for each in answer.json()["items"]]


async def test_deliveries_that_are_over_are_sent_again_by_themselves_under_their_ids(
    owner: Client, subscribe: Subscribe, receiver: Receiver, open_work: WorkOpener
) -> None:
    made = await subscribe()
    lost, kept, waiting = [(await owner.post(f"{one(made)}/test")).json()["id"] for _ in range(3)]
    async with open_work(SYSTEM) as uow:
        await deliveries.end(uow, UUID(lost), "given_up")
        await deliveries.end(uow, UUID(kept), "delivered")
    nobody = str(ids.new_id())

    told = await again(owner, kept, nobody, waiting, lost)

    changed, unknown = ("changed", None), ("unknown", "webhooks.delivery_unknown")
    assert told == [changed, unknown, ("unchanged", None), changed]
    await send_due(open_work)
    assert {each.headers["webhook-id"] for each in receiver.got} == {lost, kept, waiting}
    entries = (await owner.get("/api/v1/audit/entries", params={"act": "webhooks.sent_again"})).json()["items"]
    assert [(entry["object_id"], entry["new"]) for entry in entries] == [(made["id"], {"count": 2})]


async def test_nothing_is_sent_again_by_a_webhook_that_is_paused(
    owner: Client, subscribe: Subscribe, open_work: WorkOpener
) -> None:
    made = await subscribe()
    sent = (await owner.post(f"{one(made)}/test")).json()["id"]
    async with open_work(SYSTEM) as uow:
        await deliveries.end(uow, UUID(sent), "delivered")
    await owner.post(f"{one(made)}/pause", json={"version": 1})

    assert await again(owner, sent) == [("refused", "webhooks.not_active")]
    assert (await owner.get(f"{BASE}/deliveries/{sent}")).json()["delivery"]["state"] == "delivered"


async def test_what_is_not_there_is_not_found(owner: Client, subscribe: Subscribe) -> None:
    made = await subscribe()
    assert (await owner.delete(one(made))).status_code == 204
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/test"), ("GET", "/deliveries")):
        answer = await owner.request(method, one(made) + path)
        assert (answer.status_code, answer.json()["code"]) == (404, "webhooks.subscription_unknown")
    answer = await owner.get(f"{BASE}/deliveries/{ids.new_id()}")
    assert (answer.status_code, answer.json()["code"]) == (404, "webhooks.delivery_unknown")


def test_filters_and_names_choose_events() -> None:
    subscription = {"events": ["identity.*"], "filters": [{"field": "person_id", "values": ["a", "b"]}]}
    assert fan_out.is_wanted(PersonChanged.name, {"person_id": "a"}, subscription)
    assert not fan_out.is_wanted(PersonChanged.name, {"person_id": "c"}, subscription)
    assert not fan_out.is_wanted(PersonChanged.name, {}, subscription)
    assert not fan_out.is_wanted("shop.store_added", {"person_id": "a"}, subscription)
    everything = {"events": ["*"], "filters": [{"field": "count", "values": ["3"]}]}
    assert fan_out.is_wanted("shop.store_added", {"count": 3}, everything)
    assert fan_out.is_wanted("shop.store_added", {"count": [1, 3]}, everything)
    assert not fan_out.is_wanted("mail.queued", {"count": 3}, everything)
