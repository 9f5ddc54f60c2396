"""Smaller forms of a picture, upright, in modern formats (WebP, AVIF), with nothing of what came with the original."""

import io
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mainstay.picture.looking import opened
from mainstay.picture.refusal import PictureDamaged, PictureRefused

if TYPE_CHECKING:
    from PIL import Image

QUALITY = 80
# As good to the eye as that WebP, and a third smaller, for three times its time on one processor; the next slower speed
# costs three times as much again and saves 3 % (docs/decisions/0068).
AVIF_QUALITY = 60
AVIF_SPEED = 8


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A smaller form: its file in WebP, its size in pixels, and its file in AVIF where that is smaller."""

    content: bytes = field(repr=False)
    width: int
    height: int
    avif: bytes | None = field(repr=False)


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
    webp = _saved(small, "WEBP", quality=QUALITY)
    return Shrunk(webp, small.width, small.height, _avif(small, len(webp)))


def _avif(small: "Image.Image", most: int) -> bytes | None:
    """Return a picture in AVIF, by one processor; None where that is no smaller than `most` bytes, or cannot be."""
    from PIL import features  # noqa: PLC0415  no start is to wait for it

    if not features.check("avif"):
        return None
    made = _saved(small, "AVIF", quality=AVIF_QUALITY, speed=AVIF_SPEED, max_threads=1)
    return made if len(made) < most else None


def _saved(image: "Image.Image", kind: str, **options: int) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
