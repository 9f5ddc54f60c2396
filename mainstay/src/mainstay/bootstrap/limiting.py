"""The limiter of an API process, on the Redis of the settings if there is one, and the bounds of what it takes in."""

from mainstay.db.engine import DatabaseSettings
from mainstay.net.redis import RedisLink
from mainstay.net.settings import RedisSettings
from mainstay.observe.counters import Counters
from mainstay.settings import Configuration
from mainstay.web.limits.limiter import Limiter
from mainstay.web.limits.settings import LimitSettings
from mainstay.web.limits.shared import SharedWindows
from mainstay.web.overload.gate import Bounds
from mainstay.web.overload.settings import OverloadSettings


def open_link(configuration: Configuration, counters: Counters) -> RedisLink | None:
    """Return the process's way to the Redis of the settings, None without one; it connects when it is first needed."""
    redis = configuration.of(RedisSettings)
    if redis.url is None:
        return None
    return RedisLink(redis.url.get_secret_value(), counters, patience=redis.patience_ms / 1000)


def open_limiter(name: str, configuration: Configuration, counters: Counters, link: RedisLink | None) -> Limiter:
    """Return the limiter of the program `name`; without a `link` to Redis each process counts by itself."""
    return Limiter(configuration.of(LimitSettings), counters, SharedWindows(link, name) if link is not None else None)


def bounds_of(configuration: Configuration) -> Bounds:
    """Return how much an API process takes in at once: as the settings say, or by its connections to the database."""
    database = configuration.of(DatabaseSettings)
    return Bounds.of(configuration.of(OverloadSettings), database.pool_size + database.pool_overflow)
