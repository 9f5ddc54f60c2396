"""What a header tells of a picture, without decoding it."""

import io
import struct
import tracemalloc
import zlib

import pytest
from drawn_cards import as_bytes, draw_card
from PIL import Image

from tradepost.crm.cards.header import Header, read_header
from tradepost.crm.cards.limits import Limits
from tradepost.crm.cards.refusal import PictureMoves, PictureTooLarge, PictureTooSmall, WrongKindOfFile


def with_orientation(orientation: int, kind: str = "JPEG") -> bytes:
    """Return a lying picture with an EXIF orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    return as_bytes(draw_card(), kind, exif=exif)


@pytest.mark.parametrize(("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")])
def test_type_and_size_are_told(kind: str, media_type: str) -> None:
    assert read_header(as_bytes(draw_card(), kind)) == Header(media_type, 1000, 580, 1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(("orientation", "size"), [(3, (1000, 580)), (6, (580, 1000)), (99, (1000, 580))])
def test_the_size_is_that_of_the_upright_picture(kind: str, orientation: int, size: tuple[int, int]) -> None:
    header = read_header(with_orientation(orientation, kind))
    assert (header.width, header.height) == size
    assert header.orientation == (orientation if orientation < 9 else 1)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")  # Pillow says so itself when it opens the file
@pytest.mark.parametrize("exif", [b"", b"MM", b"MM\0*\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff"])
def test_damaged_metadata_make_no_damaged_picture(exif: bytes) -> None:
    assert read_header(as_bytes(draw_card(), "JPEG", exif=b"Exif\0\0" + exif)).orientation == 1


def png(side: int, data: bytes = b"") -> bytes:
    """Return a PNG of `side` pixels a side by its header, with some compressed data."""
    body = b"IHDR" + struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return start + struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))


def test_nothing_is_decoded() -> None:
    content = png(8000, zlib.compress(bytes(8000 * 3 * 100)))
    tracemalloc.start()
    assert read_header(content).width == 8000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_000_000


@pytest.mark.parametrize("side", [50_000, 9_000])
def test_a_picture_that_is_too_much_or_too_little_is_refused(side: int) -> None:
    with pytest.raises(PictureTooLarge, match="pixels"):
        read_header(png(side))
    with pytest.raises(PictureTooLarge, match="MiB"):
        read_header(bytes(Limits().bytes + 1))
    with pytest.raises(PictureTooSmall):
        read_header(png(100))
    with pytest.raises(WrongKindOfFile, match="an empty file"):
        read_header(b"")


def test_a_moving_picture_is_refused() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(PictureMoves):
        read_header(out.getvalue())
