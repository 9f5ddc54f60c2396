"""The alarm about breakers fires for mail, text recognition, buckets and the scanner by the numbers that they tell."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alarms import ONE, Series, firing
from pydantic import SecretStr
from vision_line import answered_by

from mainstay.mail.courier import NotNow
from mainstay.mail.message import Mail
from mainstay.mail.settings import MailSettings
from mainstay.modules.files.service.calling import called
from mainstay.modules.mail.service.posting import open_post
from mainstay.net.breakers import Breakers
from mainstay.net.clamd import ScannerFailed, scan_by, scanner_at
from mainstay.net.client import Client
from mainstay.net.failures import CallFailed
from mainstay.net.guard import Guard
from mainstay.net.partners import Partners
from mainstay.observe.counters import Counters
from mainstay.observe.exposition import Exposition
from mainstay.settings import Configuration
from mainstay.storage.bucket import BucketStorage
from mainstay.storage.settings import Bucket
from mainstay.storage.storage import StorageFailed
from tradepost.crm.cards.access import VisionAccess
from tradepost.crm.cards.asking import Vision

# A port that nobody serves.
NOBODY = "127.0.0.1:1"
Try = Callable[[Partners], Coroutine[Any, Any, None]]


async def mail(partners: Partners) -> None:
    settings = MailSettings(url=SecretStr(f"smtp://{NOBODY}"), sender="desk@shop.example", sender_name="Shop")
    letter = Mail(UUID(int=1), "desk@shop.example", "ada@engine.example", b"", is_international=False)
    async with open_post(Configuration((settings,)), partners) as post:
        with pytest.raises(NotNow):
            await post.hand_over(letter)


async def scanner(partners: Partners) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        yield b"x"

    url = f"tcp://{NOBODY}"
    with pytest.raises(ScannerFailed):
        await scan_by(scanner_at(url, 5, partners), url, pieces(), 5)


async def bucket(partners: Partners) -> None:
    place = Bucket("shop", "", f"http://{NOBODY}", "us-east-1", "id", "key", timeout=1)
    with pytest.raises(StorageFailed):
        await called(BucketStorage(place), place, partners).head("content/one")


async def vision(partners: Partners) -> None:
    access = VisionAccess(f"http://{NOBODY}/", SecretStr("key"), 5.0, 60.0)

    def ask() -> None:
        outside = Vision(access, Client(Guard(), partners.counters), partners)
        with answered_by(outside) as line, contextlib.suppress(CallFailed):
            line.ask(b"{}")

    await asyncio.to_thread(ask)


@pytest.mark.parametrize(
    ("kind", "attempt", "failures"),
    [("smtp", mail, 3), ("clamd", scanner, 2), ("s3", bucket, 2), ("vision", vision, 3)],
)
async def test_a_partner_that_is_left_alone_raises_the_alarm(
    tmp_path: Path, kind: str, attempt: Try, failures: int
) -> None:
    counters = Counters()
    partners = Partners(Breakers(counters, failures=2), counters)
    for number in range(1, failures + 1):
        await attempt(partners)
        series = as_scraped(counters.text(), f"{kind}://{NOBODY}")
        assert firing(tmp_path, series, "TradepostBreakerOpen", 6, fires=number == failures) == ""


def as_scraped(text: str, name: str) -> tuple[Series, ...]:
    """Return the state of a partner as a worker tells it and Prometheus keeps it."""
    page = Exposition()
    page.add(text, "worker-1")
    (line,) = (each for each in page.text().splitlines() if each.startswith("mainstay_breaker_state{") and name in each)
    series, _, value = line.rpartition(" ")
    return ((series.replace("}", f", {ONE[1:]}"), f"{value}x120"),)
