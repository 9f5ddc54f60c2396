"""What a picture's header tells, and what is refused before a pixel is decoded."""

import io
import struct
import zlib

import pytest
from file_calls import picture
from PIL import Image

from mainstay.picture.looking import Looked, look
from mainstay.picture.refusal import PictureDamaged, PictureRefused

LIMIT = 1_000_000


def rotated(orientation: int, kind: str) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return picture(kind, exif=exif.tobytes())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_as_it_stands_upright(kind: str) -> None:
    assert look(picture(kind), LIMIT) == Looked(640, 480, 1)
    assert look(rotated(6, kind), LIMIT) == Looked(480, 640, 6)


def test_damaged_metadata_make_no_damaged_picture() -> None:
    assert look(picture("PNG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"), LIMIT).orientation == 1


def test_a_picture_of_too_many_pixels_is_refused_by_its_header_alone() -> None:
    # A PNG of 900 bytes that says it has four thousand million pixels.
    header = struct.pack(">LLBBBBB", 65_000, 65_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">L", len(header)) + b"IHDR" + header + struct.pack(">L", zlib.crc32(b"IHDR" + header))
    bomb = b"\x89PNG\r\n\x1a\n" + chunk + picture()[33:900]
    for content, limit in ((bomb, 10**12), (picture(), 640 * 480 - 1)):
        with pytest.raises(PictureRefused) as caught:
            look(content, limit)
        assert caught.value.reason == "picture_too_large"


@pytest.mark.parametrize("content", [b"", b"GIF89a", picture()[:20], b"RIFF\0\0\0\0WEBP"])
def test_what_is_no_picture_is_damaged(content: bytes) -> None:
    with pytest.raises(PictureDamaged):
        look(content, LIMIT)


def test_a_picture_that_moves_is_refused() -> None:
    file = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), each) for each in ("red", "blue")]
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(PictureRefused) as caught:
        look(file.getvalue(), LIMIT)
    assert caught.value.reason == "picture_moves"
