"""Health checks: whether each thing the program needs is there, asked with a time limit."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

import structlog

from mainstay import clock

logger = structlog.stdlib.get_logger(__name__)


class Unhealthy(Exception):
    """A check failed; the message is a sentence that anybody may read."""


@dataclass(frozen=True, slots=True)
class Check:
    """A named question; `run` returns when all is well and raises otherwise, at the latest after `limit` seconds."""

    name: str
    run: Callable[[], Awaitable[None]]
    limit: float = 2.0


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found: `reason` is None when all is well, otherwise a sentence; `duration` is in seconds."""

    name: str
    duration: float
    reason: str | None


async def examine(checks: Iterable[Check]) -> list[Finding]:
    """Run the checks side by side; none can fail or hold up the others."""
    return list(await asyncio.gather(*map(_examine, checks)))


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
    return Finding(check.name, clock.monotonic() - started, reason)
