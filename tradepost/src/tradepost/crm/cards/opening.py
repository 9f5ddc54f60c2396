"""Opens a photo: checked by its header, decoded no larger than needed, upright by its EXIF orientation, no metadata."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from tradepost.crm.cards.header import DAMAGED, STILL, TOO_MANY_PIXELS, open_header
from tradepost.crm.cards.limits import Limits
from tradepost.crm.cards.refusal import PictureDamaged, PictureTooLarge

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Photo:
    """An upright picture: `pixels` are blue, green, red, reduced by `scale` from `width` x `height` (upright)."""

    pixels: Pixels
    width: int
    height: int
    scale: float
    format: str


def open_photo(content: bytes, limits: Limits | None = None) -> Photo:
    """Decode a photo. Raises a PictureRefused that says what is wrong with the file."""
    limits = limits or Limits()
    with open_header(content, limits) as image:
        return _decode(image, limits)


def _decode(image: Image.Image, limits: Limits) -> Photo:
    name, (width, height) = str(image.format), image.size
    try:
        # A JPEG is decoded at a half or a quarter at once where that is enough.
        image.draft("RGB", (limits.working_side, limits.working_side))
        image.load()
        upright = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge(TOO_MANY_PIXELS) from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PictureDamaged(DAMAGED) from error
    if (upright.width > upright.height) != (width > height):
        width, height = height, width
    plain = _on_white(upright)
    plain.thumbnail((limits.working_side, limits.working_side), Image.Resampling.LANCZOS)
    pixels = np.ascontiguousarray(np.asarray(plain)[:, :, ::-1])
    return Photo(pixels, width, height, plain.width / width, "JPEG" if name in STILL else name)


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture in red, green and blue, transparent parts on white, 16 bits cut to 8."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        layers = image.convert("RGBA")
        ground = Image.new("RGBA", layers.size, "white")
        return Image.alpha_composite(ground, layers).convert("RGB")
    return image.convert("RGB")
