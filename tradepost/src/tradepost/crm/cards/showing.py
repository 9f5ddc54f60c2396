"""Makes what is shown of a picture: upright, small enough for a screen, without metadata; runs in worker processes."""

import io
from typing import Final

from PIL import Image

from tradepost.crm.cards.limits import Limits
from tradepost.crm.cards.opening import open_photo
from tradepost.crm.cards.results import Shown

LONGEST_SIDE: Final = 1600
QUALITY: Final = 82


def show(content: bytes, limits: Limits | None = None) -> Shown:
    """Return what is shown of a picture. Raises PictureRefused."""
    photo = open_photo(content, limits)
    image = Image.fromarray(photo.pixels[:, :, ::-1])
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True)
    return Shown(out.getvalue(), photo.width, photo.height)
