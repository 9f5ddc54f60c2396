"""Sending deliveries: at a pace of their own, signed, tried for days, so that no receiver holds up another one."""

import asyncio
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog

from mainstay import clock
from mainstay.context import Story, in_request
from mainstay.crypto import Unreadable
from mainstay.modules.webhooks.flags import DELIVERY
from mainstay.modules.webhooks.repository import deliveries as repository
from mainstay.modules.webhooks.repository import subscriptions
from mainstay.modules.webhooks.repository.deliveries import Tried
from mainstay.modules.webhooks.repository.subscriptions import Failure
from mainstay.modules.webhooks.service import notices, signing
from mainstay.modules.webhooks.service.fan_out import fan_out
from mainstay.modules.webhooks.settings import WebhookSettings
from mainstay.net import failures
from mainstay.net.client import Client, asked_pause, spread
from mainstay.net.exchange import Patience, Request, Response
from mainstay.net.failures import CallFailed
from mainstay.work import SYSTEM, Row, UnitOfWork, WorkOpener

CONNECT: Final = 5.0
LONGEST_PAUSE: Final = 3600.0
# Where nobody wants events, the question whether somebody does is asked this much less often.
IDLE: Final = 5
# Of an answer this much is read and kept: it is shown to people, and no receiver may fill the disk.
KEPT_BYTES: Final = 2000
MISTAKE: Final = "mistake"
UNSEALED: Final = "unsealed_secret"
GONE: Final = 410

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Result:
    """How a try went; `after` is the pause that the receiver asked for, `is_down` that it is the receiver's trouble."""

    tried: Tried
    is_well: bool = False
    is_down: bool = False
    is_untried: bool = False
    after: float | None = None


class Dispatcher:
    """Reads the log and sends what is due, until `stopping` is set; one in each worker process."""

    def __init__(self, open_work: WorkOpener, stopping: asyncio.Event) -> None:
        self._open_work, self._stopping = open_work, stopping
        self._settings = open_work.setup.settings.of(WebhookSettings)
        self._tasks: dict[asyncio.Task[None], str] = {}
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Work; what is under way at the end may end."""
        await self.prepare()
        watch = asyncio.create_task(self._wake_at_stop(), name="webhooks stop")
        try:
            while not self._stopping.is_set():
                self._wake.clear()
                await self._pause(await self.round())
        finally:
            watch.cancel()
            await asyncio.gather(watch, *self._tasks, return_exceptions=True)

    async def prepare(self) -> None:
        """Put a log in order that was loaded from a dump."""
        async with self._open_work(SYSTEM) as uow:
            if await repository.renumber(uow):
                logger.warning("the event log came from another cluster and was numbered anew")

    async def round(self) -> float:
        """Read on, begin what is due, and return for how many seconds there is nothing to do."""
        if self._is_held():
            return self._settings.poll
        async with self._open_work(SYSTEM) as uow:
            if not await repository.is_any_wanted(uow):
                return self._settings.poll * IDLE
        async with self._open_work(SYSTEM) as uow:
            has_more = await fan_out(uow)
        room = self._settings.at_once - len(self._tasks)
        if room > 0:
            under_way = Counter(self._tasks.values())
            async with self._open_work(SYSTEM) as uow:
                rows = await repository.take(uow, under_way, room, self._settings.each, self._lease())
            for row in rows:
                self._begin(row)
        return 0 if has_more else self._settings.poll

    def _is_held(self) -> bool:
        """Whether nothing is sent at the moment, because deliveries are switched off or nothing may be changed."""
        flags = self._open_work.setup.flags
        return flags.is_read_only or flags.value(DELIVERY) is not True

    async def settled(self) -> None:
        """Return when nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def _begin(self, row: Row) -> None:
        task = asyncio.create_task(deliver(self._open_work, row), name="webhooks delivery")
        self._tasks[task] = str(row["subscription_id"])
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.pop(task, None)
        self._wake.set()
        if not task.cancelled() and (failure := task.exception()) is not None:
            # It comes back when its lease has run out.
            logger.warning("webhook", outcome="not recorded", reason=repr(failure)[:300])

    def _lease(self) -> timedelta:
        return timedelta(seconds=self._settings.timeout * 2 + 30)

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):  # the pause is over and nothing has ended meanwhile
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _wake_at_stop(self) -> None:
        await self._stopping.wait()
        self._wake.set()


async def deliver(open_work: WorkOpener, row: Row) -> None:
    """Send a delivery once, outside of any transaction, and keep what came of it.

    It carries the id and the trace of the request or job that caused the event, as long as the log has it.
    """
    story = Story(str(row["actor_id"]) if row["actor_id"] else None, (row["object_key"],))
    with in_request(row["request_id"], story), open_work.setup.seen("webhook", row["trace"]):
        await _deliver(open_work, row)


