"""The engine of the wheel on drawn cards; each reading takes about a second, so there are few."""

import numpy as np
import pytest
from drawn_cards import LINES, bgr, draw_card

from tradepost.crm.cards.engines.chain import Chain
from tradepost.crm.cards.geometry import FlatCard


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_card_is_read_whichever_way_up_it_lies(chain: Chain, quarters: int) -> None:
    card = FlatCard(bgr(draw_card()), np.eye(3)).turned(quarters)
    read = chain.engines[0].read(card)
    assert {line.text.replace(" ", "") for line in read.lines} == {text.replace(" ", "") for text, _, _ in LINES}
    assert read.card.pixels.shape[:2] == (580, 1000)


def test_a_blank_card_has_no_lines(chain: Chain) -> None:
    card = FlatCard(np.full((580, 1000, 3), 255, np.uint8), np.eye(3))
    assert chain.engines[0].read(card).lines == ()


def test_the_version_changes_with_the_package(chain: Chain) -> None:
    assert chain.engines[0].name == "rapidocr"
    assert chain.engines[0].version.startswith("3.")
