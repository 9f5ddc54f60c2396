"""Takes out of a card's picture all that is not the picture, and says what is wrong with it as cards say it."""

from mainstay.picture import stripping
from mainstay.picture.refusal import PictureRefused
from tradepost.crm.cards.refusal import PictureDamaged

DAMAGED = "The picture is damaged or was not sent whole; send it again."


def stripped(content: bytes, media_type: str, orientation: int) -> bytes:
    """Return the file of the same picture and nothing else. Raises PictureDamaged when its end is missing."""
    try:
        return stripping.stripped(content, media_type, orientation)
    except PictureRefused as failure:
        raise PictureDamaged(DAMAGED) from failure
