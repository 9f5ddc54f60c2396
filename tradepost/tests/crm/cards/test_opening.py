"""Opening photos: what is read, what is refused and with which sentence."""

import io
import struct
import zlib

import pytest
from drawn_cards import as_bytes, draw_card
from PIL import Image

from tradepost.crm.cards.limits import Limits
from tradepost.crm.cards.opening import open_photo
from tradepost.crm.cards.refusal import (
    PictureDamaged,
    PictureMoves,
    PictureRefused,
    PictureTooLarge,
    PictureTooSmall,
    WrongKindOfFile,
)


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is and has nothing else."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(64))
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return start + struct.pack(">I", len(data)) + b"IDAT" + data


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_content(kind: str) -> None:
    photo = open_photo(as_bytes(draw_card(), kind))
    assert (photo.format, photo.width, photo.height, photo.scale) == (kind, 1000, 580, 1.0)


def test_a_large_photo_is_worked_on_smaller() -> None:
    photo = open_photo(as_bytes(Image.new("RGB", (4000, 3000), "grey")))
    assert photo.pixels.shape == (1800, 2400, 3)
    assert photo.scale == pytest.approx(0.6)
    assert (photo.width, photo.height) == (4000, 3000)


def test_a_photo_stands_upright_by_its_exif_orientation() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = open_photo(as_bytes(draw_card(), exif=exif))
    assert photo.pixels.shape[:2] == (1000, 580)
    assert (photo.width, photo.height) == (580, 1000)


def test_pixels_are_blue_green_red() -> None:
    photo = open_photo(as_bytes(Image.new("RGB", (200, 200), (255, 0, 0)), "PNG"))
    assert photo.pixels[0, 0].tolist() == [0, 0, 255]


def test_what_is_transparent_is_white() -> None:
    photo = open_photo(as_bytes(Image.new("RGBA", (200, 200), (0, 0, 0, 0)), "PNG"))
    assert photo.pixels[0, 0].tolist() == [255, 255, 255]


def test_sixteen_bits_are_cut_to_eight() -> None:
    photo = open_photo(as_bytes(Image.new("I;16", (200, 200), 0x8000), "PNG"))
    assert photo.pixels[0, 0].tolist() == [128, 128, 128]


def test_a_header_of_fifty_thousand_pixels_a_side_is_refused_before_decoding() -> None:
    with pytest.raises(PictureTooLarge, match="far too many pixels"):
        open_photo(png_header(50_000, 50_000))


def test_more_megapixels_than_allowed_are_refused_by_the_header() -> None:
    with pytest.raises(PictureTooLarge, match="9000 x 8000 pixels; send it with at most 64 megapixels"):
        open_photo(png_header(9000, 8000))


def test_too_many_bytes_are_refused_unseen() -> None:
    with pytest.raises(PictureTooLarge, match="at most 1 MiB"):
        open_photo(b"\xff\xd8" + bytes(2 * 1024 * 1024), Limits(bytes=1024 * 1024))


def test_a_tiny_picture_is_refused() -> None:
    with pytest.raises(PictureTooSmall, match="at least 120"):
        open_photo(as_bytes(Image.new("RGB", (100, 300)), "PNG"))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animated_picture_is_refused(kind: str) -> None:
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "green", "blue")]
    with pytest.raises(PictureMoves, match="animated"):
        open_photo(as_bytes(frames[0], kind, save_all=True, append_images=frames[1:]))


def test_a_phones_jpeg_with_a_second_picture_inside_is_read() -> None:
    out = io.BytesIO()
    draw_card().save(out, "MPO", save_all=True, append_images=[draw_card()])
    assert open_photo(out.getvalue()).format == "JPEG"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(kind: str) -> None:
    content = as_bytes(draw_card(), kind)
    with pytest.raises(PictureDamaged, match=r"not sent whole|damaged"):
        open_photo(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "an empty file"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing"),
        (b"<?xml version='1.0'?><svg/>", "an XML document"),
        (b"\xef\xbb\xbf  <!DOCTYPE html><html></html>", "a web page"),
        (b"GIF89a" + bytes(40), "a GIF"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"PK\x03\x04" + bytes(30), "an archive"),
        (b"\x00\x00\x00\x18ftypheic" + bytes(20), "a HEIC picture or a video"),
        (b"hello", "no picture"),
    ],
)
def test_another_kind_of_file_is_named(content: bytes, name: str) -> None:
    with pytest.raises(WrongKindOfFile, match=f"This is {name}") as refused:
        open_photo(content)
    assert refused.value.status == 422
    assert isinstance(refused.value, PictureRefused)
