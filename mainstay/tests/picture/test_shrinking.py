"""Smaller forms of a picture: their size, that they stand upright, and that nothing of the original's file is left."""

import io

import pytest
from file_calls import photo, picture
from PIL import Image, features

from mainstay.picture.refusal import PictureDamaged
from mainstay.picture.shrinking import shrink

LIMIT = 1_000_000
SECRET = "geo:52.5200,13.4050"


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_each_form_is_no_larger_than_its_side_and_never_larger_than_the_picture(kind: str) -> None:
    small, large = shrink(picture(kind), (64, 4000), LIMIT)
    assert (small.width, small.height) == (64, 48)
    assert (large.width, large.height) == (640, 480)
    assert opened(small.content).format == "WEBP"


def test_a_picture_that_lies_on_its_side_stands_up() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET
    (form,) = shrink(picture("JPEG", exif=exif.tobytes()), (128,), LIMIT)
    image = opened(form.content)
    assert image.size == (96, 128)
    assert SECRET.encode() not in form.content
    assert not image.getexif()


@pytest.mark.parametrize(("turn", "place"), [(0, (10, 24)), (90, (24, 10)), (180, (54, 24)), (270, (24, 54))])
def test_a_picture_is_turned_clockwise(turn: int, place: tuple[int, int]) -> None:
    (form,) = shrink(picture(), (64,), LIMIT, turn)
    found = opened(form.content).convert("RGB").getpixel(place)
    assert isinstance(found, tuple)
    assert found[0] > 200 > found[2]  # the half that was the left one is red


def test_what_is_transparent_stays_so() -> None:
    file = io.BytesIO()
    Image.new("RGBA", (9, 9), (255, 0, 0, 0)).save(file, "PNG")
    (form,) = shrink(file.getvalue(), (9,), LIMIT)
    assert opened(form.content).mode == "RGBA"


def test_a_photo_is_in_avif_too_which_is_smaller_and_shows_the_same() -> None:
    for form in shrink(photo(), (256, 1280), 2_000_000, turn=90):
        assert form.avif is not None
        assert len(form.avif) < len(form.content)
        webp, avif = opened(form.content).convert("RGB"), opened(form.avif).convert("RGB")
        assert avif.size == webp.size == (form.width, form.height)
        differing = [abs(one - other) for one, other in zip(webp.tobytes(), avif.tobytes(), strict=True)]
        assert sum(differing) / len(differing) < 4


def test_where_avif_is_no_smaller_there_is_none() -> None:
    (form,) = shrink(picture(size=(16, 16)), (16,), LIMIT)
    assert form.avif is None


def test_a_pillow_without_avif_makes_webp_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda feature: feature != "avif")
    (form,) = shrink(photo(), (256,), 2_000_000)
    assert (form.avif, opened(form.content).format) == (None, "WEBP")


def test_pixels_that_cannot_be_decoded_are_refused() -> None:
    with pytest.raises(PictureDamaged):
        shrink(picture()[:-300], (64,), LIMIT)
