"""Where archives go and what encrypts them."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from mainstay.db.backup.settings import BackupSettings


def test_archives_go_into_the_data_folder_unless_another_is_named(tmp_path: Path) -> None:
    assert BackupSettings().place(tmp_path) == tmp_path / "backups"
    assert BackupSettings(folder=tmp_path / "away").place(Path("x")) == tmp_path / "away"


def test_a_short_key_is_refused_and_none_encrypts_nothing() -> None:
    assert BackupSettings().key_bytes() is None
    assert BackupSettings(key=SecretStr("k" * 32)).key_bytes() == b"k" * 32
    with pytest.raises(ValidationError):
        BackupSettings(key=SecretStr("k" * 31))
