"""What is shown of a picture: upright, small enough for a screen, and nothing but the picture."""

import io

from drawn_cards import as_bytes, draw_card
from PIL import Image

from tradepost.crm.cards.showing import show


def opened(jpeg: bytes) -> Image.Image:
    """Return the picture that is shown."""
    return Image.open(io.BytesIO(jpeg), formats=["JPEG"])


def test_a_large_picture_is_shown_smaller_and_its_true_size_is_told() -> None:
    shown = show(as_bytes(Image.new("RGB", (4000, 3000), "red")))
    assert (shown.width, shown.height) == (4000, 3000)
    assert opened(shown.jpeg).size == (1600, 1200)
    assert opened(shown.jpeg).convert("RGB").getpixel((5, 5)) == (254, 0, 0)


def test_a_picture_is_shown_upright_and_without_metadata() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "where it was taken"
    shown = show(as_bytes(draw_card(), exif=exif))
    assert opened(shown.jpeg).size == (580, 1000)
    assert not opened(shown.jpeg).getexif()
    assert b"where it was taken" not in shown.jpeg
