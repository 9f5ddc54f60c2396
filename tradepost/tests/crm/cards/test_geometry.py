"""Cards made flat, and the way back to the photo."""

import numpy as np
import pytest
from drawn_cards import TILTED, bgr, draw_card, photograph

from tradepost.crm.cards.geometry import FlatCard, flatten, from_top_left, spread, through
from tradepost.crm.cards.quad import Quad


def test_the_corners_of_the_flat_card_lie_on_those_in_the_photo() -> None:
    quad = Quad.of(TILTED.corners)
    flat = flatten(bgr(photograph([(draw_card(), TILTED)])), quad)
    height, width = flat.pixels.shape[:2]
    back = through(Quad.box(0, 0, width, height), flat.to_photo)
    assert np.allclose(back.corners, quad.corners, atol=0.01)


def test_a_small_card_is_enlarged_and_a_large_one_reduced() -> None:
    small = flatten(np.zeros((300, 500, 3), np.uint8), Quad.box(0, 0, 300, 180))
    large = flatten(np.zeros((2000, 2400, 3), np.uint8), Quad.box(0, 0, 2400, 1400))
    assert (small.pixels.shape[1], large.pixels.shape[1]) == (900, 1500)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3, 4, -1])
def test_a_turned_card_keeps_its_way_to_the_photo(quarters: int) -> None:
    pixels = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    turned = FlatCard(pixels, np.eye(3)).turned(quarters)
    height, width = turned.pixels.shape[:2]
    # The middle of the pixel at the turned top left is the middle of a pixel with the same colour.
    ((x, y), *_) = through(Quad.box(0.5, 0.5, width - 0.5, height - 0.5), turned.to_photo).corners
    assert turned.pixels[0, 0].tolist() == pixels[int(y), int(x)].tolist()


def test_corners_are_put_in_the_order_of_reading() -> None:
    assert from_top_left(Quad.of([(10, 0), (10, 10), (0, 10), (0, 0)])) == Quad.box(0, 0, 10, 10)


def test_pale_print_in_half_shadow_is_spread_over_the_range() -> None:
    page = np.full((200, 400, 3), 120, np.uint8)
    page[:, 200:] = 60
    page[95:105, 20:380] -= 25
    even = spread(page)
    assert int(even[50, 100, 0]) - int(even[100, 100, 0]) > 60
    assert int(even[50, 300, 0]) - int(even[100, 300, 0]) > 60
