"""The command that reads cards, through the program's own command line."""

import json
from pathlib import Path

import pytest
from drawn_cards import TILTED, as_bytes, draw_card, photograph
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program
from tradepost.crm import cli
from tradepost.crm.cards.quad import Quad
from tradepost.crm.cards.reading import CardReading, FieldReading


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo of the drawn card."""
    path = tmp_path / "card.jpg"
    path.write_bytes(as_bytes(photograph([(draw_card(), TILTED)])))
    return path


def run(program: Program, *arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(create_cli(program), ["crm", "read-card", *map(str, arguments)])
    return result.exit_code, result.stdout, result.stderr


def test_a_card_is_told_in_words_and_a_file_that_is_none_with_its_reason(program: Program, photo: Path) -> None:
    other = photo.with_name("page.jpg")
    other.write_text("<html></html>", encoding="utf-8")
    code, out, err = run(program, photo, other)
    assert code == 1
    assert "name" in out
    assert "Odalys Fennimore" in out
    assert f"{other}: This is a web page." in err


def test_a_card_is_told_to_another_program(program: Program, photo: Path) -> None:
    code, out, _ = run(program, "--json", photo)
    assert code == 0
    told = json.loads(out)
    assert (told["file"], told["name"]["value"]) == (str(photo), "Odalys Fennimore")


def test_a_card_is_told_as_a_vcard(photo: Path) -> None:
    """Rule 32: version 4.0."""
    reading = CardReading(
        place=Quad.box(0, 0, 1, 1),
        certainty=0,
        width=1,
        height=1,
        lines=(),
        name=FieldReading("name", "Odalys Fennimore", 0.9),
        prefix="",
        title=None,
        department=None,
        company=None,
        phones=(),
        emails=(),
        websites=(),
        address=None,
        language="",
        engines="",
    )
    assert cli._as_vcard(photo, reading).splitlines()[:2] == ["BEGIN:VCARD", "VERSION:4.0"]
    assert "FN:Odalys Fennimore" in cli._as_vcard(photo, reading)


def test_one_form_is_told_at_a_time(program: Program, photo: Path) -> None:
    code, _, err = run(program, "--json", "--vcard", photo)
    assert code == 2
    assert "either --json or --vcard" in err
