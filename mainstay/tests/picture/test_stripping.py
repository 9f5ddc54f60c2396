"""What is kept of a picture's file is the picture; what cards need of it is tried in Tradepost's tests, with scans."""

import io

import pytest
from file_calls import picture
from PIL import Image

from mainstay.picture.refusal import PictureDamaged
from mainstay.picture.stripping import stripped

SECRET = b"geo:52.5200,13.4050"
TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


@pytest.mark.parametrize("kind", TYPES)
def test_metadata_and_what_hangs_behind_are_gone_and_the_pixels_are_the_same(kind: str) -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    sent = picture(kind, exif=exif.tobytes()) + SECRET
    kept = stripped(sent, TYPES[kind], 1)
    assert SECRET in sent
    assert SECRET not in kept
    assert Image.open(io.BytesIO(kept)).tobytes() == Image.open(io.BytesIO(sent)).tobytes()


@pytest.mark.parametrize("kind", TYPES)
def test_a_picture_that_was_cut_off_is_damaged(kind: str) -> None:
    content = picture(kind)
    with pytest.raises(PictureDamaged):
        stripped(content[: len(content) // 2], TYPES[kind], 1)
