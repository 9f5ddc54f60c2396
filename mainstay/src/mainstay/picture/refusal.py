"""Why a file is not taken as a picture."""

from typing import Literal

Reason = Literal["picture_damaged", "picture_too_large", "picture_moves"]


class PictureRefused(Exception):
    """The file is no picture that can be kept; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class PictureDamaged(PictureRefused):
    """The file ends too early or its content contradicts itself."""

    def __init__(self) -> None:
        super().__init__("picture_damaged")
