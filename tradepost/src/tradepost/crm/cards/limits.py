"""What is read at most: the bounds of a picture and of a worker process."""

from dataclasses import dataclass
from typing import Final

MEBI: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What is decoded at most: bytes of the file, pixels by its header, and the longer side that is worked on."""

    bytes: int = 20 * MEBI
    pixels: int = 64_000_000
    shorter_side: int = 120
    working_side: int = 2400


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a worker process may take: seconds for one picture, bytes of memory, pictures before it is renewed."""

    seconds: float = 60.0
    memory: int = 2048 * MEBI
    pictures: int = 200
    workers: int = 1
