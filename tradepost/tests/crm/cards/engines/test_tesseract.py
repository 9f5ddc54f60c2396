"""The system's engine: found, asked once for all lines, and honest when it fails."""

from pathlib import Path

import numpy as np
import pytest
from drawn_cards import bgr, draw_card

from tradepost.crm.cards.engines.port import EngineFailed
from tradepost.crm.cards.engines.tesseract import TesseractRecogniser
from tradepost.crm.cards.finding import find_cards
from tradepost.crm.cards.geometry import FlatCard, flatten
from tradepost.crm.cards.opening import open_photo


@pytest.fixture(scope="module")
def tesseract() -> TesseractRecogniser:
    found = TesseractRecogniser.installed()
    assert found is not None, "make test installs tesseract-ocr and tesseract-ocr-rus"
    return found


def script(folder: Path, body: str) -> str:
    """A program that takes the place of the real one."""
    path = folder / "tesseract"
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_whole_card_is_read_in_two_scripts(tesseract: TesseractRecogniser, russian_photo: bytes) -> None:
    photo = open_photo(russian_photo)
    card = flatten(photo.pixels, find_cards(photo.pixels)[0].quad)
    text = " ".join(line.text for line in tesseract.read(card).lines)
    assert "Главный инженер" in text
    assert "+7 916 765-43-21" in text


def test_lines_come_back_in_their_order_and_empty_where_nothing_is(tesseract: TesseractRecogniser) -> None:
    card = bgr(draw_card(ground="#202028", ink="white"))
    crops = [card[150:215, 40:700], np.full((40, 200, 3), 255, np.uint8), card[225:265, 40:400]]
    name, nothing, title = tesseract.read_lines(crops)
    assert (name.text, title.text) == ("Odalys Fennimore", "Sales Manager")
    assert name.confidence > 0.8
    assert (nothing.text, nothing.confidence) == ("", 0.0)


def test_no_lines_need_no_program() -> None:
    assert TesseractRecogniser("/nowhere/tesseract", ["rus"], "5").read_lines([]) == []


def test_the_version_names_release_and_languages(tesseract: TesseractRecogniser) -> None:
    assert tesseract.name == "tesseract"
    assert "+rus+eng+" in tesseract.version


def test_a_program_that_is_not_there_is_not_installed() -> None:
    assert TesseractRecogniser.installed("tesseract-of-nobody") is None


def test_a_program_without_russian_is_not_installed(tmp_path: Path) -> None:
    assert TesseractRecogniser.installed(script(tmp_path, "echo eng")) is None


def test_a_broken_program_is_not_installed(tmp_path: Path) -> None:
    assert TesseractRecogniser.installed(script(tmp_path, "exit 3")) is None


@pytest.mark.parametrize("body", ["exit 1", "exec sleep 60"])
def test_a_program_that_fails_or_hangs_is_an_engine_that_failed(tmp_path: Path, body: str) -> None:
    engine = TesseractRecogniser(script(tmp_path, body), ["rus"], "5", seconds=0.5)
    with pytest.raises(EngineFailed, match="did not answer"):
        engine.read(FlatCard(np.full((60, 60, 3), 255, np.uint8), np.eye(3)))
