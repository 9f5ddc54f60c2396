"""What a picture's header tells: real type by content, size and limits, before a single pixel is decoded."""

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, UnidentifiedImageError

from mainstay.picture.looking import LYING, orientation_of
from tradepost.crm.cards.limits import MEBI, Limits
from tradepost.crm.cards.refusal import (
    PictureDamaged,
    PictureMoves,
    PictureRefused,
    PictureTooLarge,
    PictureTooSmall,
    WrongKindOfFile,
)

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
TOO_MANY_PIXELS: Final = "The picture has far too many pixels; send it at the size a phone takes it."
MEDIA_TYPES: Final = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@dataclass(frozen=True, slots=True)
class Header:
    """The type of a picture, its size as it stands upright, and its EXIF orientation (1: upright as it is)."""

    media_type: str
    width: int
    height: int
    orientation: int


def read_header(content: bytes, limits: Limits | None = None) -> Header:
    """Return what a picture's header tells. Raises a PictureRefused that says what is wrong with the file."""
    with open_header(content, limits or Limits()) as image:
        width, height = image.size
        orientation = orientation_of(image)
        if orientation in LYING:
            width, height = height, width
        return Header(MEDIA_TYPES[str(image.format)], width, height, orientation)


def open_header(content: bytes, limits: Limits) -> Image.Image:
    """Open a picture within the limits; nothing is decoded yet. Raises a PictureRefused."""
    if len(content) > limits.bytes:
        raise PictureTooLarge(
            f"The file has {len(content) // MEBI} MiB; send a picture of at most {limits.bytes // MEBI} MiB."
        )
    image = _open(content)
    try:
        _check(image, limits)
    except PictureRefused:
        image.close()
        raise
    return image


def _open(content: bytes) -> Image.Image:
    try:
        return Image.open(io.BytesIO(content), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge(TOO_MANY_PIXELS) from error
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
