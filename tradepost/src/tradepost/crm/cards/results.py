"""What worker processes send back: plain data in a file that loads nothing, because unpacking it loads this file."""

from dataclasses import dataclass

from tradepost.crm.cards.reading import CardReading


@dataclass(frozen=True, slots=True)
class Measured:
    """What was read from a photo, and the CPU time that it took, in milliseconds."""

    readings: list[CardReading]
    cpu_ms: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of a photo, a JPEG picture, and the size of the upright original."""

    jpeg: bytes
    width: int
    height: int
