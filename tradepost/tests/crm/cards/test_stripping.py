"""What is kept of a picture's file is the picture: the same pixels, and nothing else that came with them."""

import io
import struct
import zlib

import pytest
from drawn_cards import as_bytes, draw_card
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from tradepost.crm.cards.header import read_header
from tradepost.crm.cards.refusal import PictureDamaged
from tradepost.crm.cards.stripping import stripped

SECRET = b"geo:52.5200,13.4050"
# The test file that every virus scanner knows (eicar.org), put together so that none takes this file for it.
VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


def exif(orientation: int = 1) -> bytes:
    """Return metadata with a place and an orientation."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010E] = SECRET.decode()
    made.get_ifd(0x8825)[1] = "N"
    return made.tobytes()


def upright(content: bytes) -> Image.Image:
    """Return the pixels as they are seen."""
    image = Image.open(io.BytesIO(content))
    image.load()
    return ImageOps.exif_transpose(image).convert("RGB")


def photo(kind: str, orientation: int = 1) -> bytes:
    """Return the file of a picture with a place, a comment and something behind its end."""
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", SECRET.decode())
        content = as_bytes(draw_card(), "PNG", exif=exif(orientation), pnginfo=notes)
    elif kind == "WEBP":
        content = as_bytes(draw_card(), "WEBP", exif=exif(orientation), xmp=SECRET)
    else:
        content = as_bytes(draw_card(), "JPEG", exif=exif(orientation), comment=SECRET, progressive=orientation > 1)
    return content + VIRUS


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_places_comments_and_what_hangs_behind_are_gone_and_the_pixels_are_the_same(
    kind: str, orientation: int
) -> None:
    sent = photo(kind, orientation)
    assert SECRET in sent

    kept = stripped(sent, TYPES[kind], orientation)

    assert SECRET not in kept
    assert VIRUS not in kept
    assert upright(kept).tobytes() == upright(sent).tobytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_orientation_is_kept_and_nothing_else_of_the_metadata(kind: str) -> None:
    kept = stripped(photo(kind, 6), TYPES[kind], 6)
    assert dict(Image.open(io.BytesIO(kept)).getexif()) == {0x0112: 6}
    assert (read_header(kept).width, read_header(kept).height) == (580, 1000)
    assert not Image.open(io.BytesIO(stripped(photo(kind), TYPES[kind], 1))).getexif()


def test_a_picture_that_was_stripped_stays_as_it_is() -> None:
    kept = stripped(photo("JPEG", 6), "image/jpeg", 6)
    assert stripped(kept, "image/jpeg", 6) == kept


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_colour_profile_is_kept(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = stripped(as_bytes(draw_card(), kind, icc_profile=profile), TYPES[kind], 1)
    assert Image.open(io.BytesIO(kept)).info["icc_profile"] == profile


def test_a_second_picture_inside_is_gone() -> None:
    out = io.BytesIO()
    draw_card().save(out, "MPO", save_all=True, append_images=[Image.new("RGB", (400, 300), "red")])
    kept = stripped(out.getvalue(), "image/jpeg", 1)
    assert Image.open(io.BytesIO(kept)).format == "JPEG"
    assert len(kept) < len(out.getvalue())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.98])
def test_a_file_that_was_cut_off_is_refused(kind: str, share: float) -> None:
    whole = as_bytes(draw_card(), kind)
    with pytest.raises(PictureDamaged):
        stripped(whole[: int(len(whole) * share)], TYPES[kind], 1)


def test_a_chunk_that_says_it_is_longer_than_the_file_ends_it() -> None:
    whole = as_bytes(draw_card(), "PNG")
    lying = whole[:33] + struct.pack(">L", 2**31) + b"IDAT" + zlib.compress(b"x")
    with pytest.raises(PictureDamaged):
        stripped(lying, "image/png", 1)


def test_what_is_no_jpeg_is_refused() -> None:
    with pytest.raises(PictureDamaged):
        stripped(b"", "image/jpeg", 1)
