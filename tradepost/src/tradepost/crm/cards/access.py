"""What the program needs to know of an engine outside of this machine."""

from dataclasses import dataclass

from pydantic import SecretStr


@dataclass(frozen=True, slots=True)
class VisionAccess:
    """Where Google's text recognition answers and by which key.

    A card may take `seconds`; after failures in a row it is left alone for `rest` seconds.
    """

    url: str
    key: SecretStr
    seconds: float
    rest: float
