"""The places for bytes that all tests of storage are run on: a folder, one with a second, and a real bucket."""

from datetime import timedelta
from pathlib import Path

import pytest
from bucket_server import KEY, KEY_ID, BucketServer
from pydantic import SecretStr

from mainstay.settings import Configuration, CoreSettings
from mainstay.storage.mirror import Second
from mainstay.storage.opening import storage_of
from mainstay.storage.settings import StorageSettings
from mainstay.storage.storage import Storage


@pytest.fixture
def bucket(bucket_server: BucketServer, tmp_path: Path) -> Storage:
    """A bucket that no other test uses."""
    url = bucket_server.url("deep/inside")
    settings = StorageSettings(url=url, key_id=KEY_ID, key=SecretStr(KEY))
    return storage_of(Configuration([CoreSettings(data_dir=tmp_path), settings]))


@pytest.fixture(params=["folder", "folder with a second one", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each place."""
    if request.param == "bucket":
        found: Storage = request.getfixturevalue("bucket")
        return found
    second = Second(tmp_path / "second", timedelta(days=7), ("content",)) if "second" in request.param else None
    return storage_of(Configuration([CoreSettings(data_dir=tmp_path), StorageSettings()]), second)
