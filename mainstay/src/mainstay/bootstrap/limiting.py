"""The limiter of an API process, on the Redis of the settings if there is one."""

from mainstay.net.redis import RedisLink
from mainstay.net.settings import RedisSettings
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from mainstay.web.limits.limiter import Limiter
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.limits.shared import SharedWindows


def open_link(configuration: Configuration, counters: Counters) -> RedisLink | None:
    """Return the process's way to the Redis of the settings, None without one; it connects when it is first needed."""
    redis = configuration.of(RedisSettings)
    if redis.url is None:
        return None
    return RedisLink(redis.url.get_secret_value(), counters, patience=redis.patience_ms / 1000)


def open_limiter(name: str, configuration: Configuration, counters: Counters, link: RedisLink | None) -> Limiter:
    """Return the limiter of the program `name`; without a `link` to Redis each process counts by itself."""
    return Limiter(configuration.of(LimitSettings), counters, SharedWindows(link, name) if link is not None else None)
