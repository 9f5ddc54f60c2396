"""Finding cards: in perspective, several, on dark and light grounds, and scans that fill the frame."""

import cv2
import numpy as np
import pytest
from drawn_cards import TILTED, Place, bgr, draw_card, photograph

from tradepost.crm.cards.finding import find_cards
from tradepost.crm.cards.quad import Quad


def likeness(one: Quad, place: Place) -> float:
    """The common area as a share of the area of both."""
    a, b = np.array(one.corners, dtype=np.float32), np.array(place.corners, dtype=np.float32)
    common, _ = cv2.intersectConvexConvex(a, b)
    return float(common / (cv2.contourArea(a) + cv2.contourArea(b) - common))


@pytest.mark.parametrize(
    ("paper", "ink", "ground"),
    [
        ("white", "black", (70, 60, 55)),
        ("white", "black", (205, 200, 190)),
        ("#14141c", "white", (150, 150, 155)),
        ("#1c1c24", "white", (52, 46, 40)),
    ],
)
def test_a_tilted_card_is_found_on_its_ground(paper: str, ink: str, ground: tuple[int, int, int]) -> None:
    photo = photograph([(draw_card(ground=paper, ink=ink), TILTED)], ground=ground)
    (found,) = find_cards(bgr(photo))
    assert likeness(found.quad, TILTED) > 0.96
    assert found.score > 0.55


def test_corners_begin_at_the_top_left_and_run_clockwise() -> None:
    (found,) = find_cards(bgr(photograph([(draw_card(), TILTED)])))
    assert [round(x / 100) for x, _ in found.quad.corners] == [2, 12, 12, 2]


def test_several_cards_of_one_photo_come_from_the_top_left_on() -> None:
    places = [
        Place(((60, 60), (640, 40), (650, 380), (70, 400))),
        Place(((740, 60), (1330, 80), (1320, 420), (735, 400))),
        Place(((380, 560), (960, 560), (960, 900), (380, 900))),
    ]
    cards = [
        (draw_card(ground=ground, ink="black"), place)
        for ground, place in zip(["white", "#e8dcc0", "white"], places, strict=True)
    ]
    found = find_cards(bgr(photograph(cards)))
    assert [likeness(one.quad, place) > 0.93 for one, place in zip(found, places, strict=True)] == [True] * 3


def test_a_card_with_a_band_of_another_colour_is_found_whole() -> None:
    card = draw_card()
    card.paste("#501e78", (0, 0, 1000, 150))
    (found,) = find_cards(bgr(photograph([(card, TILTED)], ground=(120, 110, 90))))
    assert likeness(found.quad, TILTED) > 0.96


def test_a_scan_that_fills_the_frame_is_one_card() -> None:
    (found,) = find_cards(bgr(draw_card()))
    assert found.quad == Quad.box(0, 0, 1000, 580)
    assert found.score == 0


def test_an_empty_picture_is_taken_whole() -> None:
    (found,) = find_cards(np.full((600, 800, 3), 127, np.uint8))
    assert found.quad == Quad.box(0, 0, 800, 600)