async def _deliver(open_work: WorkOpener, row: Row) -> None:
    async with open_work(SYSTEM) as uow:
        settings = uow.setup.settings.of(WebhookSettings)
        try:
            result = await send(uow, row, settings)
        except Exception:  # a try that is not recorded would be made again each minute, for ever
            logger.exception("webhook", outcome=MISTAKE, delivery_id=str(row["id"]))
            result = Result(Tried(MISTAKE, None, 0, "", None))
    async with open_work(SYSTEM) as uow:
        await record(uow, row, result, settings)
    level = logger.info if result.is_well else logger.warning
    facts = {"delivery_id": str(row["id"]), "subscription_id": str(row["subscription_id"]), "attempt": row["tries"]}
    level("webhook", outcome=result.tried.outcome, event_name=row["event_name"], **facts)


async def send(uow: UnitOfWork, row: Row, settings: WebhookSettings) -> Result:
    """Send a delivery; it fails for nobody, what went wrong is in the result."""
    moment, body, message_id = clock.now(), row["body"].encode(), str(row["id"])
    try:
        secrets = [
            signing.unseal(uow, sealed, row["subscription_id"])
            for sealed in (row["secret_sealed"], row["former_sealed"])
            if sealed is not None
        ]
    except Unreadable:
        return Result(Tried(UNSEALED, None, 0, "", None))
    headers = (
        ("Content-Type", "application/json"),
        ("User-Agent", "mainstay-webhooks"),
        ("Webhook-Id", message_id),
        ("Webhook-Timestamp", str(int(moment.timestamp()))),
        ("Webhook-Signature", signing.signatures(secrets, message_id, moment, body)),
    )
    request = Request("POST", row["url"], headers, body, most_bytes=KEPT_BYTES, may_be_cut=True)
    patience = Patience(settings.timeout, min(CONNECT, settings.timeout), settings.timeout)
    # The signature opens nothing, but nobody needs it afterwards.
    shown = "\n".join(f"{name}: {value}" for name, value in headers[:4])
    began = clock.monotonic()
    try:
        answer = await (await uow.resource(Client)).send(request, patience)
    except CallFailed as failure:
        is_untried = failure.code == failures.LEFT_ALONE
        return Result(Tried(failure.code, None, _since(began), shown, None), is_down=True, is_untried=is_untried)
    tried = Tried(f"status_{answer.status}", answer.status, _since(began), shown, _kept(answer, secrets))
    is_well = 200 <= answer.status < 300
    is_down = answer.status >= 500 or answer.status in {408, 429}
    return Result(tried, is_well, is_down, after=asked_pause(answer))


async def record(uow: UnitOfWork, row: Row, result: Result, settings: WebhookSettings) -> None:
    """Keep how a try went, and what follows from it for the delivery and its subscription."""
    delivery_id, subscription_id = row["id"], row["subscription_id"]
    pause = timedelta(seconds=_pause(row["tries"], settings.first_pause, result.after))
    if result.is_untried:
        await repository.put_back(uow, delivery_id, pause)
        await subscriptions.rest(uow, subscription_id, pause)
        return
    await repository.add_attempt(uow, delivery_id, result.tried)
    if result.is_well:
        await repository.end(uow, delivery_id, "delivered")
        await subscriptions.note_well(uow, subscription_id)
        return
    await repository.wait(uow, delivery_id, pause, timedelta(days=settings.patience_days))
    number = row["failures"] + 1
    rest = timedelta(seconds=_pause(number, settings.first_pause, result.after))
    failure = Failure(number, rest, result.is_down)
    is_hopeless = await subscriptions.note_ill(uow, subscription_id, failure, timedelta(days=settings.disable_days))
    if result.tried.status == GONE:
        await _disable(uow, subscription_id, "gone")
    elif is_hopeless:
        await _disable(uow, subscription_id, "failing")


async def _disable(uow: UnitOfWork, subscription_id: UUID, reason: str) -> None:
    row = await subscriptions.disable(uow, subscription_id, reason)
    if row is not None:
        await notices.tell_disabled(uow, row, reason)


def _pause(tries: int, first: float, asked: float | None) -> float:
    """Return the seconds until the next try: doubled each time up to an hour, spread by a quarter, or as asked."""
    grown = min(first * 2.0 ** min(tries - 1, 20), LONGEST_PAUSE) * (1 + spread() / 4)
    return grown if asked is None else min(max(asked, grown), LONGEST_PAUSE * 24)


def _kept(answer: Response, secrets: list[bytes]) -> str:
    """Return what is kept of an answer: text, without the secret should the receiver have sent it back."""
    text = answer.content.decode("utf-8", "replace").replace("\x00", "\ufffd")
    for secret in secrets:
        text = text.replace(signing.shown(secret), "•••").replace(signing.shown(secret)[len(signing.PREFIX) :], "•••")
    return text


def _since(began: float) -> int:
    return round((clock.monotonic() - began) * 1000)
