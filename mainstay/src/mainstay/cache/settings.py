"""How much of what was read is kept."""

from pydantic import Field

from mainstay.settings import Settings


class CacheSettings(Settings):
    """The memory of each process for answers, and how long one request waits for another that works out the same."""

    section = "cache"

    megabytes: int = Field(default=32, ge=0, le=4096, description="Kept in each process; 0 keeps nothing")
    wait_ms: int = Field(
        default=500, ge=0, le=10_000, description="A request waits so long for another one that reads the same"
    )
