"""What a picture's header tells: its type by its content and its size, before a single pixel is decoded."""

import io
import struct
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mainstay.picture.refusal import PictureDamaged, PictureRefused

if TYPE_CHECKING:
    from PIL import Image

FORMATS: Final = ("JPEG", "PNG", "WEBP")
# Phones write a JPEG with a second, smaller picture inside as MPO; the first is the photo.
_STILL: Final = ("JPEG", "MPO")
_ORIENTATION: Final = 0x0112
UPRIGHT: Final = 1
# Values of the EXIF orientation with which width and height change places.
LYING: Final = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Looked:
    """The size of a picture as it stands upright, and its EXIF orientation (1: upright as it is)."""

    width: int
    height: int
    orientation: int


def look(content: bytes, most_pixels: int) -> Looked:
    """Return what a picture's header tells. Raises PictureRefused: damaged, animated, or too many pixels."""
    with opened(content, most_pixels) as image:
        orientation = orientation_of(image)
        width, height = image.size
        if orientation in LYING:
            width, height = height, width
        return Looked(width, height, orientation)


def opened(content: bytes, most_pixels: int) -> "Image.Image":
    """Open a picture of which nothing is decoded yet. Raises PictureRefused."""
    from PIL import Image  # noqa: PLC0415  no start is to wait for it

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as failure:
        raise PictureRefused("picture_too_large") from failure
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as failure:
        raise PictureDamaged from failure
    if image.width * image.height > most_pixels:
        image.close()
        raise PictureRefused("picture_too_large")
    if image.format not in _STILL and getattr(image, "n_frames", 1) > 1:
        image.close()
        raise PictureRefused("picture_moves")
    return image


def orientation_of(image: "Image.Image") -> int:
    """Return the EXIF orientation where it stands before the pixels.

    Asking Pillow for it would decode a PNG, and damaged metadata make no damaged picture.
    """
    exif = image.info.get("exif")
    if not isinstance(exif, bytes):
        return UPRIGHT
    tiff = exif.removeprefix(b"Exif\0\0")
    order = "<" if tiff.startswith(b"II") else ">"
    try:
        place = struct.unpack_from(f"{order}L", tiff, 4)[0]
        entries = struct.unpack_from(f"{order}H", tiff, place)[0]
        for at in range(entries):
            tag, _, _, value = struct.unpack_from(f"{order}HHLH", tiff, place + 2 + 12 * at)
            if tag == _ORIENTATION:
                return value if value in range(UPRIGHT, 9) else UPRIGHT
    except struct.error:
        return UPRIGHT
    return UPRIGHT
