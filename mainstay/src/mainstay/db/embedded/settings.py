"""The settings of the second place: where the embedded database's log goes as it is written, and for how long."""

from pathlib import Path

from pydantic import Field

from mainstay.settings import Settings


class RecoverySettings(Settings):
    """Restoring the embedded database to any moment: its log and base copies go to a folder on another disk."""

    section = "recovery"

    folder: Path | None = Field(
        default=None, description="An existing folder on another disk that receives the log; none without it"
    )
    synchronous: bool = Field(
        default=False, description="Let nothing be done before that disk has it, too: nothing is lost with the first"
    )
    base_hours: float = Field(default=24, gt=0, le=720, description="Hours between two base copies of the database")
    days: float = Field(default=7, gt=0, le=366, description="For how many days back any moment can be restored")
    most_behind_mb: int = Field(
        default=4096, ge=64, description="Megabytes of log that the first disk keeps while the other one is away"
    )
    alarm_seconds: float = Field(default=60, gt=0, description="Behind by so much is an error in the log")
