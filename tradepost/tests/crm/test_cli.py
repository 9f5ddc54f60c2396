"""The command that reads cards, through the program's own command line."""

import json
from pathlib import Path

import pytest
from drawn_cards import TILTED, as_bytes, draw_card, photograph
from typer.testing import CliRunner

from mainstay.bootstrap.cli import create_cli
from mainstay.bootstrap.program import Program


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


@pytest.mark.parametrize("option", ["--json", "--vcard"])
def test_a_card_is_told_to_another_program(program: Program, photo: Path, option: str) -> None:
    code, out, _ = run(program, option, photo)
    assert code == 0
    if option == "--json":
        assert json.loads(out)["name"]["value"] == "Odalys Fennimore"
    else:
        assert "FN:Odalys Fennimore" in out.splitlines()


def test_one_form_is_told_at_a_time(program: Program, photo: Path) -> None:
    code, _, err = run(program, "--json", "--vcard", photo)
    assert code == 2
    assert "either --json or --vcard" in err
