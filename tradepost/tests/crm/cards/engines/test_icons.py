"""Icons before lines of contact data."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from tradepost.crm.cards.engines.icons import icon_end, without_icons
from tradepost.crm.cards.opening import Pixels
from tradepost.crm.cards.quad import Quad


def crop(text: str, *, icon: bool, ink: str = "black", ground: str = "white") -> Pixels:
    """A line of print 40 pixels high, after a mark where it has one."""
    picture = Image.new("RGB", (420, 40), ground)
    pen = ImageDraw.Draw(picture)
    if icon:
        pen.ellipse((3, 7, 29, 33), outline=ink, width=3)
    pen.text((48 if icon else 4, 5), text, fill=ink, font=ImageFont.load_default(26))
    return np.asarray(picture)


def test_print_begins_after_the_icon() -> None:
    end = icon_end(crop("+44 20 7946 0958", icon=True))
    assert 30 < end * 420 < 49


def test_light_print_on_dark_ground_has_icons_too() -> None:
    assert icon_end(crop("+44 20 7946 0958", icon=True, ink="white", ground="navy")) > 0


def test_print_without_an_icon_begins_at_its_beginning() -> None:
    assert [
        icon_end(crop(text, icon=False)) for text in ("+44 20 7946 0958", "T +44 20 79460", "Odalys Fennimore")
    ] == [0, 0, 0]


def test_a_mark_alone_or_an_empty_line_is_no_icon() -> None:
    assert icon_end(crop("", icon=True)) == 0
    assert icon_end(crop("", icon=False)) == 0
    assert icon_end(np.zeros((40, 60, 3), np.uint8)) == 0


def test_icons_are_taken_off_where_a_column_has_at_least_two() -> None:
    quads = [Quad.box(100, top, 520, top + 40) for top in (0, 60, 120)]
    crops = [
        crop("+44 20 7946 0958", icon=True),
        crop("info@kestrel.de", icon=True),
        crop("14 Foundry Lane", icon=False),
    ]
    lines = without_icons(quads, crops)
    assert [line.left > 120 for line in lines] == [True, True, False]


def test_a_single_mark_is_left_where_it_is() -> None:
    quads = [Quad.box(100, 0, 520, 40), Quad.box(400, 60, 820, 100)]
    crops = [crop("+44 20 7946 0958", icon=True), crop("info@kestrel.de", icon=True)]
    assert without_icons(quads, crops) == quads
