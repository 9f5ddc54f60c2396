"""Settings of the contacts module: how much of the machine reading cards may take."""

from pydantic import Field

from mainstay.settings import Settings


class CardSettings(Settings):
    """How cards are read in one worker process of the program; times are in seconds."""

    section = "cards"

    workers: int = Field(default=1, ge=1, le=32, description="Pictures read side by side, each in a process of its own")
    patience: float = Field(default=60.0, gt=0, description="How long reading one picture may take")
