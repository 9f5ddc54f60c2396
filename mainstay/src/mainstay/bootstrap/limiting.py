"""The limiter of an API process, on the Redis of the settings if there is one."""

from collections.abc import Awaitable, Callable

from mainstay.net.redis import RedisLink
from mainstay.net.settings import RedisSettings
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from mainstay.web.limits.limiter import Limiter
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.limits.shared import SharedWindows


def open_limiter(
    name: str, configuration: Configuration, counters: Counters
) -> tuple[Limiter, Callable[[], Awaitable[None]]]:
    """Return the limiter of the program `name`, and what closes it; it connects when the first request needs it."""
    sizes, redis = configuration.of(LimitSettings), configuration.of(RedisSettings)
    if redis.url is None:
        return Limiter(sizes, counters), _nothing
    link = RedisLink(redis.url.get_secret_value(), counters, patience=redis.patience_ms / 1000)
    return Limiter(sizes, counters, SharedWindows(link, name)), link.close


async def _nothing() -> None:
    """Close what was never opened."""
