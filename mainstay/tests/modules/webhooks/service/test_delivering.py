"""Sending: signed, in order for each object, tried again, and without one receiver holding up another one."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from webhook_calls import added, delivery_rows, rounds, until_somebody_waits

from mainstay import clock, context, ids
from mainstay.messages import log
from mainstay.modules.identity.events import PersonChanged
from mainstay.modules.webhooks.repository import subscriptions
from mainstay.modules.webhooks.service import delivering, signing
from mainstay.modules.webhooks.service.delivering import Dispatcher
from mainstay.observe.traces import SERVER, Span, Tracer
from mainstay.testing.receiver import Answer, Got, Receiver
from mainstay.work import SYSTEM, WorkOpener

Publish = Callable[..., Awaitable[None]]


def persons(receiver: Receiver) -> list[str]:
    """Return whom the messages that came in were about, in their order."""
    return [json.loads(got.body)["data"]["person_id"] for got in receiver.got]


def is_genuine(got: Got, secret: bytes) -> bool:
    moment = datetime.fromtimestamp(int(got.headers["webhook-timestamp"]), UTC)
    expected = signing.signature(secret, got.headers["webhook-id"], moment, got.body)
    return signing.is_signed(got.headers["webhook-signature"], [expected])


async def test_an_event_is_sent_signed_and_says_what_happened(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    made = await added(committed, receiver.url)
    person = ids.new_id()
    await publish(person)
    await rounds(dispatcher, lambda: bool(receiver.got))
    (got,) = receiver.got
    content = json.loads(got.body)
    assert (content["type"], content["data"]) == ("identity.person_changed", {"person_id": str(person)})
    assert is_genuine(got, made.secret)
    assert abs(int(got.headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    await dispatcher.settled()
    (row,) = await delivery_rows(committed)
    assert (row["state"], str(row["id"])) == ("delivered", got.headers["webhook-id"])


async def test_what_happened_before_is_not_sent(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    await publish(ids.new_id())
    await added(committed, receiver.url)
    later = ids.new_id()
    await publish(later)
    await rounds(dispatcher, lambda: bool(receiver.got))
    assert persons(receiver) == [str(later)]


@pytest.mark.practice(91)
async def test_a_try_that_failed_is_repeated_under_the_same_id(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    receiver.answers = [Answer(500), Answer(302), Answer(manner="short"), Answer()]
    await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: len(receiver.got) == 4)
    await dispatcher.settled()
    assert len({got.headers["webhook-id"] for got in receiver.got}) == 1
    async with committed(SYSTEM) as uow:
        outcomes = [row["outcome"] for row in await uow.read("SELECT outcome FROM webhooks_attempt ORDER BY id")]
        failing = await uow.read_value("SELECT failing_since FROM webhooks_subscription")
    assert outcomes == ["status_500", "status_302", "broken_off", "status_200"]
    assert failing is None


async def test_those_about_one_object_come_in_order_and_others_are_not_held_up(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    stuck, other = ids.new_id(), ids.new_id()
    is_mended = False

    def answer(got: Got) -> Answer:
        # The receiver lives; it is the one object that it does not like for now.
        return Answer(422) if str(stuck).encode() in got.body and not is_mended else Answer()

    receiver.answering = answer
    await added(committed, receiver.url)
    await publish(stuck, stuck, stuck, other, other)
    await rounds(dispatcher, lambda: persons(receiver).count(str(other)) == 2)
    first = {got.headers["webhook-id"] for got in receiver.got if str(stuck).encode() in got.body}
    assert len(first) == 1, "the second is not tried before the first was taken"
    is_mended = True
    async with committed(SYSTEM) as uow:
        await uow.write("UPDATE webhooks_delivery SET next_at = now() WHERE state = 'waiting'")
    await rounds(dispatcher, lambda: len({got.headers["webhook-id"] for got in receiver.got}) == 5)
    await dispatcher.settled()
    taken = [json.loads(got.body)["position"] for got in receiver.got if str(stuck).encode() in got.body]
    assert taken == sorted(taken)


@pytest.mark.parametrize("manner", ["never", "drops", "endless"])
async def test_receivers_that_hang_or_never_end_hold_up_no_other(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish, manner: str
) -> None:
    """Thirty of them, each with more to send than may be under way."""
    async with Receiver([Answer(manner=manner)]) as bad:
        for _ in range(30):
            await added(committed, bad.url)
        await added(committed, receiver.url)
        people = [ids.new_id() for _ in range(10)]
        began = clock.monotonic()
        await publish(*people)
        await rounds(dispatcher, lambda: len(receiver.got) == len(people))
        # Nobody waited for one of them to use up its 15 seconds.
        assert clock.monotonic() - began < 14
        assert sorted(persons(receiver)) == sorted(map(str, people))
        # While one fails, it has one under way.
        await dispatcher.settled()


async def test_of_one_receiver_so_many_are_under_way_and_one_while_it_fails(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    receiver.answers = [Answer(manner="never")]
    await added(committed, receiver.url)
    await publish(*(ids.new_id() for _ in range(20)))
    await dispatcher.round()
    await receiver.wait_for(4)
    await dispatcher.round()
    await dispatcher.settled()
    assert receiver.connections == 4
    await rounds(dispatcher, lambda: receiver.connections > 4)
    await dispatcher.round()
    await dispatcher.settled()
    assert receiver.connections == 5


async def test_a_receiver_that_is_gone_is_switched_off_and_the_owners_told(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    receiver.answers = [Answer(410)]
    await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        row = await uow.read_row("SELECT state, reason FROM webhooks_subscription")
        acts = [each["act"] for each in await uow.read("SELECT act FROM audit_entry")]
    assert row is not None
    assert (row["state"], row["reason"]) == ("disabled", "gone")
    assert acts == ["webhooks.subscription_disabled"]


async def test_a_receiver_that_fails_for_days_is_switched_off_and_a_delivery_given_up(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    receiver.answers = [Answer(500)]
    await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        await uow.write("UPDATE webhooks_subscription SET failing_since = now() - interval '6 days'")
        await uow.write("UPDATE webhooks_delivery SET wanted_at = now() - interval '4 days'")
    await rounds(dispatcher, lambda: len(receiver.got) == 2)
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        row = await uow.read_row("SELECT state, reason FROM webhooks_subscription")
    assert row is not None
    assert (row["state"], row["reason"]) == ("disabled", "failing")
    assert [each["state"] for each in await delivery_rows(committed)] == ["given_up"]


async def test_during_a_rotation_both_secrets_sign(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    made = await added(committed, receiver.url)
    fresh = signing.new_secret()
    async with committed(SYSTEM) as uow:
        sealed = signing.seal(uow, fresh, made.id)
        await uow.write(
            "UPDATE webhooks_subscription SET former_sealed = secret_sealed, former_until = now() + interval '1 day', "
            "secret_sealed = $1",
            sealed,
        )
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    assert [is_genuine(receiver.got[0], secret) for secret in (made.secret, fresh)] == [True, True]


async def test_a_secret_that_comes_back_is_not_kept(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    made = await added(committed, receiver.url)
    receiver.answers = [Answer(body=f"you said {signing.shown(made.secret)}\x00".encode() + b"x" * 5000)]
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        row = await uow.read_row("SELECT request, answer FROM webhooks_attempt")
    assert row is not None
    assert row["answer"].startswith("you said •••")
    assert len(row["answer"]) <= delivering.KEPT_BYTES
    assert "Signature" not in row["request"]


async def test_a_process_that_dies_leaves_its_deliveries_to_others(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    await added(committed, receiver.url)
    await publish(ids.new_id())
    receiver.answers = [Answer(manner="never"), Answer()]
    await dispatcher.round()
    await receiver.wait_for(1)
    for task in list(dispatcher._tasks):
        task.cancel()
    await asyncio.sleep(0)
    async with committed(SYSTEM) as uow:
        # The lease has run out.
        await uow.write("UPDATE webhooks_delivery SET next_at = now()")
    other = Dispatcher(committed, asyncio.Event())
    await rounds(other, lambda: len(receiver.got) == 2)
    await other.settled()
    assert [each["state"] for each in await delivery_rows(committed)] == ["delivered"]


async def test_a_subscription_that_is_removed_meanwhile_troubles_nobody(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    """A sale never fails for it: publishing touches no table of webhooks, and the log is read afterwards."""
    made = await added(committed, receiver.url)
    await publish(ids.new_id())
    receiver.answers = [Answer(manner="never")]
    await dispatcher.round()
    await receiver.wait_for(1)
    async with committed(SYSTEM) as uow, committed(SYSTEM) as selling:
        await uow.write("DELETE FROM webhooks_subscription WHERE id = $1", made.id)
        await selling.write(log.PUBLISH, selling.envelope(PersonChanged(person_id=ids.new_id())))
    await publish(ids.new_id())
    await dispatcher.settled()
    assert await delivery_rows(committed) == []


async def test_an_event_that_commits_late_is_not_passed_over(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    """Positions are given out before the commit: a reader by position alone would never see the first."""
    await added(committed, receiver.url)
    late, early = ids.new_id(), ids.new_id()
    async with committed(SYSTEM) as slow:
        await slow.write(log.PUBLISH, slow.envelope(PersonChanged(person_id=late)))
        await publish(early)
        for _ in range(3):
            await dispatcher.round()
        assert receiver.got == []
    await rounds(dispatcher, lambda: len(receiver.got) == 2)
    assert persons(receiver)[0] == str(late)


async def test_without_subscriptions_there_is_nothing_to_do(committed: WorkOpener, publish: Publish) -> None:
    dispatcher = Dispatcher(committed, asyncio.Event())
    await publish(ids.new_id())
    assert await dispatcher.round() == pytest.approx(0.25)
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT count(*) FROM webhooks_cursor") == 0


async def test_it_runs_until_it_is_told_to_stop(committed: WorkOpener, receiver: Receiver, publish: Publish) -> None:
    await added(committed, receiver.url)
    stopping = asyncio.Event()
    running = asyncio.create_task(Dispatcher(committed, stopping).run())
    await publish(ids.new_id())
    await receiver.wait_for(1)
    stopping.set()
    await asyncio.wait_for(running, 5)
    assert [each["state"] for each in await delivery_rows(committed)] == ["delivered"]


async def test_those_about_one_object_come_in_the_order_in_which_they_happened(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    """A transaction that began earlier may come to an object later: what it did there is the news."""
    await added(committed, receiver.url)
    person = ids.new_id()
    async with committed(SYSTEM) as long:
        await long.write("SELECT pg_current_xact_id()")
        await publish(person)
        long.publish(PersonChanged(person_id=person))
    await rounds(dispatcher, lambda: len(receiver.got) == 2)
    positions = [json.loads(got.body)["position"] for got in receiver.got]
    assert positions == sorted(positions)


@pytest.mark.parametrize(
    "asked", ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "Mon, 01 Jan 2026 0:0:0 +9999999999999"]
)
async def test_a_pause_without_sense_counts_for_nothing(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish, asked: str
) -> None:
    receiver.answers = [Answer(410, headers=(("Retry-After", asked),))]
    await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT reason FROM webhooks_subscription") == "gone"


async def test_a_mistake_of_ours_is_a_failed_try_and_holds_nothing_for_ever(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("a mistake")

    monkeypatch.setattr(signing, "signatures", broken)
    await added(committed, receiver.url)
    await publish(ids.new_id())
    await dispatcher.round()
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        assert await uow.read_value("SELECT outcome FROM webhooks_attempt") == "mistake"


async def test_one_that_is_resumed_has_its_whole_time_again(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    receiver.answers = [Answer(500)]
    made = await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()
    async with committed(SYSTEM) as uow:
        await uow.write("UPDATE webhooks_delivery SET wanted_at = now() - interval '4 days'")
        await subscriptions.set_state(uow, made.id, 1, "paused")
    async with committed(SYSTEM) as uow:
        await subscriptions.set_state(uow, made.id, 2, "active")
    await rounds(dispatcher, lambda: len(receiver.got) == 2)
    await dispatcher.settled()
    assert [each["state"] for each in await delivery_rows(committed)] == ["waiting"]


@pytest.mark.parametrize("act", ["pause", "remove"])
async def test_who_changes_a_webhook_waits_for_a_try_and_neither_fails(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish, act: str
) -> None:
    """What becomes of a try is written to the delivery first and to the webhook then; all others keep this order."""
    receiver.answers = [Answer(500)]
    made = await added(committed, receiver.url)
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: bool(receiver.got))
    await dispatcher.settled()

    async def change() -> None:
        async with committed(SYSTEM) as uow:
            if act == "pause":
                await subscriptions.set_state(uow, made.id, 1, "paused")
            else:
                await subscriptions.remove(uow, made.id)

    async with committed(SYSTEM) as trying, committed(SYSTEM) as watching:
        await trying.write("UPDATE webhooks_delivery SET next_at = now()")
        changing = asyncio.create_task(change())
        await until_somebody_waits(watching)
        await trying.write("UPDATE webhooks_subscription SET failures = failures + 1")
    await changing
    async with committed(SYSTEM) as uow:
        states = [row["state"] for row in await uow.read("SELECT state FROM webhooks_subscription")]
    assert states == (["paused"] if act == "pause" else [])


async def test_a_message_carries_the_id_and_the_trace_of_what_caused_its_event(
    committed: WorkOpener, dispatcher: Dispatcher, receiver: Receiver, publish: Publish
) -> None:
    spans: list[Span] = []
    tracer = Tracer(1.0, spans.append)
    committed.setup = replace(committed.setup, tracer=tracer)
    await added(committed, receiver.url)
    with context.in_request("r-17"), tracer.running("request", SERVER, None) as cause:
        await publish(ids.new_id())
    await publish(ids.new_id())
    await rounds(dispatcher, lambda: len(receiver.got) == 2)
    await dispatcher.settled()
    traced, other = receiver.got if receiver.got[0].headers["x-request-id"] == "r-17" else receiver.got[::-1]
    webhook = next(each for each in spans if each.parent_id == cause.span_id)
    sent = next(each for each in spans if each.parent_id == webhook.span_id and each.name == "POST")
    assert (webhook.name, webhook.attributes["mainstay.request_id"]) == ("webhook", "r-17")
    assert traced.headers["traceparent"] == sent.traceparent
    assert {each.trace_id for each in (webhook, sent)} == {cause.trace_id}
    assert sent.attributes["mainstay.outcome"] == "status_200"
    assert other.headers["x-request-id"].startswith("job-")
    assert cause.trace_id not in other.headers["traceparent"]
