"""Where archives go and what encrypts them."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from mainstay.db.backup.settings import BackupSettings

URL = "s3://vault/deep?endpoint=https://s3.example"
KEY = SecretStr("the-key-of-the-bucket")


def test_archives_go_into_the_data_folder_unless_another_is_named(tmp_path: Path) -> None:
    assert BackupSettings().place(tmp_path).address == str(tmp_path / "backups")
    assert BackupSettings(folder=tmp_path / "away").place(Path("x")).address == str(tmp_path / "away")


def test_a_short_key_is_refused_and_none_encrypts_nothing() -> None:
    assert BackupSettings().key_bytes() is None
    assert BackupSettings(key=SecretStr("k" * 32)).key_bytes() == b"k" * 32
    with pytest.raises(ValidationError):
        BackupSettings(key=SecretStr("k" * 31))


def test_a_bucket_takes_the_folders_place() -> None:
    place = BackupSettings(url=URL, bucket_key_id="ID", bucket_key=KEY).place(Path("x"))

    assert place.address == "s3://vault/deep/archives"
    assert "of-the-bucket" not in repr(place)


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"url": "s3://vault", "bucket_key_id": "ID", "bucket_key": KEY}, "it must look like"),
        ({"url": URL, "bucket_key": KEY}, "a bucket needs its key"),
        ({"url": URL, "bucket_key_id": "ID"}, "a bucket needs its key"),
        ({"url": URL, "bucket_key_id": "ID", "bucket_key": KEY, "folder": Path("/x")}, "in a folder or in a bucket"),
    ],
)
def test_a_bucket_that_cannot_be_used_stops_the_start(given: dict[str, object], refusal: str) -> None:
    with pytest.raises(ValidationError, match=refusal):
        BackupSettings.model_validate(given)
