"""How much a process does at once, and how long what is beyond that may wait."""

from pydantic import Field

from mainstay.settings import Settings


class OverloadSettings(Settings):
    """The bounds of the queue in front of the operations, for each API process."""

    section = "overload"

    at_once: int | None = Field(
        default=None,
        ge=1,
        le=10_000,
        description="Requests worked on at once; without it, one fewer than connections to the database",
    )
    waiting: int = Field(default=256, ge=0, le=100_000, description="Requests that may wait for their turn")
    wait_ms: int = Field(
        default=200, ge=1, le=60_000, description="Milliseconds that a request waits at most, in a burst"
    )
    standing_wait_ms: int = Field(
        default=50,
        ge=1,
        le=60_000,
        description="The same for what is not urgent first, while there has been a queue for as long as `wait_ms`",
    )
