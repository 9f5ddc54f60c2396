"""The settings of storage: what a URL of a bucket must look like, and that a mistake stops the start."""

from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from mainstay.storage.settings import StorageSettings

URL = "s3://shop/deep/inside?endpoint=https://s3.example&region=eu-central-1"
KEY = SecretStr("the-key-of-the-bucket")


def test_a_bucket_is_read_from_its_url() -> None:
    bucket = StorageSettings(url=URL, key_id="ID", key=KEY).bucket()
    assert (bucket.name, bucket.prefix) == ("shop", "deep/inside")
    assert (bucket.endpoint, bucket.region) == ("https://s3.example", "eu-central-1")
    assert "the-key" not in repr(bucket)


@pytest.mark.parametrize(
    "url",
    [
        "https://s3.example/shop",
        "s3://shop",
        "s3://?endpoint=https://s3.example",
        "s3://shop?endpoint=ftp://s3.example",
        "s3://shop?endpoint=https://",
        "s3://id:key@shop?endpoint=https://s3.example",  # pragma: allowlist secret
        "s3://shop?endpoint=https://s3.example&verify=no",
    ],
)
def test_another_url_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match="it must look like"):
        StorageSettings(url=url, key_id="ID", key=KEY)


def test_a_bucket_without_its_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="needs its key"):
        StorageSettings(url=URL)


def test_without_a_url_files_lie_in_the_data_folder_or_where_it_is_said(tmp_path: Path) -> None:
    assert StorageSettings().place(tmp_path) == (tmp_path / "files").resolve()
    assert StorageSettings(folder=tmp_path / "other").place(tmp_path) == (tmp_path / "other").resolve()
