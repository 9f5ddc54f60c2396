"""Four-cornered places."""

import pytest

from tradepost.crm.cards.quad import Quad

BOX = Quad.box(10, 20, 110, 60)


def test_a_box_knows_its_sides() -> None:
    assert (BOX.left, BOX.top, BOX.right, BOX.bottom) == (10, 20, 110, 60)
    assert (BOX.width, BOX.height, BOX.area) == (100, 40, 4000)


def test_the_area_of_a_turned_square_is_that_of_the_square() -> None:
    assert Quad.of([(0, 10), (10, 0), (20, 10), (10, 20)]).area == pytest.approx(200)


def test_a_piece_of_a_line_is_a_share_of_its_way() -> None:
    assert BOX.piece(0.25, 0.75) == Quad.box(35, 20, 85, 60)


def test_scaling_moves_all_corners() -> None:
    assert BOX.scaled(2) == Quad.box(20, 40, 220, 120)
