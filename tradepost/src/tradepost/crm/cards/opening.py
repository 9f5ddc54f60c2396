"""Opens a photo: real type by content, limits before decoding, upright by its EXIF orientation, metadata dropped."""

import io
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps, UnidentifiedImageError

from tradepost.crm.cards.limits import MEBI, Limits
from tradepost.crm.cards.refusal import (
    PictureDamaged,
    PictureMoves,
    PictureTooLarge,
    PictureTooSmall,
    WrongKindOfFile,
)

Pixels = npt.NDArray[np.uint8]

FORMATS: Final = ("JPEG", "PNG", "WEBP")
# Phones write a JPEG with a second, smaller picture inside as MPO; the first is the photo.
STILL: Final = ("JPEG", "MPO")
SUPPORTED: Final = "Send a JPEG, PNG or WebP picture."
DAMAGED: Final = "The picture is damaged or was not sent whole; send it again."
OURS: Final = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
FOREIGN: Final = (
    (b"GIF8", "a GIF"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "an archive"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML document"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
)


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
    if len(content) > limits.bytes:
        raise PictureTooLarge(
            f"The file has {len(content) // MEBI} MiB; send a picture of at most {limits.bytes // MEBI} MiB."
        )
    with _open(content) as image:
        _check(image, limits)
        return _decode(image, limits)


def _open(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge("The picture has far too many pixels; send it at the size a phone takes it.") from error
    except UnidentifiedImageError as error:
        if content.startswith(OURS):
            raise PictureDamaged(DAMAGED) from error
        raise WrongKindOfFile(f"This is {_name_of(content)}. {SUPPORTED}") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise PictureDamaged(DAMAGED) from error


def _name_of(content: bytes) -> str:
    if not content:
        return "an empty file"
    start = content[:256].lstrip(b"\xef\xbb\xbf \t\r\n")
    if content[4:8] == b"ftyp":
        return "a HEIC picture or a video; on an iPhone choose 'Most Compatible' under Camera, Formats"
    return next((name for sign, name in FOREIGN if start.lower().startswith(sign.lower())), "no picture")


def _check(image: Image.Image, limits: Limits) -> None:
    width, height = image.size
    if width * height > limits.pixels:
        raise PictureTooLarge(
            f"The picture has {width} x {height} pixels; send it with at most {limits.pixels // 1_000_000} megapixels."
        )
    if min(width, height) < limits.shorter_side:
        raise PictureTooSmall(
            f"The picture has {width} x {height} pixels; print needs at least {limits.shorter_side} on each side."
        )
    if image.format not in STILL and getattr(image, "n_frames", 1) > 1:
        raise PictureMoves("The picture is animated; send one still picture.")


def _decode(image: Image.Image, limits: Limits) -> Photo:
    name, (width, height) = str(image.format), image.size
    try:
        # A JPEG is decoded at a half or a quarter at once where that is enough.
        image.draft("RGB", (limits.working_side, limits.working_side))
        image.load()
        upright = ImageOps.exif_transpose(image)
    except Image.DecompressionBombError as error:
        raise PictureTooLarge("The picture has far too many pixels; send it at the size a phone takes it.") from error
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
