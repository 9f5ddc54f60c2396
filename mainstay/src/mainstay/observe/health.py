"""Health checks: whether each thing the program needs or uses is there, asked with a time limit."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog
from pydantic import Field

from mainstay import clock
from mainstay.settings import Settings

logger = structlog.stdlib.get_logger(__name__)


class HealthSettings(Settings):
    """From when on readiness speaks of trouble; a 0 has it never do so."""

    section = "health"

    disk_free_mb: int = Field(
        default=256, ge=0, description="With less room on the disk of the data folder the program is not ready"
    )
    queue_seconds: int = Field(default=300, ge=0, description="For how long a job may wait for its first try")
    mail_minutes: int = Field(default=30, ge=0, description="For how long a mail may wait until the server takes it")


class Unhealthy(Exception):
    """A check failed; the message is a sentence that anybody may read."""


@dataclass(frozen=True, slots=True)
class Check:
    """A named question; `run` returns when all is well and raises otherwise, at the latest after `limit` seconds.

    What the program can do without is not needed (`is_needed`): it is named when it is away, and requests are served.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    limit: float = 2.0
    is_needed: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `reason` is None when all is well, otherwise a sentence; `duration` is in seconds."""

    name: str
    duration: float
    reason: str | None
    is_needed: bool = True


async def examine(checks: Iterable[Check]) -> list[Finding]:
    """Run the checks side by side; none can fail or hold up the others."""
    return list(await asyncio.gather(*map(_examine, checks)))


async def examine_in_turn(checks: Iterable[Check]) -> list[Finding]:
    """Run the checks one after the other, for who can wait: they take one connection to the database, not several."""
    return [await _examine(check) for check in checks]


async def _examine(check: Check) -> Finding:
    started = clock.monotonic()
    try:
        async with asyncio.timeout(check.limit):
            await check.run()
        reason = None
    except Unhealthy as failure:
        reason = str(failure)
    except TimeoutError:
        reason = f"There was no answer within {check.limit:g} seconds."
    except Exception as failure:  # noqa: BLE001  whatever it is, the answer is "not healthy" and the log has the cause
        logger.warning("health check failed", check=check.name, reason=repr(failure))
        reason = "It cannot be reached or does not work."
    return Finding(check.name, clock.monotonic() - started, reason, check.is_needed)


def held(
    run: Callable[[], Awaitable[None]], seconds: float, now: Callable[[], float] = clock.monotonic
) -> Callable[[], Awaitable[None]]:
    """Return `run` as a question that one caller at a time asks, and whose answer holds for some seconds.

    So it costs the same however many ask. What is no answer, such as a database that is away, is not held.
    """
    turn, until, reason = asyncio.Lock(), -math.inf, ""

    async def ask() -> None:
        nonlocal until, reason
        async with turn:
            if now() >= until:
                try:
                    await run()
                    reason = ""
                except Unhealthy as failure:
                    reason = str(failure)
                until = now() + seconds
        if reason:
            raise Unhealthy(reason)

    return ask
