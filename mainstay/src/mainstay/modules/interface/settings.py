"""Settings of the interface."""

from pydantic import Field

from mainstay.settings import Settings


class InterfaceSettings(Settings):
    """What the API remembers of calls and of records."""

    section = "interface"

    repeat_hours: int = Field(
        default=24, ge=1, le=720, description="For how long a call with an Idempotency-Key is known when it comes again"
    )
    former_hours: int = Field(
        default=48, ge=1, le=720, description="For how long who saves too late is told what they had read"
    )
