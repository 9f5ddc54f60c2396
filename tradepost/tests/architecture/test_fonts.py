"""Fonts for printed sheets are installed where that is allowed; nothing stops where it is not."""

from pathlib import Path

import pytest

from tools import fonts


def test_what_is_there_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    (tmp_path / "truetype").mkdir()
    (tmp_path / "truetype" / "NotoSansThai-Regular.ttf").touch()
    assert fonts.missing() == ["fonts-noto-cjk"]


def test_a_program_starts_without_fonts_that_cannot_be_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts, "FOLDER", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="fonts-noto-core"):
        fonts.need_fonts()
    fonts.main()
    assert "Going on without" in capsys.readouterr().out
