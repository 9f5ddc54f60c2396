"""The codes hold the address that they were made of; tradepost's journey reads one with a camera's eyes."""

import segno

from mainstay.bootstrap.lan.codes import picture, terminal_code

ADDRESS = "http://192.168.1.20:8080/"
BLOCKS = {" ": (1, 1), "▀": (0, 1), "▄": (1, 0), "█": (0, 0)}


def test_the_terminal_shows_every_module_of_the_code_light_on_dark() -> None:
    lines = terminal_code(ADDRESS).splitlines()

    drawn = [[BLOCKS[letter][half] for letter in line] for line in lines for half in (0, 1)]
    expected = [list(row) for row in segno.make(ADDRESS, error="m", micro=False).matrix_iter(border=2)]
    assert drawn[: len(expected)] == expected


def test_the_picture_is_dark_on_light_with_a_quiet_zone_and_runs_nothing() -> None:
    drawn = picture(ADDRESS).decode()

    assert drawn.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="')
    assert 'fill="#fff"' in drawn
    assert "script" not in drawn
