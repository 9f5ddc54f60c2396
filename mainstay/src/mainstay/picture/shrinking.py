"""Smaller forms of a picture, upright, in a modern format (WebP), with nothing of what came with the original."""

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mainstay.picture.looking import opened
from mainstay.picture.refusal import PictureDamaged, PictureRefused

if TYPE_CHECKING:
    from PIL import Image

QUALITY = 80


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A smaller form: its file, and its size in pixels."""

    content: bytes = field(repr=False)
    width: int
    height: int


def shrink(content: bytes, sides: tuple[int, ...], most_pixels: int, turn: int = 0) -> list[Shrunk]:
    """Return a picture with its longer side no longer than each of `sides`, turned clockwise by `turn` degrees.

    A picture that is smaller is not made larger. Raises PictureRefused.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415  no start is to wait for it

    with opened(content, most_pixels) as image:
        try:
            # A JPEG is decoded at a half or a quarter at once where that is enough.
            image.draft("RGB", (2 * max(sides), 2 * max(sides)))
            image.load()
            upright = ImageOps.exif_transpose(image)
        except Image.DecompressionBombError as failure:
            raise PictureRefused("picture_too_large") from failure
        except (OSError, ValueError, SyntaxError, EOFError, struct.error) as failure:
            raise PictureDamaged from failure
        plain = upright.convert("RGBA" if upright.has_transparency_data else "RGB").rotate(-turn, expand=True)
    return [_form(plain, side) for side in sides]


def _form(plain: "Image.Image", side: int) -> Shrunk:
    small = plain.copy()
    small.thumbnail((side, side))
    file = io.BytesIO()
    small.save(file, "WEBP", quality=QUALITY)
    return Shrunk(file.getvalue(), small.width, small.height)
