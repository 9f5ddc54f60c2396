"""The address for messages: a genuine one is kept once, and foreign, stale and copied ones are refused."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from mainstay import clock, ids
from mainstay.modules.webhooks import api
from mainstay.modules.webhooks.service import signing
from mainstay.testing.client import Client
from mainstay.work import SYSTEM, WorkOpener

BASE = "/api/v1/webhooks"
BODY = b'{"type":"order.paid","data":{"n":"na\xc3\xafve"}}'
Send = Callable[..., Awaitable[tuple[int, Any]]]


@pytest.fixture
async def source(owner: Client) -> dict[str, Any]:
    """A source called `web-shop`, with its secret."""
    body = {"id": str(ids.new_id()), "name": "web-shop", "description": "Orders"}
    answer = await owner.post(f"{BASE}/sources", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.fixture
def send(api: Client, source: dict[str, Any]) -> Send:
    """Sends a message as the source signs it, and returns status and answer."""

    async def send(
        message_id: str = "msg_1",
        *,
        age: int = 0,
        secret: str = source["secret"],
        name: str = "web-shop",
        body: bytes = BODY,
    ) -> tuple[int, Any]:
        key = signing.decoded(secret)
        assert key is not None
        moment = clock.now() - timedelta(seconds=age)
        headers = {
            "Content-Type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": str(int(moment.timestamp())),
            "webhook-signature": signing.signature(key, message_id, moment, BODY),
        }
        answer = await api.post(f"{BASE}/in/{name}", content=body, headers=headers)
        return answer.status_code, answer.json()

    return send


async def kept(open_work: WorkOpener) -> list[bytes]:
    async with open_work(SYSTEM) as uow:
        return [row["body"] for row in await uow.read("SELECT body FROM webhooks_received")]


async def test_a_genuine_message_is_kept_as_it_is_and_an_event_tells_of_it(send: Send, open_work: WorkOpener) -> None:
    assert await send() == (202, {"is_new": True})
    assert await kept(open_work) == [BODY]
    async with open_work(SYSTEM) as uow:
        payload = await uow.read_value("SELECT payload FROM mainstay_event WHERE name = 'webhooks.received'")
        message = await api.received(uow, payload["received_id"])
    assert message is not None
    assert (message.source, message.message_id, message.body, payload["source"]) == (
        "web-shop",
        "msg_1",
        BODY,
        "web-shop",
    )


async def test_a_copy_is_refused_and_one_that_is_signed_anew_is_taken_once(send: Send, open_work: WorkOpener) -> None:
    assert (await send(age=10))[0] == 202
    status, answer = await send(age=10)
    assert (status, answer["code"]) == (409, "webhooks.message_replayed")
    assert (await send(age=20))[0] == 409
    # The sender had no answer, and signs the same message again.
    assert await send(age=0) == (202, {"is_new": False})
    assert len(await kept(open_work)) == 1


async def test_foreign_stale_changed_and_unknown_are_refused_alike(send: Send, open_work: WorkOpener) -> None:
    foreign = signing.shown(signing.new_secret())
    answers = [
        await send(secret=foreign),
        await send(age=301),
        await send(age=-301),
        await send(body=BODY + b" "),
        await send(name="nobody"),
        await send(name="nobody", secret=foreign),
        await send(message_id="two words"),
    ]
    seen = {(status, answer["code"], answer["detail"], answer["title"]) for status, answer in answers}
    assert len(seen) == 1
    assert {status for status, _ in answers} == {401}
    assert answers[0][1]["code"] == "webhooks.signature_refused"
    assert await kept(open_work) == []


async def test_a_message_without_headers_is_refused(api: Client, source: dict[str, Any]) -> None:
    answer = await api.post(f"{BASE}/in/{source['name']}", json={})
    assert answer.status_code == 401


async def test_a_message_that_is_too_large_is_refused(api: Client, source: dict[str, Any]) -> None:
    answer = await api.post(f"{BASE}/in/{source['name']}", json={"a": "x" * 300_000})
    assert answer.status_code == 413


async def test_during_a_rotation_either_secret_counts(owner: Client, source: dict[str, Any], send: Send) -> None:
    path = f"{BASE}/sources/{source['id']}/rotate"
    given = signing.shown(signing.new_secret())
    rotated = await owner.post(path, json={"version": 1, "secret": given})
    assert (rotated.status_code, rotated.json()["secret"]) == (200, given)
    late = await owner.post(path, json={"version": 1})
    assert (late.status_code, late.json()["code"], late.json()["theirs"]["version"]) == (412, "version_conflict", 2)
    assert (await send("msg_a"))[0] == 202
    assert (await send("msg_b", secret=given))[0] == 202


async def test_what_is_wrong_with_a_source_is_said(owner: Client, source: dict[str, Any]) -> None:
    body = {"id": str(ids.new_id()), "name": "web-shop", "description": "Again"}
    assert (await owner.post(f"{BASE}/sources", json=body)).json()["code"] == "webhooks.id_taken"
    bad = {**body, "name": "other", "secret": "whsec_AAAA"}
    assert (await owner.post(f"{BASE}/sources", json=bad)).status_code == 422
    listed = (await owner.get(f"{BASE}/sources")).json()["items"]
    assert [each["name"] for each in listed] == ["web-shop"]
    assert "secret" not in listed[0]
    assert (await owner.delete(f"{BASE}/sources/{source['id']}")).status_code == 204
    answer = await owner.delete(f"{BASE}/sources/{source['id']}")
    assert (answer.status_code, answer.json()["code"]) == (404, "webhooks.source_unknown")
